import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { runInProcess } from "../../offline/in-process";
import { UNKNOWN } from "../../offline/values";

const sdkOwn = pulumi.jsonStringify;

/** Registers a queue whose policy is the text of a document that holds a topic's ARN. */
const queueWith = async (document: (arn: pulumi.Output<string>) => unknown, preview = true) => {
  const { resources } = await runInProcess(
    () => {
      const topic = new aws.sns.Topic("topic");
      new aws.sqs.Queue("queue", { policy: pulumi.jsonStringify(document(topic.arn)) });
    },
    { stack: "test", preview },
  );
  return resources.find(({ name }) => name === "queue")!;
};

describe("a JSON text with unknown values, offline", () => {
  it("keeps what is known, in lists and objects, and marks what is not", async () => {
    const { inputs, raw } = await queueWith((arn) => ({ list: [{ arn, port: 1 }, true], text: "a", none: null }));
    assert.equal(inputs["policy"], '{"list":[{"arn":"[unknown]","port":1},true],"text":"a","none":null}');
    assert.equal(
      raw.inputs["policy"],
      `{"list":[{"arn":"${UNKNOWN}","port":1},true],"text":"a","none":null}`,
      "the protocol's own mark, which the pack reads as unknown",
    );
  });

  it("marks the whole of a value that is computed from an unknown one", async () => {
    const { inputs } = await queueWith((arn) => ({ key: pulumi.interpolate`${arn}:key::` }));
    assert.equal(inputs["policy"], '{"key":"[unknown]"}');
  });

  it("depends on what the document depends on", async () => {
    const { propertyDependencies } = await queueWith((arn) => ({ arn }));
    assert.deepEqual(Object.keys(propertyDependencies), ["policy"]);
    assert.match(propertyDependencies["policy"]![0]!, /topic$/);
  });

  it("stays unknown where nothing of it is known, and where it holds a secret", async () => {
    assert.equal((await queueWith((arn) => arn)).inputs["policy"], "[unknown]");
    const { inputs, raw } = await queueWith((arn) => ({ arn, key: pulumi.secret("k") }));
    assert.equal(inputs["policy"], "[unknown]");
    assert.equal(raw.inputs["policy"], UNKNOWN);
  });

  it("is unknown in the document when it is a secret, as the engine shows it", async () => {
    const { resources } = await runInProcess(
      () => {
        const topic = new aws.sns.Topic("topic");
        const text = pulumi.jsonStringify({ arn: topic.arn, user: "u" });
        new aws.sqs.Queue("queue", { policy: pulumi.secret(text) });
      },
      { stack: "test" },
    );
    assert.equal(resources.find(({ name }) => name === "queue")!.inputs["policy"], "[unknown]");
  });

  it("is the SDK's own as deployed and after the run", async () => {
    const { inputs } = await queueWith((arn) => ({ arn }), false);
    assert.match(String(inputs["policy"]), /^\{"arn":"arn:aws:sns:/);
    assert.equal(pulumi.jsonStringify, sdkOwn);
    await assert.rejects(
      runInProcess(
        () => {
          throw new Error("stop");
        },
        { stack: "test" },
      ),
    );
    assert.equal(pulumi.jsonStringify, sdkOwn);
  });
});
