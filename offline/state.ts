import type { Registered } from "./monitor";
import { nameOf } from "./urn";
import { isObject, mapValues, secret, signatures, SIGNATURE, UNKNOWN, type Raw, type RawProps } from "./values";

/** Deployed state of one stack. */
export interface DeployedStack {
  readonly stack: string;
  readonly resources: readonly Registered[];
  readonly outputs: RawProps;
}

/** The file is no exported state; the message names the missing part. */
export class StateError extends Error {
  override readonly name = "StateError";
}

/**
 * Reads the output of `pulumi stack export`. Default providers and resources that await deletion
 * are left out. A secret that the export keeps encrypted is an unknown secret.
 * @param text the export, JSON
 * @param file its name in a fault
 */
export function readState(text: string, file: string): DeployedStack {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw new StateError(`${file}: found no JSON; give it what \`pulumi stack export\` prints`);
  }
  const deployment = isObject(state) ? state["deployment"] : undefined;
  const list = isObject(deployment) ? deployment["resources"] : undefined;
  if (!Array.isArray(list))
    throw new StateError(`${file}: found no deployment.resources; give it what \`pulumi stack export\` prints`);
  const resources = (list as readonly Raw[]).filter(isObject).filter(isAudited).map(registered);
  const root = resources.find((resource) => resource.type === "pulumi:pulumi:Stack");
  const stack = root?.urn.split(/:/)[2];
  if (root === undefined || stack === undefined)
    throw new StateError(
      `${file}: found no resource of type pulumi:pulumi:Stack; a stack that was never deployed has nothing to audit`,
    );
  return { stack, resources, outputs: root.outputs };
}

type Entry = Readonly<Record<string, Raw>>;

const isAudited = (entry: Entry): boolean =>
  entry["delete"] !== true && !/^urn:[^$]*::pulumi:providers:\w+::default(_\d+_\d+_\d+.*)?$/.test(text(entry["urn"]));

function registered(entry: Entry): Registered {
  const flag = (key: string): boolean => entry[key] === true;
  return {
    urn: text(entry["urn"]),
    type: text(entry["type"]),
    name: nameOf(text(entry["urn"])),
    parent: text(entry["parent"]),
    custom: flag("custom"),
    external: flag("external"),
    id: text(entry["id"]),
    inputs: props(entry["inputs"]),
    outputs: props(entry["outputs"]),
    provider: text(entry["provider"]),
    dependencies: texts(entry["dependencies"]).sort(),
    propertyDependencies: isObject(entry["propertyDependencies"])
      ? mapValues(entry["propertyDependencies"], texts)
      : {},
    options: {
      protect: flag("protect"),
      retainOnDelete: flag("retainOnDelete"),
      ignoreChanges: texts(entry["ignoreChanges"]),
      replaceOnChanges: texts(entry["replaceOnChanges"]),
      additionalSecretOutputs: texts(entry["additionalSecretOutputs"]),
      aliases: texts(entry["aliases"]),
      customTimeouts: { create: "", update: "", delete: "" },
    },
  };
}

const text = (value: Raw | undefined): string => (typeof value === "string" ? value : "");
const texts = (value: Raw | undefined): string[] => (Array.isArray(value) ? value.map(text) : []);
const props = (value: Raw | undefined): RawProps => {
  // `__defaults` is the provider bridge's own note of the defaults it set.
  const { __defaults: _, ...rest } = isObject(value) ? value : {};
  return mapValues(rest, readable);
};

/**
 * An export marks a secret's text as `plaintext` (JSON) or `ciphertext`; the wire has a `value`.
 */
function readable(value: Raw): Raw {
  if (Array.isArray(value)) return value.map(readable);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] !== signatures.secret) return mapValues(value, readable);
  const plaintext = value["plaintext"];
  return secret(typeof plaintext === "string" ? readable(JSON.parse(plaintext) as Raw) : (value["value"] ?? UNKNOWN));
}
