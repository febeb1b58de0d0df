import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseDocument, type Document } from "yaml";
import { extractRevision } from "../../../tools/revision";
import { fixtures } from "../../support/project";
import { Cloud, type Call } from "../stand-in/cloud";
import type { CommandResult } from "./command";
import { succeeded } from "./expect";
import { deploymentOf, type Deployment } from "./state";
import { realImages } from "./subject";
import { root, standIns, withoutCheckpoints, Workbench } from "./workbench";

/** What an upgrade did to the resources of a stack that stood before. */
export interface Upgrade {
  readonly before: Deployment;
  readonly after: Deployment;
  /** The calls that changed something, oldest first. */
  readonly calls: readonly Call[];
}

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

/** A deployment in accounts of its own, under this clone's program. */
export class LiveDeployment {
  private constructor(
    private readonly bench: Workbench,
    private readonly now: string,
  ) {}

  /** The fixture's stacks and a department that stands alone, of which nothing is made yet. */
  static async planned(stacks: readonly string[]): Promise<LiveDeployment> {
    const bench = new Workbench(() => undefined);
    const live = new LiveDeployment(bench, bench.copyProject("now"));
    const folder = path.join(live.now, "stacks");
    cpSync(path.join(fixtures, "stacks"), folder, { recursive: true });
    writeFileSync(path.join(folder, "Pulumi.research.yaml"), standAlone);
    for (const stack of stacks) {
      new Cloud(live.account(stack));
      succeeded(await live.pulumi(stack, ["stack", "init", stack]));
    }
    live.edit("platform", (file) => {
      for (const [name, value] of Object.entries(realImages)) file.setIn(["config", "cline:images", name], value);
    });
    return live;
  }

  /** Brings up the stacks of an earlier commit, which this clone's program then upgrades, by its own program and its own stand-in of AWS. */
  static async of(commit: string, stacks: readonly string[]): Promise<LiveDeployment> {
    const bench = new Workbench(() => undefined);
    const earlier = bench.at("earlier");
    extractRevision(root, commit, earlier);
    execFileSync(process.execPath, ["-r", "tsx/cjs", "functions/build.ts"], { cwd: earlier, stdio: "inherit" });
    writeStackFiles(path.join(earlier, "stacks"));
    bench.installProviders(path.join(earlier, "tests/engine/stand-in"));
    const live = new LiveDeployment(bench, bench.copyProject("now"));
    for (const stack of stacks) succeeded(await bench.pulumi(earlier, ["stack", "init", stack]));
    for (const stack of stacks) {
      new Cloud(live.account(stack));
      succeeded(await live.up(stack, earlier));
    }
    bench.installProviders(standIns);
    cpSync(path.join(earlier, "stacks"), path.join(live.now, "stacks"), { recursive: true });
    pinNewImages(path.join(live.now, "stacks"));
    return live;
  }

  /** Runs `up` of this clone's program over a stack. */
  async upgrade(stack: string): Promise<Upgrade> {
    const before = await this.exported(stack);
    const calls = await this.changes(stack, async () => void succeeded(await this.up(stack)));
    return { before, after: await this.exported(stack), calls };
  }

  /** Runs `pulumi destroy ARGS… --yes` of this clone's program on a stack; the URNs of what it deleted, sorted. */
  async destroyed(stack: string, args: readonly string[]): Promise<string[]> {
    const calls = await this.changes(stack, async () => {
      succeeded(await this.pulumi(stack, ["destroy", "--yes", "--stack", stack, ...args]));
    });
    return calls.map(({ urn }) => urn).sort();
  }

  /** The calls that changed something of a stack's account while `work` ran, oldest first. */
  private async changes(stack: string, work: () => Promise<void>): Promise<Call[]> {
    const cloud = new Cloud(this.account(stack));
    const seen = cloud.calls().length;
    await work();
    const changing = (call: Call) => !call.preview && /^(create|update|delete)$/.test(call.rpc);
    return cloud.calls().slice(seen).filter(changing);
  }

  close(): void {
    this.bench.close();
  }

  /** Runs `up` over a stack, by default with this clone's program. */
  up(stack: string, project = this.now): Promise<CommandResult> {
    return this.pulumi(stack, ["up", "--yes", "--skip-preview", "--stack", stack], project);
  }

  /** Runs `pulumi ARGS…` with the account of a stack. */
  pulumi(stack: string, args: readonly string[], project = this.now): Promise<CommandResult> {
    const env = { ...withoutCheckpoints, CLINE_ENGINE_CLOUD: this.account(stack) };
    return this.bench.pulumi(project, args, { env });
  }

  /** The account of a stack. */
  cloudOf(stack: string): Cloud {
    return new Cloud(this.account(stack));
  }

  /** Changes a stack's file. */
  edit(stack: string, change: (file: Document) => void): void {
    const file = path.join(this.now, "stacks", `Pulumi.${stack}.yaml`);
    const document = parseDocument(readFileSync(file, "utf8"));
    change(document);
    writeFileSync(file, document.toString());
  }

  /** The folder that stands for the stack's account: a department that stands alone has its own. */
  private account(stack: string): string {
    return this.bench.at(stack === "research" ? "cloud-of-research" : "cloud");
  }

  async exported(stack: string): Promise<Deployment> {
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

/** Pins the images that the earlier revision did not know. */
function pinNewImages(folder: string): void {
  const file = path.join(folder, "Pulumi.platform.yaml");
  const platform = parseDocument(readFileSync(file, "utf8"));
  ["proxy", "codeServer", "clineExtension", "clineCommandLine"].forEach((name, at) =>
    platform.setIn(["config", "cline:images", name], images.digest(at + 6)),
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
