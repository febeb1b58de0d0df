import { createHash } from "node:crypto";
import type { ProviderScope } from "./checked";
import type { Made } from "./made";
import { schemaOf, type Kind } from "./provider-schema";
import { nameOf, typeOf } from "./urn";
import { reveal, secret, UNKNOWN, wireProps, type Raw, type RawProps } from "./values";
import { arnOf } from "./arns";
import { idOf, specials } from "./ids";

/** Id and outputs of a created resource, as far as they follow from its inputs. */
export interface Physical {
  readonly id: string;
  readonly outputs: Record<string, Raw>;
}

const empty: Readonly<Record<Kind, Raw>> = { string: "", number: 0, boolean: false, list: [], map: {}, object: {} };

/**
 * Id and outputs of a deployed resource: the inputs, ids and ARNs in AWS's formats derived from the
 * URN, and from how often the resource was made before (`life`). Every other output that AWS always sets gets an empty value of the right type. Pure: the
 * same URN and inputs give the same result in every run and process.
 */
export function physical(urn: string, inputs: RawProps, scope: ProviderScope, life = 0): Physical {
  const type = typeOf(urn);
  const made: Made = {
    urn,
    type,
    logical: nameOf(urn),
    inputs,
    scope,
    digest: createHash("sha256")
      .update(life === 0 ? urn : `${urn} ${life}`)
      .digest("hex"),
    text: (property) => {
      const value = reveal(inputs[property]);
      return typeof value === "string" && value !== "" ? value : undefined;
    },
  };
  const arn = arnOf(made);
  const id = idOf(made, arn);
  const known: Record<string, Raw> = { ...echoed(urn, inputs), ...specials(made, id, arn) };
  const schema = schemaOf(type);
  for (const name of schema?.computed ?? []) known[name] ??= computedValue(name, made, id, arn);
  for (const [name, kind] of schema?.certain ?? []) known[name] ??= empty[kind];
  for (const name of schema?.secret ?? []) if (name in known) known[name] = marked(known[name] ?? null);
  return { id, outputs: known };
}

/**
 * A preview's outputs: the inputs, the tags that follow from them, and the unknown mark for every
 * output of the provider.
 */
export function planned(urn: string, inputs: RawProps): Record<string, Raw> {
  const outputs = echoed(urn, inputs);
  const schema = schemaOf(typeOf(urn));
  for (const name of schema?.computed ?? []) outputs[name] ??= UNKNOWN;
  for (const name of schema?.certain.keys() ?? []) outputs[name] ??= UNKNOWN;
  return outputs;
}

function echoed(urn: string, inputs: RawProps): Record<string, Raw> {
  const outputs = wireProps(inputs);
  const schema = schemaOf(typeOf(urn));
  if (schema?.computed.includes("tagsAll")) outputs["tagsAll"] = outputs["tags"] ?? {};
  return outputs;
}

const marked = (value: Raw): Raw => secret(reveal(value) ?? null);

function computedValue(name: string, made: Made, id: string, arn: string): Raw {
  if (name === "arn") return arn;
  const kind = schemaOf(made.type)?.certain.get(name) ?? "string";
  if (kind !== "string") return empty[kind];
  if (name === "ownerId" || name === "accountId" || name === "registryId") return made.scope.accountId;
  if (name.endsWith("Arn")) return `${arn}/${name.slice(0, -3)}`;
  return name.endsWith("Id") ? id : `${made.logical}-${name}-${made.digest.slice(0, 8)}`;
}
