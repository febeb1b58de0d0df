export * from "./document";
export { renderText, type TextOptions } from "./text";
export { isRefused, outcomeOf, sayVerdict, verdictOf, type Outcome, type Verdict } from "./verdict";
export { nameOf, resourceTitle, typeName, typeOf } from "./names";
