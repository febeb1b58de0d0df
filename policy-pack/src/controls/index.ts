import type { Policy } from "../frame/policy";

/** The wider controls of the services this system uses, by area. */
export const controls: readonly Policy[] = [];
