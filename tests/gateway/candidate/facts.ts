import path from "node:path";
import { spawnSync } from "node:child_process";
import { planConfiguration } from "../../../components/gateway/configuration";
import { migrationContainers, serviceContainers } from "../../../components/gateway/containers";
import { containerPlan } from "../../../components/gateway/gateway-service";
import { planConfig } from "../../../components/gateway/litellm-config";
import { contextOf } from "../../../components/context-of";
import { configurationPlan } from "../../../compose";
import { catalogueModel, gatewayExtras, gatewayRoutes, modelNames } from "../../../config";
import { platformSpec } from "../../support/specs";
import type { Container } from "../support/gateway";

/** Sections of LiteLLM's configuration, as facts.py knows their declared keys. */
export const sections = [
  "general_settings",
  "litellm_params",
  "litellm_settings",
  "model_info",
  "router_settings",
] as const;
export type Section = (typeof sections)[number];

/** What this project uses of LiteLLM, from the generated configuration and task definitions. */
export interface Used {
  /** Routes that the edge lets through to LiteLLM: `METHOD /path`. */
  readonly routes: readonly string[];
  /** Keys of the configuration by section. */
  readonly keys: Readonly<Record<Section, readonly string[]>>;
  /** LiteLLM's own variables in its container. */
  readonly variables: readonly string[];
  /** Options of its command line. */
  readonly options: readonly string[];
  /** Ids in LiteLLM's price map, and what of a dollar a token the catalogue pins for each. */
  readonly prices: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What facts.py prints. */
export interface Facts {
  readonly packages: Readonly<Record<string, string>>;
  readonly routes: readonly string[];
  readonly settings: Readonly<Record<Section, Readonly<Record<string, string>>>>;
  /** Whether a word stands in LiteLLM's source, as a text or a name that is set. */
  readonly read: Readonly<Record<string, boolean>>;
  readonly environment: readonly string[];
  readonly command: Readonly<Record<string, string>>;
  readonly prices: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  readonly hook: Readonly<Record<string, string>>;
}

/** Variables of the container that are not LiteLLM's: AWS's, Python's, OpenTelemetry's, the hook's own. */
const others = /^(?:AWS_|CLINE_|OTEL_|PYTHON|HOME$|ARTIFACT_BUCKET$)/;

export function usedByThisProject(): Used {
  const spec = platformSpec();
  if (spec.gateway === undefined) throw new Error("the platform has no gateway");
  const plan = configurationPlan(spec, spec.gateway);
  const config = planConfig(plan);
  const containers = containerPlan(contextOf(spec), {
    imageDigest: spec.images.gateway,
    configuration: planConfiguration(plan),
    secrets: { masterKey: "arn:a", salt: "arn:b", connections: "arn:c" },
  });
  const litellm = [serviceContainers(containers), migrationContainers(containers)].map(
    ([, second]) => second as unknown as Container,
  );
  const variables = litellm.flatMap(({ environment, secrets }) => [...environment, ...secrets].map(({ name }) => name));
  const unique = (names: readonly string[]) => [...new Set(names)].sort();
  return {
    routes: gatewayRoutes(gatewayExtras).map(
      ({ method, path: own, answeredFrom }) => `${method} ${answeredFrom ?? own}`,
    ),
    keys: {
      general_settings: Object.keys(config.general_settings),
      litellm_params: unique(config.model_list.flatMap(({ litellm_params: own }) => Object.keys(own))),
      litellm_settings: Object.keys(config.litellm_settings),
      model_info: unique(config.model_list.flatMap(({ model_info: own }) => Object.keys(own))),
      router_settings: Object.keys(config.router_settings),
    },
    variables: unique(variables.filter((name) => !others.test(name))),
    options: unique(litellm.flatMap(({ command }) => command.filter((word) => word.startsWith("--")))),
    prices: pinnedPrices(),
  };
}

function pinnedPrices(): Used["prices"] {
  const dollars = (perMillion: number) => perMillion / 1e6;
  return Object.fromEntries(
    modelNames.flatMap((name) => {
      const { id, prices } = catalogueModel(name);
      return Object.entries(prices).map(([residency, price]) => [
        `${residency}.${id}`,
        {
          input_cost_per_token: dollars(price.input),
          output_cost_per_token: dollars(price.output),
          cache_read_input_token_cost: dollars(price.cacheRead),
          cache_creation_input_token_cost: dollars(price.cacheWrite),
          ...(price.cacheWriteHour !== undefined && {
            cache_creation_input_token_cost_above_1hr: dollars(price.cacheWriteHour),
          }),
        },
      ]);
    }),
  );
}

/** Asks the LiteLLM of an interpreter; half a minute. @throws Error with its output when it answers nothing. */
export function factsOf(python: string, used: Used): Facts {
  const question = {
    hook: path.join(__dirname, "../../../components/gateway/hook/cline_gateway"),
    words: [...Object.values(used.keys).flat(), ...used.variables],
    models: Object.keys(used.prices),
  };
  const run = spawnSync(python, [path.join(__dirname, "facts.py")], {
    input: JSON.stringify(question),
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: "/tmp", PYTHONDONTWRITEBYTECODE: "1" },
    timeout: 600_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(`facts.py failed:\n${run.stderr.slice(-4000)}`);
  return JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as Facts;
}
