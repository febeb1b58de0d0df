import assert from "node:assert/strict";
import { ArtifactStore } from "../../../components/artifacts";
import { imageLines } from "../../../components/artifacts/sources";
import { artifactStoreArgs } from "../../../compose";
import { buildFunctions } from "../../../functions/build";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { accessFacts, keyFacts } from "../../support/facts";
import { ofType, one } from "../../support/resources";
import { platformSpec, type Config } from "../../support/specs";

async function store(overrides: Config = {}): Promise<readonly DocumentResource[]> {
  buildFunctions(process.cwd());
  const spec = platformSpec(overrides);
  const { resources } = await runInProcess(
    () => new ArtifactStore("artifacts", { ...artifactStoreArgs(spec), keys: keyFacts(), access: accessFacts() }).facts,
    { stack: "platform" },
  );
  return resources;
}

describe("ArtifactStore", () => {
  it("has a repository for each image: immutable, scanned, under the stack's own key", async () => {
    const repositories = ofType(await store(), "Repository");
    assert.equal(repositories.length, artifactStoreArgs(platformSpec()).images.length);
    for (const { name, inputs } of repositories) {
      assert.equal(inputs["imageTagMutability"], "IMMUTABLE", name);
      assert.deepEqual(inputs["imageScanningConfiguration"], { scanOnPush: true }, name);
      const [encryption] = inputs["encryptionConfigurations"] as { encryptionType: string; kmsKey: string }[];
      assert.equal(encryption!.encryptionType, "KMS");
      assert.match(encryption!.kmsKey, /^arn:aws:kms:/);
    }
  });

  it("copies again when a digest changes, and only then", async () => {
    const trigger = async (overrides?: Config) => one(await store(overrides), "Invocation").inputs["triggers"];
    const digest = `sha256:${"ab".repeat(32)}`;
    assert.deepEqual(await trigger(), await trigger());
    assert.notDeepEqual(await trigger({ "cline:images": { gateway: digest } }), await trigger());
  });

  it("tells the build one image a line, by digest", () => {
    for (const line of imageLines(artifactStoreArgs(platformSpec()).images).split("\n")) {
      assert.match(line, /^cline\/example\/[a-z-]+ [a-z.]+\/[\w./-]+ sha256:[0-9a-f]{64} \S+ \d+\.\d+$/);
    }
  });
});
