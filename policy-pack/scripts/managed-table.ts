import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { judgeResource, settings } from "../src/frame/judge";
import { isStackPolicy } from "../src/frame/policy";
import { ResourceView } from "../src/frame/view";
import { globMatches, globsOverlap } from "../src/iam/match";
import { Statement } from "../src/iam/statement";
import { policies } from "../src/policies";

/** One statement as AWS writes it. */
interface Written {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

/** AWS-managed policies as moto carries them. */
interface Source {
  readonly version: string;
  readonly policies: Readonly<
    Record<string, { readonly UpdateDate: string; readonly Document: { readonly Statement: Written | Written[] } }>
  >;
}

const HOLDERS = ["aws:iam/policy:Policy", "aws:iam/groupPolicy:GroupPolicy"];

/** Every action that a policy of the pack asks a statement for, whatever the earlier answers were. */
export function judgedActions(): string[] {
  const asked = new Set<string>();
  const original = Object.getOwnPropertyDescriptor(Statement.prototype, "matchesAction") ?? {};
  const policy = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  try {
    for (const answer of [true, false]) {
      Statement.prototype.matchesAction = (action) => {
        asked.add(action);
        return answer;
      };
      for (const type of HOLDERS) {
        const view = new ResourceView({ type, name: "it", urn: "", inputs: { policy } });
        for (const rule of policies)
          if (!isStackPolicy(rule) && rule.types !== "*" && rule.types.includes(type))
            judgeResource(rule, view, settings(rule, {}));
      }
    }
  } finally {
    Object.defineProperty(Statement.prototype, "matchesAction", original);
  }
  return [...asked].sort();
}

/** The statement with the actions that a policy can ask for; undefined when none is left. */
export function reduced(statement: Written, judged: readonly string[]): object | undefined {
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement;
  const rest = {
    ...(NotResource === undefined ? { Resource } : { NotResource }),
    ...(Condition !== undefined && { Condition }),
  };
  if (NotAction !== undefined) return { Effect, NotAction, ...rest };
  const unlimited = Condition === undefined && [Resource].flat().includes("*");
  const kept = [Action ?? []]
    .flat()
    .filter(
      (pattern) =>
        judged.some((action) => globMatches(pattern, action, true)) ||
        globsOverlap(pattern.toLowerCase(), "bedrock-mantle:*") ||
        /^[^:]*:?\*+$/.test(pattern) ||
        (unlimited && /[*?]/.test(pattern)),
    );
  return kept.length === 0 ? undefined : { Effect, Action: kept, ...rest };
}

/** The table as text: a line for each AWS-managed policy, so that a change shows which one changed. */
export function tableOf({ version, policies: written }: Source, judged: readonly string[]): string {
  const rows = Object.entries(written)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { Document }]) => {
      const statements = [Document.Statement].flat().flatMap((statement) => reduced(statement, judged) ?? []);
      return `${JSON.stringify(name)}:${JSON.stringify(statements)}`;
    });
  const newest = Object.values(written).reduce((date, { UpdateDate }) => (UpdateDate > date ? UpdateDate : date), "");
  const head = { source: `PyPI moto ${version}`, newest: newest.slice(0, 10), judged };
  return `${JSON.stringify(head).slice(0, -1)},\n"policies":{\n${rows.join(",\n")}\n}}\n`;
}

const READ = `
import json, moto
from moto.iam.aws_managed_policies import aws_managed_policies_data
print(json.dumps({"version": moto.__version__, "policies": json.loads(aws_managed_policies_data)}))`;

// `npm run managed-policies -w policy-pack -- PYTHON`, with a Python that has moto; after an upgrade of moto, and when a policy asks for another action: a test says when.
if (require.main === module) {
  const text = execFileSync(process.argv[2] ?? "python3", ["-c", READ], { encoding: "utf8", maxBuffer: 2 ** 27 });
  writeFileSync(
    path.join(__dirname, "../src/data/aws-managed-policies.json"),
    tableOf(JSON.parse(text) as Source, judgedActions()),
  );
}
