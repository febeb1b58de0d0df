export { assumptions } from "./assumptions";
export type { CostLine, CostSums, StackCost, UnknownCost } from "./document";
export { addSums, planStackCost, type CostedStack } from "./estimate";
export { priceOf, prices, pricesEntered } from "./price-list";
export { renderCost, type CostReport, type NamedCost, type TierPrice } from "./text";
