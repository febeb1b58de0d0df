import list from "./prices.json";

/** One price: the title of AWS's page, the unit, and the price by region or everywhere. */
interface Price {
  readonly page: string;
  readonly unit: string;
  /** False: entered by hand without the page at hand. A review compares it with the page. */
  readonly confirmed: boolean;
  /** US dollars a unit, by region. */
  readonly usd?: Readonly<Partial<Record<string, number>>>;
  /** US dollars a unit in every region. */
  readonly everywhere?: number;
}

/** Name of a price in prices.json. */
export type PriceItem = keyof typeof list.items;

/** The day on which the prices were entered, `YYYY-MM-DD`. */
export const pricesEntered: string = list.entered;

/** Every price, by name. */
export const prices: Readonly<Record<string, Price>> = list.items;

/** Regions without prices of their own: another region's, times a factor that is an estimate. */
const estimates: Readonly<Partial<Record<string, { readonly of: string; readonly factor: number }>>> = list.regions;

/** US dollars a unit in a region, with the estimate that it rests on. */
export interface RegionalPrice {
  readonly usd: number;
  readonly unit: string;
  readonly page: string;
  readonly confirmed: boolean;
  /** Present for a price by estimate, such as `us-east-1 × 1.2`. */
  readonly estimate?: string;
}

/** The price of an item in a region. Undefined where the table holds none: never zero. */
export function priceOf(item: string, region: string): RegionalPrice | undefined {
  const price = prices[item];
  if (price === undefined) return undefined;
  const { unit, page, confirmed, everywhere } = price;
  if (everywhere !== undefined) return { usd: everywhere, unit, page, confirmed };
  const own = price.usd?.[region];
  if (own !== undefined) return { usd: own, unit, page, confirmed };
  const from = estimates[region];
  const base = from && price.usd?.[from.of];
  if (from === undefined || base === undefined) return undefined;
  return { usd: base * from.factor, unit, page, confirmed, estimate: `${from.of} × ${from.factor}` };
}
