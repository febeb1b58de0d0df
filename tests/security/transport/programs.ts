import { parse } from "yaml";
import type { DocumentResource } from "../../../offline/in-process";
import { fetchedFiles } from "../../support/set-up";

/** What the checks read of a resource. */
export type Planned = Pick<DocumentResource, "urn" | "type" | "name" | "id" | "inputs" | "outputs" | "raw">;

/** A container, function, build or host, and what it is told. */
export interface Program {
  readonly name: string;
  readonly kind: "container" | "function" | "build" | "host";
  /** Environment, with the values of secrets that the plan makes; a file of a host by its path. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of settings whose value only AWS or a function knows. */
  readonly injected: readonly string[];
  /** Command, entry point and health check, as one text each. */
  readonly commands: readonly string[];
  /** TCP ports that its network interface takes, as the plan declares them. */
  readonly ports: readonly number[];
}

const ofType = (resources: readonly Planned[], type: string) => resources.filter((each) => each.type === type);

/** A value in wire form without the marks of secrets. */
const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "value" in value ? value.value : value;

/** Texts of the plan's secrets, by ARN. */
function secretTexts(resources: readonly Planned[]): ReadonlyMap<string, string> {
  return new Map(
    ofType(resources, "aws:secretsmanager/secretVersion:SecretVersion").map(({ raw }) => [
      String(plain(raw.inputs["secretId"])),
      String(plain(raw.inputs["secretString"])),
    ]),
  );
}

interface Named {
  readonly name: string;
  readonly value: string;
}
interface Definition {
  readonly name: string;
  readonly environment?: readonly Named[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly healthCheck?: { readonly command: readonly string[] };
  readonly portMappings?: readonly { readonly containerPort: number }[];
}

/** The value behind `ARN` or `ARN:KEY::`; undefined where the plan does not make it. */
function secretValue(valueFrom: string, texts: ReadonlyMap<string, string>): string | undefined {
  const [, arn = "", key] = /^((?:[^:]+:){6}[^:]+)(?::([A-Za-z_]+)::)?$/.exec(valueFrom) ?? [];
  const text = texts.get(arn);
  if (text === undefined || key === undefined) return text;
  return (JSON.parse(text) as Readonly<Record<string, string>>)[key];
}

const byName = (list: readonly Named[] = []) => Object.fromEntries(list.map(({ name, value }) => [name, value]));

/** Containers of a task definition. */
export function containersOf(definition: Planned, resources: readonly Planned[]): readonly Program[] {
  const texts = secretTexts(resources);
  return (JSON.parse(String(definition.inputs["containerDefinitions"])) as readonly Definition[]).map((each) => {
    const secrets = (each.secrets ?? []).map(({ name, valueFrom }) => [name, secretValue(valueFrom, texts)] as const);
    const known = secrets.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
    return {
      name: `${definition.name}/${each.name}`,
      kind: "container" as const,
      settings: { ...byName(each.environment), ...Object.fromEntries(known) },
      injected: secrets.map(([name]) => name),
      commands: [each.entryPoint, each.command, each.healthCheck?.command].flatMap((words) => words?.join(" ") ?? []),
      ports: (each.portMappings ?? []).map(({ containerPort }) => containerPort),
    };
  });
}

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
  readonly runcmd: readonly (readonly string[])[];
}

/** A host: its files by path, and the variables of its environment files. */
export function hostOf({ name, inputs }: Planned, resources: readonly Planned[]): Program {
  const userData = String(inputs["userData"]);
  const { write_files: written, runcmd } = parse(userData) as CloudConfig;
  const files = [...written, ...fetchedFiles(userData, resources)];
  const variables = files
    .filter(({ path }) => path.endsWith(".env"))
    .flatMap(({ content }) => [...content.matchAll(/^(?:export )?([A-Z_]+)='(.*)'$/gm)])
    .map(([, key = "", value = ""]) => [key, value]);
  const published = files.flatMap(({ content }) => [...content.matchAll(/--publish (?:\d+:)?(\d+)/g)]);
  return {
    name,
    kind: "host",
    settings: Object.fromEntries([...files.map(({ path, content }) => [path, content]), ...variables]) as Record<
      string,
      string
    >,
    injected: [],
    commands: runcmd.map((words) => words.join(" ")),
    ports: published.map(([, port]) => Number(port)),
  };
}

/** Everything of a plan that runs code of ours or for us. */
export function programsOf(resources: readonly Planned[]): readonly Program[] {
  const environmentOf = (value: unknown) =>
    (value as { readonly variables?: Readonly<Record<string, string>> } | undefined)?.variables ?? {};
  const simple = { injected: [], commands: [], ports: [] };
  return [
    ...ofType(resources, "aws:ecs/taskDefinition:TaskDefinition").flatMap((each) => containersOf(each, resources)),
    ...ofType(resources, "aws:ec2/instance:Instance").map((each) => hostOf(each, resources)),
    ...ofType(resources, "aws:lambda/function:Function").map(({ name, inputs }) => ({
      ...simple,
      name,
      kind: "function" as const,
      settings: environmentOf(inputs["environment"]),
    })),
    ...ofType(resources, "aws:codebuild/project:Project").map(({ name, inputs }) => ({
      ...simple,
      name,
      kind: "build" as const,
      settings: byName((inputs["environment"] as { environmentVariables?: readonly Named[] }).environmentVariables),
      commands: [(inputs["source"] as { buildspec: string }).buildspec],
    })),
  ];
}
