export { planBackend, plansPrefix, type Backend } from "./backend";
export { applyCommand, renderTemplate } from "./render";
export { bootstrapStack, planTemplate } from "./template";
