import assert from "node:assert/strict";
import {
  catalogue,
  catalogueModel,
  defaultModels,
  modelArns,
  modelFaults,
  modelNames,
  modelsWithin,
  modelTiers,
  planModel,
  type Residency,
  residencies,
  sourceRegions,
} from "../../config";
import { platformSpec } from "../support/specs";

const platform = (residency: Residency) => ({
  models: defaultModels,
  residency,
  region: sourceRegions(residency)[0]!,
  accountId: "111122223333",
});

describe("the model catalogue", () => {
  it("has a default for every tier inside every residency", () => {
    for (const residency of residencies) {
      for (const tier of modelTiers) {
        const planned = planModel(platform(residency), tier);
        assert.equal(planned.profileId, `${residency}.${catalogueModel(defaultModels[tier]).id}`);
        assert(planned.price.input > 0 && planned.price.output > planned.price.input);
      }
    }
  });

  it("asks ten percent more for Anthropic's models inside a geography, to the millionth of a dollar", () => {
    assert.deepEqual(catalogue["claude-sonnet-5-5"].prices.global, {
      input: 2,
      output: 10,
      cacheRead: 0.1,
      cacheWrite: 2.5,
      cacheWriteHour: 4,
    });
    assert.deepEqual(catalogue["claude-sonnet-5-5"].prices.jp, {
      input: 2.2,
      output: 11,
      cacheRead: 0.11,
      cacheWrite: 2.75,
      cacheWriteHour: 4.4,
    });
    assert.deepEqual(catalogue["claude-haiku-4-5"].prices.eu, {
      input: 1.1,
      output: 5.5,
      cacheRead: 0.11,
      cacheWrite: 1.375,
      cacheWriteHour: 2.2,
    });
  });

  it("reads a cache for less than it reads input, and keeps answers inside the window", () => {
    for (const name of modelNames) {
      const { prices, maxOutput, contextWindow } = catalogueModel(name);
      assert(maxOutput < contextWindow);
      for (const price of Object.values(prices)) {
        assert(price.cacheRead < price.input && price.cacheWrite >= price.input, name);
      }
    }
  });

  it("prices an hour in the cache above five minutes, where a model has it", () => {
    for (const name of modelNames) {
      for (const { cacheWrite, cacheWriteHour } of Object.values(catalogueModel(name).prices)) {
        assert.equal(cacheWriteHour !== undefined, name.startsWith("claude-"), name);
        assert(cacheWriteHour === undefined || cacheWriteHour > cacheWrite, name);
      }
    }
  });

  it("has no fault, and names each price that is missing or none", () => {
    for (const name of modelNames) assert.deepEqual(modelFaults(name, catalogueModel(name)), []);
    const whole = catalogueModel("claude-haiku-4-5");
    const price = whole.prices.jp!;
    for (const field of ["input", "output", "cacheRead", "cacheWrite", "cacheWriteHour"] as const) {
      for (const found of [undefined, 0, Number.NaN, "1"]) {
        const prices = { jp: { ...price, [field]: found } } as unknown as typeof whole.prices;
        assert.deepEqual(modelFaults("new", { ...whole, prices }), [
          `new.prices.jp.${field}: found ${String(found)}; allowed a price above 0`,
        ]);
      }
    }
    assert.deepEqual(modelFaults("new", { ...whole, lifecycle: { noSoonerThan: "soon" } }), [
      "new.lifecycle.noSoonerThan: found soon; allowed an ISO date",
    ]);
  });

  it("uses Plan mode for light and Act mode for the others", () =>
    assert.deepEqual(
      modelTiers.map((tier) => planModel(platform("jp"), tier).mode),
      ["plan", "act", "act"],
    ));

  it("knows which models a residency has", () => {
    assert(!modelsWithin("jp").includes("nova-lite"));
    assert(modelsWithin("us").includes("nova-lite"));
    assert(!modelsWithin("au").includes("nova-2-lite"));
    assert.throws(
      () => planModel({ ...platform("jp"), models: { ...defaultModels, light: "nova-lite" } }, "light"),
      /inside jp/,
    );
  });

  it("names the profile in the source region and the model in each region prompts may reach", () => {
    const id = "anthropic.claude-sonnet-5-5";
    assert.deepEqual(modelArns(platformSpec().platform, "standard"), {
      inferenceProfile: `arn:aws:bedrock:ap-northeast-1:111122223333:inference-profile/jp.${id}`,
      foundationModels: [
        `arn:aws:bedrock:ap-northeast-1::foundation-model/${id}`,
        `arn:aws:bedrock:ap-northeast-3::foundation-model/${id}`,
      ],
    });
    assert.deepEqual(modelArns(platform("global"), "standard").foundationModels, [
      `arn:aws:bedrock:us-east-1::foundation-model/${id}`,
      `arn:aws:bedrock:::foundation-model/${id}`,
    ]);
  });

  it("keeps every destination inside its geography", () => {
    const inside: Record<string, RegExp> = {
      jp: /^ap-northeast-[13]$/,
      us: /^us-/,
      eu: /^eu-/,
      au: /^ap-southeast-[24]$/,
      apac: /^ap-/,
    };
    for (const [residency, pattern] of Object.entries(inside)) {
      for (const arn of modelArns(platform(residency as Residency), "light").foundationModels) {
        assert.match(arn.split(":")[3]!, pattern);
      }
    }
  });
});
