import { assumptions, priceOf, type CostLine, type StackCost } from "../../reports";
import before from "./before.json";
import type { ExampleCosts } from "./example";
import { departmentSize } from "./organization";

const region = "ap-northeast-1";
/** Developers in the tables. */
const sizes = [10, 50, 250] as const;
const { hours } = assumptions;
/** Zones of the example. */
const zones = 2;
/** GB that a developer's machine moves a month through a NAT gateway: packages, models, AWS. */
const natGbPerDeveloper = 10;

interface Month {
  readonly fixed: number;
  readonly developers: number;
  readonly use: number;
}

type RecordedLine = Pick<CostLine, "share" | "quantity"> & { readonly item: string };

function usdOf(item: string): number {
  const price = priceOf(item, region);
  if (price === undefined) throw new Error(`no price of ${item} in ${region}`);
  return price.usd;
}

/** Sums of recorded quantities at today's prices. */
function priced(lines: readonly RecordedLine[]): Month {
  const of = (share: string): number =>
    lines.reduce((sum, line) => sum + (line.share === share ? line.quantity * usdOf(line.item) : 0), 0);
  return { fixed: of("fixed"), developers: of("developer"), use: of("use") };
}

const plus = (...months: readonly Month[]): Month => ({
  fixed: months.reduce((sum, { fixed }) => sum + fixed, 0),
  developers: months.reduce((sum, { developers }) => sum + developers, 0),
  use: months.reduce((sum, { use }) => sum + use, 0),
});
const times = (count: number, { fixed, developers, use }: Month): Month => ({
  fixed: count * fixed,
  developers: count * developers,
  use: count * use,
});

interface Variant {
  readonly name: string;
  /** The month of an organization with so many developers. */
  readonly of: (developers: number) => Month;
}

function variants({ platform, shared, alone, gateway }: ExampleCosts): readonly Variant[] {
  const departments = (developers: number): number => developers / departmentSize;
  const together = (developers: number): Month => plus(platform, times(departments(developers), shared));
  const endpoints = platform.lines
    .filter(({ item }) => item === "interface-endpoint")
    .reduce((sum, { usd }) => sum + usd, 0);
  const machines = shared.lines
    .filter(({ item, share }) => share === "use" && item.startsWith("instance-"))
    .reduce((sum, { usd }) => sum + usd * (hours / assumptions.workspaceHours - 1), 0);
  const nat = (developers: number): Month => ({
    fixed: zones * hours * usdOf("nat-gateway") - endpoints,
    developers: 0,
    use: developers * natGbPerDeveloper * usdOf("nat-data"),
  });
  const was = { platform: priced(recorded.platform), shared: priced(recorded.shared), alone: priced(recorded.alone) };
  return [
    { name: "departments share", of: together },
    {
      name: "departments stand alone",
      of: (developers) => plus(platform, times(departments(developers), alone)),
    },
    { name: "NAT gateway per zone, no endpoints", of: (developers) => plus(together(developers), nat(developers)) },
    {
      name: "a gateway for each department",
      of: (developers) => plus(together(developers), times(departments(developers) - 1, gateway)),
    },
    {
      name: "workspaces that always run",
      of: (developers) =>
        plus(together(developers), { fixed: 0, developers: 0, use: departments(developers) * machines }),
    },
    {
      name: "before the savings, shared",
      of: (developers) => plus(was.platform, times(departments(developers), was.shared)),
    },
    {
      name: "before the savings, alone",
      of: (developers) => plus(was.platform, times(departments(developers), was.alone)),
    },
  ];
}

const recorded = before.stacks as unknown as Readonly<Record<"platform" | "shared" | "alone", readonly RecordedLine[]>>;

const amount = (usd: number): string => usd.toLocaleString("en-US", { maximumFractionDigits: 0 });
const cents = (usd: number): string => usd.toFixed(2);

/** The tables of docs/costs.md. */
export function costTables(example: ExampleCosts): string {
  const rows = variants(example).map(({ name, of }) => {
    const months = sizes.map((size) => ({ size, ...of(size) }));
    const total = months.map(({ fixed, developers, use }) => amount(fixed + developers + use));
    return `| ${[name, ...total, ...months.map(({ fixed, size }) => cents(fixed / size))].join(" | ")} |`;
  });
  return [
    `| ${["", ...sizes.map((size) => `${size} developers`), ...sizes.map((size) => `fixed each, ${size}`)].join(" | ")} |`,
    `| --- |${" ---: |".repeat(sizes.length * 2)}`,
    ...rows,
    "",
    "| fixed, a month | before | now | saved |",
    "| --- | ---: | ---: | ---: |",
    ...savings(example.platform),
  ].join("\n");
}

/** Fixed lines of the platform that changed. */
function savings(platform: StackCost): string[] {
  const sums = (lines: readonly { readonly what: string; readonly share: string; readonly usd: number }[]) => {
    const found = new Map<string, number>();
    for (const { what, share, usd } of lines) if (share === "fixed") found.set(what, (found.get(what) ?? 0) + usd);
    return found;
  };
  const lines = before.stacks.platform.map((line) => ({ ...line, usd: line.quantity * usdOf(line.item) }));
  const [was, is] = [sums(lines), sums(platform.lines)];
  const line = (what: string, from: number, to: number): string =>
    `| ${[what, cents(from), cents(to), cents(from - to)].join(" | ")} |`;
  const total = (each: ReadonlyMap<string, number>): number => [...each.values()].reduce((sum, usd) => sum + usd, 0);
  return [
    ...[...was]
      .filter(([what, usd]) => cents(usd) !== cents(is.get(what) ?? 0))
      .map(([what, usd]) => line(what, usd, is.get(what) ?? 0)),
    line("everything of the platform", total(was), total(is)),
  ];
}

const marks = ["<!-- made by tools/costs: begin -->", "<!-- made by tools/costs: end -->"] as const;

/** The page with its tables renewed. @throws Error when the page lacks the marks */
export function withTables(page: string, tables: string): string {
  const [begin, end] = marks.map((mark) => page.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error(`docs/costs.md: found no ${marks.join(" and ")}; put both back around the tables`);
  return `${page.slice(0, begin + marks[0].length)}\n\n${tables}\n\n${page.slice(end)}`;
}
