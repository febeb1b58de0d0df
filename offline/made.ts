import type { ProviderScope } from "./checked";
import type { RawProps } from "./values";

/** A created resource, as input of the id and ARN formats. `inputs` are checked. */
export interface Made {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly logical: string;
  readonly inputs: RawProps;
  readonly scope: ProviderScope;
  /** Hexadecimal digest of the URN, in place of AWS's random part. */
  readonly digest: string;
  /** An input as text, or undefined when absent or not text. */
  readonly text: (property: string) => string | undefined;
}
