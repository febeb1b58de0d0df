import { gzipSync } from "node:zlib";
import type { Log } from "sarif";
import { canonical, type PolicyMetadata, type PreviewDocument } from "../document";
import { rankOf } from "../finding-groups";
import { count } from "../names";
import { outcomeOf } from "../outcome";
import { faultResult, faultRule } from "./fault";
import { fingerprints } from "./fingerprint";
import { limits } from "./limits";
import { resultOf, type RuleResult } from "./result";
import { ruleOf } from "./rule";

const schema = "https://json.schemastore.org/sarif-2.1.0.json";

type Policies = ReadonlyMap<string, PolicyMetadata>;

/** A result with its rank; a lower one is worse. */
interface Ranked {
  readonly result: RuleResult;
  readonly rank: number;
}

/**
 * SARIF 2.1.0 for GitHub code scanning. A mandatory violation is an error and an advisory a
 * warning. A check that cannot be judged before deployment is an open result, and an exempt finding
 * a suppressed one. A finding without a source line points at its stack's file. Above code
 * scanning's limits the worst results are kept, and a notification gives the number of the others.
 */
export function renderSarif(document: PreviewDocument): string {
  const known: Policies = new Map(canonical(document).policies?.map((policy) => [policy.name, policy]));
  const results = resultsOf(document, known);
  let keep = Math.min(results.length, limits.resultsPerRun);
  for (;;) {
    const log = logOf(worst(results, keep), results.length - keep, known);
    const text = `${JSON.stringify(log, null, 2)}\n`;
    // A text within the limit is also within it when compressed.
    const bytes = Buffer.byteLength(text) <= limits.gzipBytes ? 0 : gzipSync(text).length;
    if (bytes <= limits.gzipBytes || keep === 0) return text;
    keep = Math.floor(keep * Math.min(0.9, limits.gzipBytes / bytes));
  }
}

function resultsOf(document: PreviewDocument, known: Policies): readonly Ranked[] {
  const fingerprint = fingerprints();
  const { stacks, faults = [] } = canonical(document);
  const ofFaults = faults.map((fault): Ranked => ({ result: faultResult(fault, fingerprint), rank: -1 }));
  const ofFindings = stacks.flatMap(({ stack, violations }) =>
    violations.flatMap((finding): Ranked[] => {
      const outcome = outcomeOf(finding);
      if (outcome === "disabled") return [];
      const result = resultOf(stack, finding, known.get(finding.policy), fingerprint);
      return [{ result, rank: rankOf({ outcome, severity: finding.severity }) }];
    }),
  );
  return [...ofFaults, ...ofFindings];
}

/** The worst results up to the limit, in the given order. */
function worst(results: readonly Ranked[], keep: number): readonly Ranked[] {
  if (keep >= results.length) return results;
  const kept = new Set([...results].sort((a, b) => a.rank - b.rank).slice(0, keep));
  return results.filter((result) => kept.has(result));
}

function logOf(results: readonly Ranked[], omitted: number, known: Policies): Log {
  const used = new Set(results.map(({ result }) => result.ruleId));
  const unused = [...known.keys()].filter((id) => !used.has(id));
  const ids = [...used, ...unused].slice(0, limits.rulesPerRun).sort();
  const index = new Map(ids.map((id, position) => [id, position]));
  const rules = ids.map((id) => (id === faultRule.id ? faultRule : ruleOf(id, known.get(id))));
  const note = `${count(omitted, "finding")} of the least weight left out: code scanning takes no larger file.`;
  return {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Cline Landing Zone policy pack", rules } },
        ...(omitted > 0 && {
          invocations: [
            { executionSuccessful: true, toolExecutionNotifications: [{ level: "note", message: { text: note } }] },
          ],
        }),
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { "%SRCROOT%": {} },
        results: results.map(({ result }) => ({ ...result, ruleIndex: index.get(result.ruleId) })),
      },
    ],
  };
}
