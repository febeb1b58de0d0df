import type { ProviderScope } from "./checked";
import type { RawProps } from "./values";

/** A created resource, as the formats of ids and ARNs see it. `inputs` are checked. */
export interface Made {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly logical: string;
  readonly inputs: RawProps;
  readonly scope: ProviderScope;
  /** Hexadecimal digest of the URN: what AWS would draw at random. */
  readonly digest: string;
  /** An input as text, or undefined when absent or not text. */
  readonly text: (property: string) => string | undefined;
}
