import assert from "node:assert/strict";
import { requestLimits } from "../../components/gateway/bounds";
import type { Priority } from "../../config";
import { Client, useClient, type Answer } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";

const classes: readonly Priority[] = ["high", "normal", "low"];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("priority at a saturated model", () => {
  const client = useClient(world);

  it("lets high-priority requests wait less than low ones, over both tasks, and serves them all", async () => {
    const profile = profileOf("queue", "strong");
    const { bedrock, gateways, spec } = world();
    const { places } = spec.gateway!.queue;
    bedrock.plan(profile, { firstByteMs: 3000 });
    const each = 2 * places.strong;
    // As many people of a class as keep within the edge's limit of one key, whichever worker takes their requests.
    const several = Math.ceil(each / requestLimits.perKey);
    const people = classes.flatMap((priority) =>
      Array.from({ length: several }, (_, nth) => [`${priority}-${nth}`, { priority }] as const),
    );
    const keys = await onboard(world(), departmentState("queue", Object.fromEntries(people)));
    // The workers know the keys: the crowd waits for places, not for the database.
    await Promise.all(
      Object.values(keys).flatMap((key) =>
        gateways.flatMap(({ url }) => [1, 2].map(() => client.chat({ key, model: "light", url }))),
      ),
    );
    const sent = performance.now();
    const answers = await Promise.all(
      classes.map((priority) =>
        Promise.all(
          Array.from({ length: each }, (_, at) =>
            client.chat({
              key: keys[`${priority}-${at % several}`]!,
              model: "strong",
              url: gateways[at % gateways.length]!.url,
            }),
          ),
        ),
      ),
    );
    const seconds = (performance.now() - sent) / 1000;
    const waits = answers.map((own) => mean(own.map(({ ms }) => ms / 1000 - 3)));
    console.info(
      `      ${3 * each} requests in ${seconds.toFixed(0)} s; mean wait ` +
        classes.map((priority, at) => `${priority} ${waits[at]!.toFixed(1)} s`).join(", ") +
        `; low to high ${(waits[2]! / waits[0]!).toFixed(1)}`,
    );
    const refused = answers.flat().filter(({ status }: Answer) => status !== 200);
    assert.deepEqual(
      refused.map((answer) => Client.words(answer)),
      [],
    );
    assert.ok(bedrock.mostInFlight(profile) <= places.strong, `${bedrock.mostInFlight(profile)} in flight`);
    assert.ok(waits[0]! < waits[1]! && waits[1]! < waits[2]!);
    assert.ok(waits[2]! > 2 * waits[0]!, `${waits[2]! / waits[0]!}`);
  });
});
