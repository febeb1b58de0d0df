import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";
import { extractRevision } from "../../../tools/revision";
import { Cloud, type Call } from "../stand-in/cloud";
import { succeeded } from "./expect";
import { deploymentOf, type Deployment } from "./state";
import { root, standIns, Workbench } from "./workbench";

/** What an upgrade did to the resources of a stack that stood before. */
export interface Upgrade {
  readonly before: Deployment;
  readonly after: Deployment;
  /** The calls that changed something, oldest first. */
  readonly calls: readonly Call[];
}

/** Checkpoints after every step make a large `up` quadratic, and this suite interrupts none. */
const fast = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** A department with sections and an account of its own: everything that a platform has and a department can have. */
const standAlone = `config:
  aws:region: ap-northeast-1
  aws:allowedAccountIds: ["444455556666"]
  cline:sharedFrom: platform
  cline:network: { cidr: 10.65.0.0/16, zones: 2 }
  cline:gateway: {}
  cline:observability: {}
  cline:department:
    lead: kondo
    developers:
      inoue: {}
      saito: { workspace: { size: large } }
`;

/** Images that a real `up` accepts; the shipped values are samples. */
const images = { workspaceAmi: "ami-0123456789abcdef0", digest: (n: number) => `sha256:${String(n).repeat(64)}` };

/** A deployment of an earlier commit, which this clone's program then upgrades. */
export class LiveDeployment {
  private constructor(
    private readonly bench: Workbench,
    private readonly earlier: string,
    private readonly now: string,
  ) {}

  /** Brings up the stacks of `commit` by its own program and its own stand-in of AWS. */
  static async of(commit: string, stacks: readonly string[]): Promise<LiveDeployment> {
    const bench = new Workbench(() => undefined);
    const earlier = bench.at("earlier");
    extractRevision(root, commit, earlier);
    execFileSync(process.execPath, ["-r", "tsx/cjs", "functions/build.ts"], { cwd: earlier, stdio: "inherit" });
    writeStackFiles(path.join(earlier, "stacks"));
    bench.installProviders(path.join(earlier, "tests/engine/stand-in"));
    const live = new LiveDeployment(bench, earlier, bench.copyProject("now"));
    for (const stack of stacks) succeeded(await bench.pulumi(earlier, ["stack", "init", stack]));
    for (const stack of stacks) {
      new Cloud(live.account(stack));
      await live.up(earlier, stack);
    }
    bench.installProviders(standIns);
    cpSync(path.join(earlier, "stacks"), path.join(live.now, "stacks"), { recursive: true });
    return live;
  }

  /** Runs `up` of this clone's program over a stack. */
  async upgrade(stack: string): Promise<Upgrade> {
    const before = await this.exported(stack);
    const cloud = new Cloud(this.account(stack));
    const seen = cloud.calls().length;
    await this.up(this.now, stack);
    const calls = cloud.calls().slice(seen);
    const changing = calls.filter(({ rpc, preview }) => !preview && /^(create|update|delete)$/.test(rpc));
    return { before, after: await this.exported(stack), calls: changing };
  }

  close(): void {
    this.bench.close();
  }

  private async up(project: string, stack: string): Promise<void> {
    const env = { ...fast, CLINE_ENGINE_CLOUD: this.account(stack) };
    succeeded(await this.bench.pulumi(project, ["up", "--yes", "--skip-preview", "--stack", stack], { env }));
  }

  /** The folder that stands for the stack's account: a department that stands alone has its own. */
  private account(stack: string): string {
    return this.bench.at(stack === "research" ? "cloud-of-research" : "cloud");
  }

  private async exported(stack: string): Promise<Deployment> {
    return deploymentOf(succeeded(await this.bench.pulumi(this.now, ["stack", "export", "--stack", stack])).stdout);
  }
}

function writeStackFiles(folder: string): void {
  writeFileSync(path.join(folder, "Pulumi.research.yaml"), standAlone);
  const file = path.join(folder, "Pulumi.platform.yaml");
  const platform = parseDocument(readFileSync(file, "utf8"));
  platform.setIn(["config", "cline:images", "workspaceAmi"], images.workspaceAmi);
  ["gateway", "langfuse", "langfuseWorker", "clickHouse", "collector"].forEach((name, at) =>
    platform.setIn(["config", "cline:images", name], images.digest(at + 1)),
  );
  writeFileSync(file, platform.toString());
}

/**
 * Resources of the stack that are not what they were: deleted, made anew, or no longer in the state though the cloud still has them.
 * A resource under another name counts as the same while it has its type and id (`aliases`). Sorted URNs.
 */
export function lostBy({ before, after, calls }: Upgrade): string[] {
  const identity = ({ type, id }: { type: string; id?: string }): string => `${type} ${id ?? ""}`;
  const stood = (before.deployment.resources ?? []).filter(({ id }) => id !== undefined);
  const stands = new Set((after.deployment.resources ?? []).map(identity));
  const touched = new Set(calls.filter(({ rpc }) => rpc !== "update").map(({ urn }) => urn));
  return stood
    .filter((resource) => touched.has(resource.urn) || !stands.has(identity(resource)))
    .map(({ urn }) => urn)
    .sort();
}

/** Properties whose change makes AWS replace what may never be replaced; the provider's own table may not be beside a clone. */
const forLife: Readonly<Record<string, readonly string[]>> = {
  "aws:bedrock/inferenceProfile:InferenceProfile": ["name", "modelSource", "description"],
  "aws:ebs/volume:Volume": ["availabilityZone", "encrypted", "kmsKeyId", "snapshotId"],
  "aws:iam/instanceProfile:InstanceProfile": ["name", "namePrefix", "path"],
  "aws:kms/key:Key": ["customerMasterKeySpec", "keyUsage", "multiRegion"],
  "aws:rds/cluster:Cluster": [
    "clusterIdentifier",
    "databaseName",
    "dbSubnetGroupName",
    "engine",
    "kmsKeyId",
    "masterUsername",
    "storageEncrypted",
  ],
  "aws:s3/bucket:Bucket": ["bucket", "bucketPrefix", "objectLockEnabled"],
  "aws:secretsmanager/secret:Secret": ["name", "namePrefix"],
  "random:index/randomBytes:RandomBytes": ["length", "keepers"],
  "random:index/randomPassword:RandomPassword": ["length", "special", "overrideSpecial", "keepers"],
};

/** Types that hold what nothing can make again: homes, databases, keys, secrets, buckets, instance and inference profiles. */
export const keptForLife = Object.keys(forLife);

/** Resources kept for life of which a property changed that AWS cannot change in place: `URN property`, sorted. */
export function wouldReplace({ before, after }: Upgrade): string[] {
  const now = new Map(
    (after.deployment.resources ?? []).map((resource) => [`${resource.type} ${resource.id}`, resource]),
  );
  return (before.deployment.resources ?? [])
    .flatMap(({ urn, type, id, inputs }) =>
      (forLife[type] ?? [])
        .filter((name) => shown(inputs?.[name]) !== shown(now.get(`${type} ${id}`)?.inputs?.[name]))
        .map((name) => `${urn} ${name}`),
    )
    .sort();
}

const shown = (value: unknown): string => JSON.stringify(value ?? null);
