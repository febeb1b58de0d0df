import type { Answer } from "./answer";
import type * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type { Registered } from "./monitor";
import { levelOf, severityOf, type EnforcementLevel, type PolicyInfo, type PolicyPack } from "./pack-client";
import { analyzeRequest, analyzeStackRequest, providersOf } from "./pack-messages";
import { propsOf } from "./structs";
import { mapValues, type RawProps } from "./values";

/** One thing a policy found. */
export interface Finding {
  readonly policy: string;
  readonly urn: string;
  readonly level: EnforcementLevel | "exempt";
  readonly severity: PolicyInfo["severity"];
  readonly message: string;
  readonly remedy?: string;
  readonly source?: string;
  readonly exemption?: { readonly ticket: string; readonly expires: string };
  readonly undeterminable?: true;
}

/** URNs per outcome of one policy. Most policies do not apply to most resources: those are only counted. */
export interface Evidence {
  readonly passed: string[];
  readonly violated: string[];
  readonly exempt: string[];
  readonly undeterminable: string[];
  notApplicable: number;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  /** Per policy, how often it was judged, applied and found nothing. Every enabled policy is named. */
  readonly passed: Readonly<Record<string, number>>;
  readonly evidence: Readonly<Record<string, Evidence>>;
  /** Inputs that the pack changed, by URN: what would be registered. */
  readonly remediated: ReadonlyMap<string, RawProps>;
}

/** Requests under way at once: below 16 the pack idles between answers, above 64 nothing is gained. */
const IN_FLIGHT = 32;

/**
 * Has the pack judge a stack as the engine would: each resource that the program makes by its inputs, remediated first where a policy is
 * set to, then all resources together, those it only reads included.
 */
export async function judge(pack: PolicyPack, resources: readonly Registered[], region: string): Promise<Verdict> {
  const enabled = pack.policies().filter((policy) => policy.level !== "disabled");
  const evidence = Object.fromEntries(enabled.map((policy) => [policy.name, emptyEvidence()]));
  const entriesOf = (kind: PolicyInfo["kind"]): [string, Evidence][] =>
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
  const record = (urn: string, kind: PolicyInfo["kind"], { diagnostics, notApplicable }: Answer): void => {
    const found = diagnostics.map((diagnostic) => findingOf(diagnostic, urn, sources));
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
  for (const entry of Object.values(evidence))
    for (const list of [entry.violated, entry.exempt, entry.undeterminable])
      list.splice(0, list.length, ...new Set(list));
  return { findings, passed: mapValues(evidence, (entry) => entry.passed.length), evidence, remediated };
}

const emptyEvidence = (): Evidence => ({ passed: [], violated: [], exempt: [], undeterminable: [], notApplicable: 0 });

const listFor = (entry: Evidence | undefined, finding: Finding): string[] | undefined =>
  finding.level === "exempt" ? entry?.exempt : finding.undeterminable ? entry?.undeterminable : entry?.violated;

const EXEMPT = /^\[exempt (\S+) until (\d{4}-\d{2}-\d{2})\] /;
const UNDETERMINABLE = /^\[undeterminable\] /;
/** What the SDK's own server writes when a rule reads an unknown value. */
const UNREADABLE = /^can't run policy '.*' from policy pack '.*' during preview: /;
const REMEDY = "\nRemedy: ";

/** Reads a diagnostic: the pack marks exempt and undeterminable findings, and packs description, finding and remedy into one text. */
export function findingOf(
  diagnostic: analyzer.AnalyzeDiagnostic,
  urn: string,
  sources: ReadonlyMap<string, string | undefined>,
): Finding {
  // The SDK puts the description before what a rule reports; our pack puts its marks before the description.
  const described = `${diagnostic.getDescription()}\n`;
  const bare = (text: string): string => (text.startsWith(described) ? text.slice(described.length) : text);
  const text = bare(diagnostic.getMessage());
  const exempt = EXEMPT.exec(text);
  const undeterminable = UNDETERMINABLE.test(text) || UNREADABLE.test(text);
  const told = bare(text.replace(EXEMPT, "").replace(UNDETERMINABLE, ""));
  const cut = told.lastIndexOf(REMEDY);
  const subject = diagnostic.getUrn() || urn;
  const source = sources.get(subject);
  return {
    policy: diagnostic.getPolicyname(),
    urn: subject,
    level: exempt === null ? levelOf(diagnostic.getEnforcementlevel()) : "exempt",
    severity: severityOf(diagnostic.getSeverity()),
    message: cut < 0 ? told : told.slice(0, cut),
    ...(cut >= 0 && { remedy: told.slice(cut + REMEDY.length) }),
    ...(source !== undefined && { source }),
    ...(exempt !== null && { exemption: { ticket: exempt[1] ?? "", expires: exempt[2] ?? "" } }),
    ...(undeterminable && { undeterminable: true as const }),
  };
}

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

/** Runs `work` over all items, so many at once, and stops at the first failure. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
