import { createRequire } from "node:module";
import type { Server, sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import type * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { diagnosticOf, type Diagnostic, type Enforcement } from "./diagnostic";
import type { ExemptionBook } from "./exemption-book";
import { judgeResource, judgeStack, judgeViews, settings, type Judgement } from "./judge";
import type { Severity } from "./finding";
import { appliesTo, isStackPolicy, type Policy, type ResourcePolicy } from "./policy";
import type { Value } from "./value";
import { isForeign } from "./other-providers";
import { asStated, ResourceView, StackView, viewsOf, type ResourceFacts } from "./view";
import { decode } from "./wire";

// The very modules the policy SDK uses: messages of another copy would be refused.
const sdkRequire = createRequire(require.resolve("@pulumi/policy"));
const grpc = sdkRequire("@grpc/grpc-js") as { Server: { prototype: Server } };
const messages = sdkRequire("@pulumi/pulumi/proto/analyzer_pb") as typeof proto;

type Handler = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => void;
type Handlers = Record<string, Handler>;

/**
 * Starts the SDK's server and answers the three calls here that determine a run's time and safety.
 * Analyze looks up the policies of a resource's type and reads its inputs once for all of them.
 * AnalyzeStack reads the resources once, and Configure refuses unknown names. The SDK answers the
 * other calls. Its own server gives the same verdicts, only slower.
 * @param start constructs the PolicyPack
 */
export function servePack(
  pack: { name: string; version: string; policies: readonly Policy[]; book: ExemptionBook },
  start: () => unknown,
): void {
  const prototype = grpc.Server.prototype;
  const addService = Object.getOwnPropertyDescriptor(prototype, "addService");
  prototype.addService = function (this: Server, service, handlers) {
    const analyzer = new Analyzer(pack);
    const routed = analyzer.handlers(handlers as unknown as Handlers);
    (addService?.value as Server["addService"]).call(this, service, routed);
  };
  try {
    start();
  } finally {
    if (addService) Object.defineProperty(prototype, "addService", addService);
  }
}

interface Run {
  readonly enforcement: Enforcement;
  readonly config: Value;
}

/**
 * The policies of one resource type, and the part of the answer that names those which do not
 * apply.
 */
interface Route {
  readonly policies: readonly ResourcePolicy[];
  readonly others: Uint8Array;
}

/** The calls of the analyzer service that are answered here. */
export class Analyzer {
  private readonly routes = new Map<string, Route>();
  /**
   * The inputs of each resource analyzed, by URN: in a preview the stack shows outputs, and most of
   * those are not known yet.
   */
  private readonly inputs = new Map<string, ReturnType<proto.AnalyzeRequest["getProperties"]>>();
  private runs = new Map<string, Run>();
  private readonly resourcePolicies: readonly ResourcePolicy[];
  /** Stack policies, and resource policies with a part that needs the stack. */
  private readonly stackPolicies: readonly Policy[];

  constructor(
    private readonly pack: { name: string; version: string; policies: readonly Policy[]; book: ExemptionBook },
  ) {
    this.stackPolicies = pack.policies.filter((policy) => isStackPolicy(policy) || policy.settle !== undefined);
    this.resourcePolicies = pack.policies.filter((policy): policy is ResourcePolicy => !isStackPolicy(policy));
    this.configure(new Map());
  }

  handlers(sdk: Handlers): Handlers {
    return {
      ...sdk,
      analyze: answering((request: proto.AnalyzeRequest) => this.analyze(request)),
      analyzeStack: answering((request: proto.AnalyzeStackRequest) => this.analyzeStack(request)),
      configure: (call, callback) => {
        const given = (call.request as proto.ConfigureAnalyzerRequest).getPolicyconfigMap();
        const fault = this.faultOf(given);
        if (fault !== undefined) {
          callback(new Error(fault));
          return;
        }
        this.configure(given);
        sdk["configure"]?.(call, callback);
      },
    };
  }

  private faultOf(given: ReadonlyMapLike<proto.PolicyConfig>): string | undefined {
    const faults: string[] = [];
    given.forEach((config, name) => {
      // Pulumi's keyword for every policy. The engine has already applied it, and passes it on as
      // well.
      if (name === "all") return;
      const policy = this.pack.policies.find((candidate) => candidate.name === name);
      if (policy === undefined) {
        faults.push(`no policy is called ${JSON.stringify(name)}`);
        return;
      }
      const known = Object.keys(policy.config ?? {});
      for (const key of Object.keys(config.getProperties()?.toJavaScript() ?? {})) {
        if (!known.includes(key))
          faults.push(`policy ${name} has no setting ${JSON.stringify(key)}; it has ${known.join(", ") || "none"}`);
      }
    });
    return faults.length === 0 ? undefined : `Policy configuration refused: ${faults.join("; ")}.`;
  }

  private configure(given: ReadonlyMapLike<proto.PolicyConfig>): void {
    this.runs = new Map(
      this.pack.policies.map((policy) => {
        const config = given.get(policy.name);
        const properties = config?.getProperties()?.toJavaScript() as Record<string, unknown> | undefined;
        return [
          policy.name,
          {
            enforcement: config ? enforcementOf(config.getEnforcementlevel()) : policy.level,
            config: settings(policy, properties),
          },
        ];
      }),
    );
    this.routes.clear();
  }

  private runOf(policy: Policy): Run {
    return this.runs.get(policy.name) ?? { enforcement: policy.level, config: settings(policy) };
  }

  private route(type: string): Route {
    let route = this.routes.get(type);
    if (route === undefined) {
      const enabled = this.resourcePolicies.filter((policy) => this.runOf(policy).enforcement !== "disabled");
      const others = enabled
        .filter((policy) => !appliesTo(policy, type))
        .map((policy) => notApplicable(policy, "it does not judge this type"));
      route = {
        policies: enabled.filter((policy) => appliesTo(policy, type)),
        others: answer([], others).serializeBinary(),
      };
      this.routes.set(type, route);
    }
    return route;
  }

  private analyze(request: proto.AnalyzeRequest): proto.AnalyzeResponse {
    this.inputs.set(request.getUrn(), request.getProperties());
    if (isForeign(request.getType())) return this.analyzeForeign(request);
    const { policies, others } = this.route(request.getType());
    if (policies.length === 0) return withConstant(answer([], []), others);
    const resource = new ResourceView(factsOf(request, decode(request.getProperties()?.toJavaScript())));
    const judge = (policy: ResourcePolicy, config: Value) => judgeResource(policy, resource, config);
    return withConstant(
      this.judged(policies, judge, () => resource),
      others,
    );
  }

  /** A resource of another provider, whose policies follow from what it holds. */
  private analyzeForeign(request: proto.AnalyzeRequest): proto.AnalyzeResponse {
    const views = viewsOf(factsOf(request, decode(request.getProperties()?.toJavaScript())));
    const applies = (policy: ResourcePolicy): boolean => views.some(({ type }) => appliesTo(policy, type));
    const policies = this.resourcePolicies.filter(applies);
    const others = this.resourcePolicies
      .filter((policy) => this.runOf(policy).enforcement !== "disabled" && !applies(policy))
      .map((policy) => notApplicable(policy, "it does not judge this type"));
    const judge = (policy: ResourcePolicy, config: Value) => judgeViews(policy, views, config);
    const response = this.judged(policies, judge, () => views[0]);
    response.setNotApplicableList([...response.getNotApplicableList(), ...others]);
    return response;
  }

  private analyzeStack(request: proto.AnalyzeStackRequest): proto.AnalyzeResponse {
    const resources = request.getResourcesList().flatMap((resource) => {
      const outputs = decode(resource.getProperties()?.toJavaScript());
      const stated = asStated(outputs, decode(this.inputs.get(resource.getUrn())?.toJavaScript()));
      return viewsOf(factsOf(resource, stated));
    });
    const stack = new StackView(resources);
    return this.judged(
      this.stackPolicies,
      (policy, config) => judgeStack(policy, stack, config),
      (urn) => stack.find(urn),
    );
  }

  /**
   * The answer of those policies that are not disabled.
   * @param find the resource of a finding
   */
  private judged<P extends Policy>(
    policies: readonly P[],
    judge: (policy: P, config: Value) => Judgement,
    find: (urn: string) => ResourceView | undefined,
  ): proto.AnalyzeResponse {
    const diagnostics: proto.AnalyzeDiagnostic[] = [];
    const skipped: proto.PolicyNotApplicable[] = [];
    for (const policy of policies) {
      const { enforcement, config } = this.runOf(policy);
      if (enforcement === "disabled") continue;
      const judgement = judge(policy, config);
      for (const finding of judgement.findings) {
        const diagnostic = diagnosticOf(policy, finding, enforcement, this.pack.book, find(finding.urn));
        diagnostics.push(this.messageOf(diagnostic, policy.description));
      }
      if (judgement.notApplicable !== undefined) skipped.push(notApplicable(policy, judgement.notApplicable));
    }
    return answer(diagnostics, skipped);
  }

  private messageOf({ finding, level, message }: Diagnostic, description: string): proto.AnalyzeDiagnostic {
    const { ADVISORY, MANDATORY } = messages.EnforcementLevel;
    return new messages.AnalyzeDiagnostic()
      .setPolicyname(finding.policy)
      .setPolicypackname(this.pack.name)
      .setPolicypackversion(this.pack.version)
      .setDescription(description)
      .setMessage(message)
      .setEnforcementlevel(level === "mandatory" ? MANDATORY : ADVISORY)
      .setUrn(finding.urn)
      .setSeverity(SEVERITIES[finding.severity]);
  }
}

interface ReadonlyMapLike<T> {
  forEach(visit: (value: T, key: string) => void): void;
  get(key: string): T | undefined;
}

const SEVERITIES: Record<Severity, proto.PolicySeverity> = {
  low: messages.PolicySeverity.POLICY_SEVERITY_LOW,
  medium: messages.PolicySeverity.POLICY_SEVERITY_MEDIUM,
  high: messages.PolicySeverity.POLICY_SEVERITY_HIGH,
  critical: messages.PolicySeverity.POLICY_SEVERITY_CRITICAL,
};

function enforcementOf(level: proto.EnforcementLevel): Enforcement {
  const { ADVISORY, MANDATORY, REMEDIATE } = messages.EnforcementLevel;
  return level === ADVISORY
    ? "advisory"
    : level === MANDATORY
      ? "mandatory"
      : level === REMEDIATE
        ? "remediate"
        : "disabled";
}

function answer(diagnostics: proto.AnalyzeDiagnostic[], skipped: proto.PolicyNotApplicable[]): proto.AnalyzeResponse {
  const response = new messages.AnalyzeResponse();
  response.setDiagnosticsList(diagnostics);
  response.setNotApplicableList(skipped);
  return response;
}

/**
 * Appends the serialized part that is the same for every resource of a type. Serialized protobuf
 * messages join by concatenation, so that long part is built once per type.
 */
function withConstant(response: proto.AnalyzeResponse, others: Uint8Array): proto.AnalyzeResponse {
  response.serializeBinary = () =>
    Buffer.concat([messages.AnalyzeResponse.prototype.serializeBinary.call(response), others]);
  return response;
}

function notApplicable(policy: Policy, reason: string): proto.PolicyNotApplicable {
  const message = new messages.PolicyNotApplicable();
  message.setPolicyName(policy.name);
  message.setReason(reason);
  return message;
}

function answering(handle: (request: never) => unknown): Handler {
  return (call, callback) => {
    try {
      callback(null, handle(call.request as never));
    } catch (error) {
      // Reached only by a request that is no request; its text may hold secrets, so it is not
      // repeated.
      callback(
        new Error(`the policy pack could not read the request (${error instanceof Error ? error.name : typeof error})`),
      );
    }
  };
}

function factsOf(request: proto.AnalyzeRequest | proto.AnalyzerResource, inputs: unknown): ResourceFacts {
  const options = request.getOptions();
  const provider = request.getProvider();
  const inStack = request instanceof messages.AnalyzerResource ? request : undefined;
  const propertyDependencies: Record<string, string[]> = {};
  inStack?.getPropertydependenciesMap().forEach((list, key) => (propertyDependencies[key] = list.getUrnsList()));
  return {
    type: request.getType(),
    name: request.getName(),
    urn: request.getUrn(),
    inputs,
    options: {
      protect: options?.getProtect() ?? false,
      parent: inStack?.getParent() || (options?.getParent() ?? ""),
      ignoreChanges: options?.getIgnorechangesList() ?? [],
      additionalSecretOutputs: options?.getAdditionalsecretoutputsList() ?? [],
    },
    ...(provider === undefined
      ? {}
      : {
          provider: {
            type: provider.getType(),
            name: provider.getName(),
            inputs: decode(provider.getProperties()?.toJavaScript()),
          },
        }),
    ...(inStack === undefined ? {} : { dependencies: inStack.getDependenciesList(), propertyDependencies }),
  };
}
