import type * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { findingOf, type Finding } from "./finding";
import type { Registered } from "./monitor";
import type { PolicyInfo, PolicyPack } from "./pack-client";
import { analyzeRequest, analyzeStackRequest, providersOf } from "./pack-messages";
import { propsOf } from "./structs";
import { mapValues, type RawProps } from "./values";

/**
 * URNs per outcome of one policy. Most policies do not apply to most resources: those are only
 * counted.
 */
export interface PolicyEvidence {
  readonly passed: string[];
  readonly violated: string[];
  readonly exempt: string[];
  readonly undeterminable: string[];
  notApplicable: number;
}

/** A pack's judgement of one stack. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** Per policy, how often it was judged, applied and found nothing. Lists every enabled policy. */
  readonly passed: Readonly<Record<string, number>>;
  readonly evidence: Readonly<Record<string, PolicyEvidence>>;
  /** Inputs that the pack changed, by URN, as they would be registered. */
  readonly remediated: ReadonlyMap<string, RawProps>;
}

/** Concurrent requests: below 16 the pack idles between answers, above 64 nothing is gained. */
const IN_FLIGHT = 32;

/**
 * Runs the policy pack over a stack as the engine would. It judges each created resource by its
 * inputs, after remediation where a policy is set to. Then it judges all resources together,
 * including those that the program only reads.
 */
export async function judge(pack: PolicyPack, resources: readonly Registered[], region: string): Promise<Verdict> {
  const enabled = pack.policies().filter((policy) => policy.level !== "disabled");
  const evidence = Object.fromEntries(enabled.map((policy) => [policy.name, emptyEvidence()]));
  const entriesOf = (kind: PolicyInfo["kind"]): [string, PolicyEvidence][] =>
    enabled
      .filter((policy) => policy.kind === kind)
      .flatMap(({ name }) => {
        const entry = evidence[name];
        return entry === undefined ? [] : [[name, entry]];
      });
  const entries = { resource: entriesOf("resource"), stack: entriesOf("stack") };
  const providerOf = providersOf(resources, region);
  const sources = new Map(resources.map((resource) => [resource.urn, resource.source]));
  const findings: Finding[] = [];
  const remediated = new Map<string, RawProps>();
  const record = (urn: string, kind: PolicyInfo["kind"], answer: analyzer.AnalyzeResponse): void => {
    const found = answer.getDiagnosticsList().map((diagnostic) => findingOf(diagnostic, urn, sources));
    const notApplicable = new Set(answer.getNotApplicableList().map((skipped) => skipped.getPolicyName()));
    findings.push(...found);
    const named = new Set(found.map((finding) => finding.policy));
    for (const [name, entry] of entries[kind]) {
      if (named.has(name)) continue;
      if (notApplicable.has(name)) entry.notApplicable += 1;
      else entry.passed.push(urn);
    }
    for (const finding of found) listFor(evidence[finding.policy], finding)?.push(finding.urn);
  };

  const remediates = enabled.some((policy) => policy.level === "remediate");
  await inParallel(
    resources.filter((resource) => !resource.external),
    async (resource) => {
      let inputs = resource.inputs;
      if (remediates) {
        const answer = await pack.remediate(analyzeRequest(resource, inputs, providerOf));
        for (const remediation of answer.getRemediationsList()) {
          findings.push(remediationOf(remediation, resource, pack));
          if (!remediation.hasProperties()) continue;
          inputs = propsOf(remediation.getProperties());
          remediated.set(resource.urn, inputs);
        }
      }
      record(resource.urn, "resource", await pack.analyze(analyzeRequest(resource, inputs, providerOf)));
    },
  );
  const stackUrn = resources.find((resource) => resource.type === "pulumi:pulumi:Stack")?.urn ?? "";
  record(stackUrn, "stack", await pack.analyzeStack(analyzeStackRequest(resources, providerOf)));
  for (const entry of Object.values(evidence)) {
    for (const list of [entry.violated, entry.exempt, entry.undeterminable])
      list.splice(0, list.length, ...new Set(list));
    // A policy may judge a resource again when it sees the whole stack.
    const found = new Set([...entry.violated, ...entry.exempt, ...entry.undeterminable]);
    entry.passed.splice(0, entry.passed.length, ...entry.passed.filter((urn) => !found.has(urn)));
  }
  return { findings, passed: mapValues(evidence, (entry) => entry.passed.length), evidence, remediated };
}

const emptyEvidence = (): PolicyEvidence => ({
  passed: [],
  violated: [],
  exempt: [],
  undeterminable: [],
  notApplicable: 0,
});

const listFor = (entry: PolicyEvidence | undefined, finding: Finding): string[] | undefined =>
  finding.level === "exempt" ? entry?.exempt : finding.undeterminable ? entry?.undeterminable : entry?.violated;

function remediationOf(remediation: analyzer.Remediation, resource: Registered, pack: PolicyPack): Finding {
  const changed = remediation.hasProperties();
  return {
    policy: remediation.getPolicyname(),
    urn: resource.urn,
    level: changed ? "remediate" : "advisory",
    severity: pack.policies().find((policy) => policy.name === remediation.getPolicyname())?.severity ?? "",
    message: changed ? "the pack sets this itself" : remediation.getDiagnostic(),
    ...(resource.source !== undefined && { source: resource.source }),
    ...(!changed && { undeterminable: true as const }),
  };
}

/** Runs `work` over all items with limited concurrency, and stops at the first failure. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
