import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { previewsAlike, standsAlike } from "./support/agreement";
import { killGroup } from "./support/command";
import { succeeded } from "./support/expect";
import { bench } from "./support/hooks";
import { callsDuring, exported, pulumi, pulumiJudged, spoiledBy, withPack } from "./support/subject";

const stack = "data-science";

/** One resource against each baseline. */
const spoils = `
import * as spoil from "@pulumi/aws";
new spoil.ec2.SecurityGroup("open-ssh", { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }] });
new spoil.ebs.Volume("bare-volume", { availabilityZone: "ap-northeast-1a", size: 8 });
new spoil.ec2.InternetGateway("way-out", {});
new spoil.iam.Role("person-without-mfa", {
  assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "arn:aws:iam::111122223333:root" } }] }),
});`;
const spoiled: Readonly<Record<string, string>> = {
  "open-ssh": "no-public-ssh",
  "bare-volume": "kms-everywhere",
  "way-out": "vpc-endpoints-only",
  "person-without-mfa": "ssm-mfa",
};

/** Whether every thread of a process has stopped. Source: proc(5), the third field of `stat`, after the name in brackets. */
const hasStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8").split(") ").at(-1)!.startsWith("T"),
  );

/**
 * Kills an `up` between two writes of its state. The file backend writes in place, state and backup alike: a kill in the middle leaves both
 * cut off. The bucket of a deployment takes an object whole or not at all.
 */
async function killBetweenWrites(pid: number): Promise<void> {
  const file = bench().at(`backend/.pulumi/stacks/cline/${stack}.json`);
  const isWhole = (): boolean => {
    try {
      return typeof JSON.parse(readFileSync(file, "utf8")) === "object";
    } catch {
      return false;
    }
  };
  for (;;) {
    killGroup(pid, "SIGSTOP");
    // A thread within a system call, i.e. the one that empties the file, stops at its end: on a busy machine much later.
    while (!hasStopped(pid)) await wait(20);
    if (isWhole()) break;
    killGroup(pid, "SIGCONT");
    await wait(20);
  }
  killGroup(pid);
}

previewsAlike(stack);

/** Deployments that go wrong on a stack that does not exist yet; each leaves off where the next begins. */
describe(`what can go wrong while ${stack} comes up`, () => {
  const creates = (): number =>
    bench()
      .cloud.calls()
      .filter(({ rpc }) => rpc === "create").length;

  it("refuses credentials of another account before anything is made, though its file names none", async () => {
    const made = await callsDuring("create", async () => {
      for (const command of [["preview"], ["up", "--yes"]]) {
        const { code, stdout } = await pulumi(stack, command, { env: { CLINE_ENGINE_ACCOUNT: "999988887777" } });
        assert.notEqual(code, 0);
        assert.match(stdout, /AWS account ID not allowed: 999988887777/);
      }
    });
    assert.deepEqual(made, []);
  });

  it("stops a spoiled stack before anything is made, and says why for each baseline", async () => {
    const made = await callsDuring("create", async () => {
      const { code, findings } = await spoiledBy(spoils, () => pulumiJudged(stack, ["up", "--yes"]));
      assert.notEqual(code, 0);
      const mandatory = findings.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
      for (const [name, baseline] of Object.entries(spoiled))
        assert.ok(
          mandatory.some(({ resourceUrn }) => resourceUrn.endsWith(`::${name}`)),
          `${name} is stopped by ${baseline}: ${JSON.stringify(mandatory)}`,
        );
    });
    assert.deepEqual(made, []);
  });

  it("tells a program's error with its line", async () => {
    const { code, stdout } = await spoiledBy('throw new Error("drill");', () => pulumi(stack, ["preview"]));
    assert.notEqual(code, 0);
    assert.match(stdout, /Error: drill\n\s+at .*index\.ts:\d{2,}:\d{1,2}\)?\n/);
  });

  it("resumes an up that was killed half-way", async () => {
    const before = creates();
    let halfWay = false;
    const killed = pulumi(stack, ["up", "--yes", "--skip-preview"], {
      drill: { delayMs: 300 },
      onStart: (pid) => {
        void (async () => {
          while (creates() < before + 15) await wait(50);
          halfWay = true;
          await killBetweenWrites(pid);
        })();
      },
    });
    assert.equal((await killed).signal, "SIGKILL");
    assert.ok(halfWay);

    const locked = await pulumi(stack, ["up", "--yes", "--skip-preview"]);
    assert.notEqual(locked.code, 0);
    assert.match(locked.stdout + locked.stderr, /locked/);
    succeeded(await pulumi(stack, ["cancel", "--yes"]));
    const state = await exported(stack);
    const pending = new Set((state.deployment.pending_operations ?? []).map(({ resource }) => resource.urn));
    assert.ok(pending.size > 0, "creations were under way");
    // A person looks up each of them first (docs/runbooks.md). What was made after all is deleted here by hand.
    for (const thing of bench().cloud.all()) if (pending.has(thing.urn)) bench().cloud.forget(thing);
    succeeded(await pulumi(stack, ["refresh", "--yes", "--clear-pending-creates"]));
    assert.deepEqual((await exported(stack)).deployment.pending_operations ?? [], []);
  });

  it("makes everything else when one creation fails, and the rest when the cause is gone", async () => {
    const failed = await pulumi(stack, ["up", "--yes", "--skip-preview"], {
      drill: { failCreate: "aws:ec2/instance:Instance::hayashi", failAfter: "aws:ec2/instance:Instance::kimura" },
    });
    assert.notEqual(failed.code, 0);
    assert.match(failed.stdout, /InsufficientCapacity/);
    const made = new Set((await exported(stack)).deployment.resources?.map(({ urn }) => urn));
    assert.ok([...made].some((urn) => urn.includes("aws:ec2/instance:Instance::kimura")));
    assert.ok(![...made].some((urn) => urn.includes("aws:ec2/instance:Instance::hayashi")));

    const rest = await callsDuring("create", async () => {
      succeeded(await pulumi(stack, ["up", "--yes", ...withPack]));
    });
    assert.ok(rest.some((urn) => urn.includes("aws:ec2/instance:Instance::hayashi")));
    assert.deepEqual(
      rest.filter((urn) => made.has(urn)),
      [],
      "nothing is made twice",
    );
  });

  it("leaves nothing in the account that no state knows", async () => {
    const known = new Set((await exported(stack)).deployment.resources?.map(({ urn }) => urn));
    const things = bench()
      .cloud.all()
      .filter(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::cline::`));
    assert.deepEqual(
      things.filter(({ urn, copies }) => !known.has(urn) || copies !== 1),
      [],
    );
  });
});

standsAlike(stack);
