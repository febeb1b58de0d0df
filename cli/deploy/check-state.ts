import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import pMap from "p-map";
import { parse } from "yaml";
import { z } from "zod";
import { planBackend, type Backend } from "../../bootstrap";
import { stackContext } from "../../components/kit/context";
import type { StackSpec } from "../../config";
import type { Problem } from "./problem";
import { notInstalled, type Pulumi, type PulumiResult } from "./pulumi";

const exported = z.object({
  deployment: z.object({
    secrets_providers: z
      .object({
        type: z.string(),
        state: z.object({ url: z.string().optional(), encryptedkey: z.string().optional() }).optional(),
      })
      .optional(),
    pending_operations: z.array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) })).optional(),
  }),
});

/** What `pulumi stack init` wrote into a stack file. */
const written = z.object({
  secretsprovider: z.string().optional(),
  encryptedkey: z.string().optional(),
  encryptionsalt: z.string().optional(),
});
type Written = z.infer<typeof written>;

/** What the checks of the state need. */
export interface StateScope {
  readonly root: string;
  /** Stacks of the run. */
  readonly specs: readonly StackSpec[];
  /** Whether a state on this machine is accepted, for trials. */
  readonly localState: boolean;
  readonly pulumi: Pulumi;
}

/** Backend, secrets provider, pending operations of each stack, and the caps of platforms that are not in the run. */
export async function stateProblems({ root, specs, localState, pulumi }: StateScope): Promise<Problem[]> {
  const who = await pulumi(["whoami", "--json"]);
  if (who.code === notInstalled) return [];
  const backend = backendProblems(who, localState, specs[0]);
  if (backend.length > 0) return backend;
  // A passphrase is one for everybody and in no log: for a state that nobody else reads, in a trial.
  const trial = localState && isLocal(who);
  const chosen = new Set(specs.map(({ stack }) => stack));
  const found = await pMap(
    specs,
    async (spec) => {
      const own = await stackProblems(spec, writtenInto(root, spec), trial, pulumi);
      const apart = spec.sharedFrom !== undefined && !chosen.has(spec.sharedFrom);
      return [...own, ...(apart ? await capsProblems(spec, spec.sharedFrom, pulumi) : [])];
    },
    { concurrency: 4 },
  );
  return unique(found.flat());
}

/** Where `npm run bootstrap` puts the state of a stack and its key: beside the platform. */
function backendOf({ platform: { organization, stack, accountId, region } }: StackSpec): Backend {
  return planBackend(stackContext({ organization, stack, accountId, region }));
}

const backendUrl = ({ stdout }: PulumiResult): string => z.object({ url: z.string() }).parse(JSON.parse(stdout)).url;

const isLocal = (who: PulumiResult): boolean => backendUrl(who).startsWith("file:");

/** The keys of a stack file beside `config`; `loadStacks` has judged the rest. */
function writtenInto(root: string, { stack }: StackSpec): Written {
  const file = path.join(root, "stacks", `Pulumi.${stack}.yaml`);
  return existsSync(file) ? written.parse(parse(readFileSync(file, "utf8"))) : {};
}

function backendProblems(who: PulumiResult, localState: boolean, spec: StackSpec | undefined): Problem[] {
  const url = spec && backendOf(spec).url;
  const next = `export PULUMI_BACKEND_URL="${url ?? ""}", which \`npm run bootstrap\` makes, with credentials of its account`;
  const where = "state  PULUMI_BACKEND_URL";
  if (who.code !== 0) return [{ where, found: lastLine(who.stderr), needed: "a backend that answers", next }];
  if (!isLocal(who) || localState) return [];
  return [
    {
      where,
      found: `${backendUrl(who)}, on this machine alone`,
      needed: "a backend that everybody who deploys reaches",
      next: `${next}; for a trial add --local-state`,
    },
  ];
}

async function stackProblems(spec: StackSpec, file: Written, trial: boolean, pulumi: Pulumi): Promise<Problem[]> {
  const { stack } = spec;
  const { code, stdout, stderr } = await pulumi(["stack", "export", "--stack", stack]);
  if (code !== 0) return [missing(spec, trial, stderr)];
  const { deployment } = exported.parse(JSON.parse(stdout));
  return [
    ...secretsProblems(spec, file, trial, deployment),
    ...pendingProblems(stack, deployment.pending_operations ?? []),
  ];
}

type Exported = z.infer<typeof exported>["deployment"];

/**
 * The provider of a stack's secrets. Pulumi takes the file's for what it encrypts next, and the
 * state's for what it holds: where they differ, the next `up` moves the secrets to the file's.
 */
function secretsProblems(spec: StackSpec, file: Written, trial: boolean, { secrets_providers }: Exported): Problem[] {
  const { stack } = spec;
  const { type, state } = secrets_providers ?? { type: "none" };
  const inState = state?.url ?? type;
  const inFile = file.secretsprovider ?? (file.encryptionsalt === undefined ? "none" : "passphrase");
  const where = `stacks/Pulumi.${stack}.yaml  secretsprovider`;
  const accepted = (provider: string) => provider.startsWith("awskms:") || (trial && provider === "passphrase");
  const refused = [inState, inFile].find((each) => each !== "none" && !accepted(each)) ?? inState;
  if (!accepted(refused))
    return [
      {
        where,
        found: refused,
        needed: "awskms: only a KMS key's users then read the secrets in the state",
        next: `${changeProvider(stack, backendOf(spec).secretsProvider)}; commit what it writes into the stack file`,
      },
    ];
  if (inState !== inFile || state?.encryptedkey !== file.encryptedkey)
    return [
      {
        where,
        found: inFile === inState ? "another encryptedkey than the state's" : inFile,
        needed: `${inState}, as the state of ${stack} has it`,
        next: `take the lines that pulumi stack init wrote from the commit that has them, or run ${changeProvider(stack, inState)} and commit what it writes`,
      },
    ];
  return [];
}

const changeProvider = (stack: string, provider: string): string =>
  `pulumi stack change-secrets-provider --stack ${stack} "${provider}"`;

function pendingProblems(stack: string, pending: NonNullable<Exported["pending_operations"]>): Problem[] {
  const [first] = pending;
  if (first === undefined) return [];
  return [
    {
      where: `state of ${stack}`,
      found: `${pending.length} pending operations, e.g. ${first.type} ${first.resource.urn.split("::").at(-1) ?? ""}`,
      needed: "none: an up would make these resources a second time",
      next: `pulumi refresh --stack ${stack} --import-pending-creates, or --clear-pending-creates where none was made`,
    },
  ];
}

function missing(spec: StackSpec, trial: boolean, stderr: string): Problem {
  const { stack } = spec;
  const none = /no stack named/.test(stderr);
  return {
    where: `state of ${stack}`,
    found: none ? "no such stack" : lastLine(stderr),
    needed: none ? "a stack that was initialised" : "a state that can be read",
    next: none
      ? `pulumi stack init ${stack}${trial ? "" : ` --secrets-provider "${backendOf(spec).secretsProvider}"`}; commit what it writes into stacks/Pulumi.${stack}.yaml`
      : "sign in to the account of the state, or wait for the run that holds it",
  };
}

async function capsProblems({ stack, platform }: StackSpec, from: string, pulumi: Pulumi): Promise<Problem[]> {
  const { code, stdout } = await pulumi(["stack", "output", "capsHash", "--stack", from]);
  if (code === 0 && stdout.trim() === platform.capsHash) return [];
  return [
    {
      where: `stacks/Pulumi.${from}.yaml  caps`,
      found: code === 0 ? "other caps deployed" : "no caps deployed",
      needed: "the file's",
      next: `deploy the platform first: npm run deploy -- ${from} ${stack}`,
    },
  ];
}

const lastLine = (text: string): string =>
  text
    .trim()
    .split("\n")
    .at(-1)
    ?.replace(/^error: /, "") ?? "";

const unique = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.where} ${problem.found}`, problem])).values(),
];
