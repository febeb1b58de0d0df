import assert from "node:assert/strict";
import { AccessFoundation } from "../../../components/access";
import { accessFoundationArgs } from "../../../compose";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { keyFacts } from "../../support/facts";
import { ofType, one } from "../../support/resources";
import { platformSpec, type Config } from "../../support/specs";

async function foundation(platform: Config = {}): Promise<readonly DocumentResource[]> {
  const spec = platformSpec({ "cline:platform": platform });
  const run = await runInProcess(
    () => new AccessFoundation("access", { ...accessFoundationArgs(spec), keys: keyFacts() }).facts,
    {
      stack: "platform",
      preview: false,
    },
  );
  return run.resources;
}

const content = (resource: DocumentResource): Record<string, unknown> =>
  JSON.parse(String(resource.inputs["content"])) as Record<string, unknown>;

describe("AccessFoundation", () => {
  it("encrypts, logs and bounds shells, and runs them as the workspace's user", async () => {
    const resources = await foundation();
    const shell = one(resources, "Document", "shell");
    assert.equal(shell.inputs["name"], "example-platform-shell");
    assert.equal(content(shell)["sessionType"], "Standard_Stream");
    const inputs = content(shell)["inputs"] as Record<string, unknown>;
    assert.equal(
      inputs["kmsKeyId"],
      "arn:aws:kms:ap-northeast-1:111122223333:key/00000004-1111-4222-8333-444455556666",
    );
    assert.deepEqual(
      [inputs["s3BucketName"], inputs["cloudWatchLogGroupName"]],
      ["example-platform-session-logs-111122223333-ap-northeast-1", "/cline/example/platform/session-logs"],
    );
    for (const key of [
      "s3EncryptionEnabled",
      "cloudWatchEncryptionEnabled",
      "cloudWatchStreamingEnabled",
      "runAsEnabled",
    ]) {
      assert.equal(inputs[key], true, key);
    }
    assert.equal(inputs["runAsDefaultUser"], "developer");
    assert.ok(Number(inputs["idleSessionTimeout"]) >= 1 && Number(inputs["idleSessionTimeout"]) <= 60);
    assert.ok(Number(inputs["maxSessionDuration"]) <= 1440);
  });

  it("fixes the ports of the other documents: only the local one can be chosen", async () => {
    const resources = await foundation();
    const codeServer = content(one(resources, "Document", "code-server"));
    assert.deepEqual(codeServer["properties"], {
      type: "LocalPortForwarding",
      portNumber: "8080",
      localPortNumber: "{{ localPortNumber }}",
    });
    assert.deepEqual(Object.keys(codeServer["parameters"] as object), ["localPortNumber"]);
    const ssh = content(one(resources, "Document", "ssh"));
    assert.deepEqual([ssh["properties"], ssh["parameters"]], [{ portNumber: "22" }, undefined]);
  });

  it("keeps session logs under legal hold, encrypted, beyond the stack's life", async () => {
    const resources = await foundation();
    const bucket = one(resources, "Bucket", "session-logs");
    assert.equal(bucket.inputs["objectLockEnabled"], true);
    assert.equal(bucket.options.retainOnDelete, true);
    const group = one(resources, "LogGroup");
    assert.equal(group.inputs["name"], "/cline/example/platform/session-logs");
    assert.equal(
      group.inputs["kmsKeyId"],
      "arn:aws:kms:ap-northeast-1:111122223333:key/00000002-1111-4222-8333-444455556666",
    );
    assert.equal(group.inputs["retentionInDays"], platformSpec().dataControl["session-logs"].retentionDays);
    assert.equal(group.options.retainOnDelete, true);
  });

  it("sets the account's own session preferences only in an account of its own", async () => {
    const preferences = (resources: readonly DocumentResource[]) =>
      ofType(resources, "Document").filter(({ inputs }) => inputs["name"] === "SSM-SessionManagerRunShell");
    assert.deepEqual(preferences(await foundation({ account: "shared" })), []);
    const dedicated = await foundation({ account: "dedicated" });
    const [preference] = preferences(dedicated);
    assert.equal(preference!.options.retainOnDelete, true);
    assert.equal(preference!.inputs["content"], one(dedicated, "Document", "shell").inputs["content"]);
  });
});
