import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { runInProcess } from "../../offline/in-process";
import type { Registered } from "../../offline/monitor";
import { readState } from "../../offline/state";

/** The export that the engine would write of these resources, with a default provider and a resource that waits for its deletion. */
function exported(resources: readonly Registered[]): string {
  const entries = resources.map(({ options, name: _name, source: _source, ...resource }) => ({
    ...resource,
    ...options,
    inputs: { ...resource.inputs, __defaults: [] },
  }));
  const extra = [
    { urn: "urn:pulumi:prod::cline::pulumi:providers:aws::default_7_48_0", type: "pulumi:providers:aws", custom: true },
    { ...entries.at(-1), delete: true },
  ];
  return JSON.stringify({ version: 3, deployment: { resources: [...entries, ...extra] } });
}

describe("an exported state", () => {
  it("holds the resources that were deployed, as they were registered", async () => {
    const { resources } = await runInProcess(
      () => {
        const key = new aws.kms.Key("key", {}, { protect: true });
        new aws.secretsmanager.Secret("secret", { kmsKeyId: key.arn }, { parent: key, retainOnDelete: true });
        return { arn: key.arn };
      },
      { stack: "prod", preview: false },
    );
    const registered = resources.map(({ raw: { source: _, ...raw } }) => raw);
    const state = readState(exported(registered), "state.json");
    assert.equal(state.stack, "prod");
    assert.deepEqual(Object.keys(state.outputs), ["arn"]);
    const comparable = (list: readonly Registered[]) =>
      list.map(({ options, ...rest }) => ({
        ...rest,
        protect: options.protect ?? false,
        retain: options.retainOnDelete ?? false,
      }));
    assert.deepEqual(comparable(state.resources), comparable(registered));
  });

  it("keeps secrets secret, whether the export shows or encrypts them", () => {
    const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const resource = {
      urn: "urn:pulumi:prod::cline::pulumi:pulumi:Stack::cline-prod",
      type: "pulumi:pulumi:Stack",
      inputs: { shown: { ...mark, plaintext: '{"a":"canary"}' }, hidden: { ...mark, ciphertext: "AAAA" } },
    };
    const [read] = readState(JSON.stringify({ deployment: { resources: [resource] } }), "state.json").resources;
    assert.deepEqual(read?.inputs, {
      shown: { ...mark, value: { a: "canary" } },
      hidden: { ...mark, value: pulumi.runtime.unknownValue },
    });
  });

  it("says what is wrong with a file that is none", () => {
    assert.throws(
      () => readState("urn:", "a.json"),
      /a\.json: found no JSON; give it what `pulumi stack export` prints/,
    );
    assert.throws(() => readState("{}", "a.json"), /a\.json: found no deployment\.resources/);
    assert.throws(() => readState('{"deployment":{"resources":[]}}', "a.json"), /a stack that was never deployed/);
  });
});
