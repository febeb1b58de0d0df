export * from "./model";
export * from "./names";
export * from "./tags";
