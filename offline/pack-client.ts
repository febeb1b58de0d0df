import path from "node:path";
import { createInterface } from "node:readline";
import { credentials, Metadata } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { buildPack, PackError } from "./pack-build";
import { MAX_MESSAGE_BYTES } from "./serve";
import { end, spawnNode } from "./spawn";
import { structOf } from "./structs";
import type { RawProps } from "./values";

export type EnforcementLevel = "advisory" | "mandatory" | "disabled" | "remediate";

/** A pack's metadata of one policy. */
export interface PolicyInfo {
  readonly name: string;
  readonly description: string;
  /** The pack's level, or the configured one. */
  readonly level: EnforcementLevel;
  readonly kind: "resource" | "stack";
  readonly severity: "critical" | "high" | "medium" | "low" | "";
  readonly tags: readonly string[];
  readonly framework?: { readonly name: string; readonly version?: string; readonly reference?: string };
  readonly remediation?: string;
  readonly url?: string;
  /** Names of the configurable properties. */
  readonly configurable: readonly string[];
}

/**
 * By policy name, as in Pulumi's policy config file: a level, or settings with an
 * `enforcementLevel` among them. `all` sets every level.
 */
export type PolicyConfig = Readonly<Record<string, EnforcementLevel | Readonly<Record<string, unknown>>>>;

/** A running policy pack. */
export interface PolicyPack {
  readonly name: string;
  /** The latest configuration. */
  readonly policies: () => readonly PolicyInfo[];
  /**
   * Sets levels and settings for later judgements; policies that the configuration does not name
   * keep the pack's defaults.
   */
  readonly configure: (config: PolicyConfig) => Promise<void>;
  readonly analyze: (request: analyzer.AnalyzeRequest) => Promise<analyzer.AnalyzeResponse>;
  readonly analyzeStack: (request: analyzer.AnalyzeStackRequest) => Promise<analyzer.AnalyzeResponse>;
  readonly remediate: (request: analyzer.AnalyzeRequest) => Promise<analyzer.RemediateResponse>;
  readonly close: () => Promise<void>;
}

/** Time-out of a call in seconds: a rule that hangs must not hang the preview. */
const CALL_SECONDS = 120;
/** Lifetime of a pack in seconds, far above any preview: a pack serves one. */
const PACK_SECONDS = 3600;

const { ADVISORY, MANDATORY, DISABLED, REMEDIATE } = analyzer.EnforcementLevel;
const codes: Readonly<Record<EnforcementLevel, analyzer.EnforcementLevel>> = {
  advisory: ADVISORY,
  mandatory: MANDATORY,
  disabled: DISABLED,
  remediate: REMEDIATE,
};
const LEVELS = Object.keys(codes) as readonly EnforcementLevel[];
const SEVERITIES = ["", "low", "medium", "high", "critical"] as const;

/**
 * Builds the pack when its build is stale, starts it as the engine does, and configures its
 * defaults.
 */
export async function startPack(folder: string): Promise<PolicyPack> {
  await buildPack(folder);
  const server = await boot(folder);
  const client = new AnalyzerClient(`127.0.0.1:${server.port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const call =
    <Request, Response>(method: Method<Request, Response>) =>
    (request: Request): Promise<Response> =>
      new Promise((resolve, reject) =>
        method.call(
          client,
          request,
          new Metadata(),
          { deadline: Date.now() + CALL_SECONDS * 1000 },
          (error, response) =>
            error === null
              ? resolve(response)
              : reject(new PackError(`the policy pack did not answer: ${error.details}${server.said()}`)),
        ),
      );
  const close = async (): Promise<void> => {
    client.close();
    await server.close();
  };
  try {
    const info = await call(client.getAnalyzerInfo.bind(client))(new Empty());
    const declared = info.getPoliciesList().map(policyInfo);
    let policies: readonly PolicyInfo[] = declared;
    const configure = async (config: PolicyConfig): Promise<void> => {
      const wanted = withLevels(declared, config);
      await call(client.configure.bind(client))(configureRequest(wanted, config));
      policies = wanted;
    };
    await configure({});
    return {
      name: info.getName(),
      policies: () => policies,
      configure,
      analyze: call(client.analyze.bind(client)),
      analyzeStack: call(client.analyzeStack.bind(client)),
      remediate: call(client.remediate.bind(client)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: { details: string } | null, response: Response) => void,
) => unknown;

/** Starts the SDK's own runner in the pack's folder; it prints the port it listens on. */
async function boot(folder: string): Promise<{ port: string; said: () => string; close: () => Promise<void> }> {
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  // The first argument is the engine's address, which a pack does not need.
  const child = spawnNode([path.dirname(runner), "127.0.0.1:1", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    seconds: PACK_SECONDS,
  });
  const errors: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const said = (): string => (errors.length === 0 ? "" : `\n${errors.join("").trim()}`);
  const close = (): Promise<void> => end(child);
  if (child.stdout === null) throw new PackError("the policy pack has no standard output");
  const lines = createInterface({ input: child.stdout });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      lines.on("line", (line) => {
        if (/^\d+$/.test(line)) resolve(line);
      });
      child.once("error", reject);
      child.once("close", () => reject(new PackError(`the policy pack in ${folder} did not start${said()}`)));
    });
    return { port, said, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function policyInfo(info: analyzer.PolicyInfo): PolicyInfo {
  const framework = info.getFramework();
  const version = framework?.getVersion() ?? "";
  const reference = framework?.getReference() ?? "";
  return {
    name: info.getName(),
    description: info.getDescription(),
    level: levelOf(info.getEnforcementlevel()),
    kind: info.getPolicyType() === analyzer.PolicyType.POLICY_TYPE_STACK ? "stack" : "resource",
    severity: severityOf(info.getSeverity()),
    tags: info.getTagsList(),
    configurable: Object.keys(info.getConfigschema()?.getProperties()?.toJavaScript() ?? {}),
    ...(framework !== undefined && {
      framework: { name: framework.getName(), ...(version && { version }), ...(reference && { reference }) },
    }),
    ...(info.getRemediationSteps() && { remediation: info.getRemediationSteps() }),
    ...(info.getUrl() && { url: info.getUrl() }),
  };
}

export const levelOf = (level: analyzer.EnforcementLevel): EnforcementLevel =>
  LEVELS.find((name) => codes[name] === level) ?? "mandatory";
export const severityOf = (severity: analyzer.PolicySeverity): PolicyInfo["severity"] => SEVERITIES[severity];

function withLevels(policies: readonly PolicyInfo[], config: PolicyConfig): PolicyInfo[] {
  return policies.map((policy) => {
    const given = config[policy.name];
    const asked = typeof given === "string" ? given : (given?.["enforcementLevel"] ?? config["all"]);
    if (asked === undefined) return policy;
    const level = LEVELS.find((known) => known === asked);
    if (level === undefined)
      throw new PackError(
        `policy config of ${policy.name}: found level ${JSON.stringify(asked)}; allowed ${LEVELS.join(", ")}`,
      );
    return { ...policy, level };
  });
}

function configureRequest(policies: readonly PolicyInfo[], config: PolicyConfig): analyzer.ConfigureAnalyzerRequest {
  const request = new analyzer.ConfigureAnalyzerRequest();
  const levels = new Map(policies.map((policy) => [policy.name, policy.level]));
  // An unknown name is passed to the pack, which refuses it.
  for (const name of new Set([...levels.keys(), ...Object.keys(config)])) {
    if (name === "all") continue;
    const message = new analyzer.PolicyConfig();
    message.setEnforcementlevel(codes[levels.get(name) ?? "mandatory"]);
    const given = config[name];
    const { enforcementLevel: _, ...settings } = typeof given === "object" ? given : {};
    message.setProperties(structOf(settings as RawProps));
    request.getPolicyconfigMap().set(name, message);
  }
  return request;
}
