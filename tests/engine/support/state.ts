import { isAbsolute, join } from "node:path";
import {
  documentValue,
  isObject,
  mapValues,
  SIGNATURE,
  signatures,
  type Raw,
  type RawProps,
} from "../../../offline/values";

/** A resource as the engine knows it, in the preview document's notation: `[unknown]`, `[secret]`, assets as hashes. */
export interface EngineResource {
  readonly urn: string;
  readonly type: string;
  readonly parent: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** The cloud's; a component has none. */
  readonly id?: string;
  readonly parent?: string;
  readonly inputs?: RawProps;
  readonly outputs?: RawProps;
  readonly retainOnDelete?: boolean;
}

/** What `pulumi stack export` prints. */
export interface Deployment {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly resource: StateResource; readonly type: string }[];
  };
}

interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly newState?: StateResource;
}

export const deploymentOf = (stdout: string): Deployment => JSON.parse(stdout) as Deployment;

/** The resources of an exported state, default providers and the stack itself left out; sorted by URN. */
export const fromState = (state: Deployment, project: string): EngineResource[] =>
  normalized(state.deployment.resources ?? [], project);

/** The resources that `pulumi preview --json` says will be, default providers and the stack itself left out; sorted by URN. */
export function fromPreview(stdout: string, project: string): EngineResource[] {
  const { steps } = JSON.parse(stdout) as { steps: readonly PreviewStep[] };
  return normalized(
    steps.flatMap(({ newState }) => (newState === undefined ? [] : [newState])),
    project,
  );
}

/** Steps of `pulumi preview --json` other than `same`: `update URN`, sorted. */
export function changesIn(stdout: string): string[] {
  const { steps } = JSON.parse(stdout) as { steps: readonly PreviewStep[] };
  return steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn }) => `${op} ${urn}`)
    .sort();
}

/** A resource that no program names: the provider that the engine makes for a package. */
export const isDefaultProvider = (urn: string): boolean => /::pulumi:providers:\w+::default/.test(urn);

function normalized(resources: readonly StateResource[], project: string): EngineResource[] {
  return resources
    .filter(({ urn, type }) => !isDefaultProvider(urn) && type !== "pulumi:pulumi:Stack")
    .map(({ urn, type, parent = "", inputs = {} }) => ({
      urn,
      type,
      parent,
      inputs: mapValues(type.startsWith("pulumi:providers:") ? own(inputs) : inputs, (value) =>
        documentValue(located(value, project)),
      ),
    }))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** A provider's inputs without what the engine adds. */
const own = ({ version: _version, __internal: _internal, ...inputs }: RawProps): RawProps => inputs;

/** A state file holds secrets as ciphertext and assets by their path from the project. */
function located(value: Raw, project: string): Raw {
  if (Array.isArray(value)) return value.map((item: Raw) => located(item, project));
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === signatures.secret) return { [SIGNATURE]: signatures.secret, value: "" };
  const file = value["path"];
  const isAsset = value[SIGNATURE] === signatures.asset || value[SIGNATURE] === signatures.archive;
  const inner = mapValues(value, (item) => located(item, project));
  return isAsset && typeof file === "string" && !isAbsolute(file) ? { ...inner, path: join(project, file) } : inner;
}

/** How two lists of resources differ, one line for each difference; empty when they agree. Values that differ are shown shortened. */
export function differences(
  engine: readonly EngineResource[],
  offline: readonly Pick<EngineResource, "urn" | "parent" | "inputs">[],
): string[] {
  const theirs = new Map(engine.map((resource) => [resource.urn, resource]));
  const ours = new Map(offline.map((resource) => [resource.urn, resource]));
  const lines: string[] = [];
  for (const urn of [...new Set([...theirs.keys(), ...ours.keys()])].sort()) {
    const [a, b] = [theirs.get(urn), ours.get(urn)];
    if (a === undefined) lines.push(`offline only: ${urn}`);
    else if (b === undefined) lines.push(`engine only: ${urn}`);
    else {
      if (a.parent !== b.parent) lines.push(`${urn} parent: engine ${a.parent}, offline ${b.parent}`);
      for (const name of [...new Set([...Object.keys(a.inputs), ...Object.keys(b.inputs)])].sort()) {
        const [x, y] = [canonical(a.inputs[name]), canonical(asEngine(b.inputs[name]))];
        if (x !== y) lines.push(`${urn} ${name}: engine ${brief(x)}, offline ${brief(y)}`);
      }
    }
  }
  return lines;
}

/** The offline preview keeps the structure of a JSON text around an unknown value; to the engine the whole text is unknown. */
const asEngine = (value: unknown): unknown => (isPartlyKnown(value) ? "[unknown]" : value);

/** Whether a value is a text of which a preview knows a part. */
export const isPartlyKnown = (value: unknown): boolean => typeof value === "string" && value.includes("[unknown]");

const brief = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

/** JSON with sorted keys; absent and null are the same to a provider. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) =>
    isObject(item)
      ? Object.fromEntries(
          Object.entries(item)
            .filter(([, inner]) => inner !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : item,
  );
}
