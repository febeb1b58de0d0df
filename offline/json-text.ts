import type * as pulumi from "@pulumi/pulumi";
import { isObject, mapValues, UNKNOWN } from "./values";

type Output = pulumi.Output<unknown> & {
  apply(run: (value: unknown) => unknown, runWithUnknowns: boolean): pulumi.Output<string>;
  readonly isSecret: Promise<boolean>;
};

/** The SDK, with what its types leave out. */
interface Sdk {
  readonly output: (value: unknown) => Output;
  readonly isUnknown: (value: unknown) => boolean;
  jsonStringify: typeof pulumi.jsonStringify;
}

/** Replaces unknown values inside a document by the protocol's mark. */
function marked(value: unknown, isUnknown: Sdk["isUnknown"]): unknown {
  if (isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item) => marked(item, isUnknown));
  if (!isObject(value) || "toJSON" in value) return value;
  return mapValues(value, (item) => marked(item, isUnknown));
}

/**
 * Makes `pulumi.jsonStringify` keep what a preview knows of a document: its text then holds the
 * protocol's mark in the place of each unknown value, and the policies judge the rest. The engine
 * has no such text: there, one unknown value makes the whole text unknown. That is why only this
 * monitor does so, and why no program sends the mark to a provider. A text with a secret stays
 * unknown as a whole.
 *
 * @returns puts the SDK's own function back
 */
export function keepStructure(): () => void {
  // The live module: an `import` gets a copy of its properties.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const sdk = require("@pulumi/pulumi") as Sdk;
  const original = sdk.jsonStringify;
  sdk.jsonStringify = (value, replacer, space) => {
    const whole = sdk.output(value);
    return whole.apply(async (known) => {
      if (sdk.isUnknown(known) || (await whole.isSecret)) return original(value, replacer, space);
      return JSON.stringify(marked(known, sdk.isUnknown), replacer as (this: unknown) => unknown, space);
    }, true);
  };
  return () => {
    sdk.jsonStringify = original;
  };
}
