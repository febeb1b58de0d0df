import type { Share } from "./rules";

/** A month of one stack, or of several, in US dollars. Part of the preview document. */
export interface CostSums {
  /** What the stack costs by standing. */
  readonly fixed: number;
  /** What its declared developers cost, whether they work or not. */
  readonly developers: number;
  /** What the assumed use costs. Tokens of models are not in it. */
  readonly use: number;
  readonly total: number;
}

/** Charges of one heading at one price. */
export interface CostLine {
  readonly what: string;
  readonly share: Share;
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  /** US dollars a unit. */
  readonly unitUsd: number;
  /** US dollars a month. */
  readonly usd: number;
  /** Present for a price by estimate, such as `us-east-1 × 1.2`. */
  readonly estimate?: string;
}

/** What has no price: it is missing from the sums, and never zero in them. */
export interface UnknownCost {
  /** A resource type, or a price by name. */
  readonly what: string;
  readonly reason: string;
  /** Logical names. */
  readonly names: readonly string[];
}

/** The monthly cost of one stack. */
export interface StackCost extends CostSums {
  readonly region: string;
  /** Number of developers declared in the stack. */
  readonly people: number;
  /** By heading and share. */
  readonly lines: readonly CostLine[];
  readonly unknown: readonly UnknownCost[];
  /** Model spend a month at which the gateway stops, in US dollars. It comes on top. */
  readonly modelBudgetUsd: number;
}

/** Cost of one stack on both sides of a change; a side without the stack costs nothing. */
export interface CostChange {
  readonly before?: StackCost;
  readonly after?: StackCost;
}
