import type { CostChange } from "./cost/document";
import type { Finding } from "./finding";
import type { PropertyChange } from "./property-changes";

/** Effect of a change: head against base. Part of the preview document when a base was given. */
export interface Comparison {
  /** The revision or folder, as the user named it. */
  readonly base: string;
  /**
   * The reason why nothing can be compared, such as a fault in the base's stack files; the document
   * then shows the whole preview.
   */
  readonly unavailable?: string;
  /** Effects of the change on people, in words. */
  readonly access: readonly AccessChange[];
  /** Stacks that were previewed on both sides, sorted by name. */
  readonly stacks: readonly StackDifference[];
  /** The reason why these stacks were previewed. */
  readonly reason: string;
  /** Stacks that the change cannot affect: not previewed. */
  readonly leftOut: readonly string[];
}

/** One sentence about one department or platform. */
export interface AccessChange {
  /** The stack's name. */
  readonly about: string;
  readonly text: string;
}

export interface StackDifference {
  readonly stack: string;
  /** `new`: only the head has its file; `removed`: only the base has. */
  readonly status: "new" | "removed" | "kept";
  /** URNs. */
  readonly added: readonly string[];
  readonly changed: readonly ResourceChange[];
  /**
   * The provider deletes the resource and creates another, since it cannot change these properties
   * in place.
   */
  readonly replaced: readonly ResourceChange[];
  readonly removed: readonly RemovedResource[];
  readonly newFindings: readonly Finding[];
  readonly goneFindings: readonly Finding[];
  /** Monthly cost on both sides. */
  readonly cost: CostChange;
}

export interface ResourceChange {
  readonly urn: string;
  readonly properties: readonly PropertyChange[];
  /** Paths of the properties that force a replacement; empty for a change in place. */
  readonly forcedBy: readonly string[];
  /** The replaced resource stays in the account, outside of the stack. */
  readonly retained: boolean;
}

export interface RemovedResource {
  readonly urn: string;
  /** The resource stays in the account, outside of the stack. */
  readonly retained: boolean;
  /** A KMS key's alias, which is removed with it. */
  readonly alias?: string;
}
