import assert from "node:assert/strict";
import { parse } from "yaml";
import { configurationHash, planConfiguration } from "../../../components/gateway/configuration";
import { hookSettings } from "../../../components/gateway/hook-settings";
import { listenerRules } from "../../../components/gateway/listeners";
import { litellmConfig, planConfig } from "../../../components/gateway/litellm-config";
import { configurationPlan } from "../../../compose";
import {
  catalogueModel,
  guardrailOf,
  loadStackFile,
  modelsWithin,
  modelTiers,
  planModel,
  platformState,
  residencies,
  type StackSpec,
} from "../../../config";
import { keyRoutes } from "../../../functions/shared/entitlements";
import { departmentConfig, fileText, merged, platformConfig, platformSpec } from "../../support/specs";

interface Deployment {
  readonly model_name: string;
  readonly litellm_params: Readonly<Record<string, unknown>>;
  readonly model_info: Readonly<Record<string, unknown>>;
}
const planOf = (spec: StackSpec) => configurationPlan(spec, spec.gateway!);
const deployments = (text: string) => (parse(text) as { model_list: Deployment[] }).model_list;

/** Every way a platform can choose its models, each model once for each residency that has it. */
function* choices(): Generator<StackSpec> {
  const spec = platformSpec();
  for (const residency of residencies) {
    for (const model of modelsWithin(residency)) {
      yield {
        ...spec,
        platform: { ...spec.platform, residency, models: { light: model, standard: model, strong: model } },
      };
    }
  }
}

describe("LiteLLM's configuration", () => {
  it("offers each tier once, by its bare model in the platform's region, so that nothing goes out without a profile", () => {
    const spec = platformSpec();
    const list = deployments(litellmConfig(planOf(spec)));
    assert.deepEqual(
      list.map(({ model_name }) => model_name),
      [...modelTiers],
    );
    for (const { model_name, litellm_params } of list) {
      const { model } = planModel(spec.platform, model_name as (typeof modelTiers)[number]);
      assert.equal(litellm_params["model"], `bedrock/converse/${model.id}`);
      assert.equal(litellm_params["aws_region_name"], "ap-northeast-1");
      for (const escape of ["model_id", "api_base", "aws_bedrock_runtime_endpoint", "aws_role_name"]) {
        assert.equal(escape in litellm_params, false, escape);
      }
    }
  });

  it("pins every price of the catalogue, in numbers that PyYAML reads as numbers", () => {
    let seen = 0;
    for (const spec of choices()) {
      const text = litellmConfig(planOf(spec));
      // YAML 1.1's float needs a point; without one it is text, and LiteLLM would fall back on its own prices.
      assert.doesNotMatch(text, /: \d+e-\d+$/m);
      for (const { litellm_params, model_info } of deployments(text)) {
        const price = catalogueModel(spec.platform.models.light).prices[spec.platform.residency]!;
        for (const [key, usd] of [
          ["input_cost_per_token", price.input],
          ["output_cost_per_token", price.output],
          ["cache_read_input_token_cost", price.cacheRead],
          ["cache_creation_input_token_cost", price.cacheWrite],
          ["cache_creation_input_token_cost_above_1hr", price.cacheWriteHour],
        ] as const) {
          if (usd === undefined) {
            assert.equal(key in model_info, false, key);
            continue;
          }
          // A price among litellm_params is registered anew with every request.
          assert.equal(key in litellm_params, false, key);
          const perToken = model_info[key];
          assert.equal(typeof perToken, "number", key);
          assert.ok(Math.abs((perToken as number) * 1e6 - usd) < 1e-6, `${key} of ${spec.platform.models.light}`);
          seen++;
        }
      }
    }
    assert.ok(seen > 100);
  });

  it("keeps what must not change: no response cache, no text in spend logs, no keys on trust, short key cache", () => {
    const {
      general_settings: general,
      litellm_settings: settings,
      router_settings: router,
    } = planConfig(planOf(platformSpec()));
    assert.equal(settings.cache, false);
    assert.equal(general.store_prompts_in_spend_logs, false);
    assert.equal(general.allow_requests_on_db_unavailable, false);
    assert.equal(general.use_redis_transaction_buffer, true);
    assert.ok(general.user_api_key_cache_ttl <= 5);
    // A configured fallback ignores the key's model list (seen): all fallbacks are the hook's.
    for (const key of ["fallbacks", "context_window_fallbacks", "default_fallbacks"]) {
      assert.equal(key in router || key in settings, false, key);
    }
  });

  it("holds no secret: every credential is read from the environment", () => {
    const text = litellmConfig(planOf(platformSpec()));
    const credentials = [...text.matchAll(/^\s*\w*(?:password|master_key|secret):\s*(\S+)$/gm)];
    assert.ok(credentials.length >= 3);
    for (const [, value] of credentials) assert.match(value ?? "", /^os\.environ\//);
  });

  it("marks nothing for the prompt cache itself: LiteLLM would mark each of several system messages", () => {
    for (const { litellm_params } of deployments(litellmConfig(planOf(platformSpec())))) {
      assert.equal("cache_control_injection_points" in litellm_params, false);
    }
  });

  it("bounds each group's answer by its model, and falls back to other groups only", () => {
    for (const spec of choices()) {
      const { models, region } = JSON.parse(hookSettings(planOf(spec))) as {
        region: string;
        models: Record<
          string,
          { maxTokens: number; defaultMaxTokens: number; maxInFlight: number; fallbacks: string[] }
        >;
      };
      assert.equal(region, spec.region);
      for (const [tier, group] of Object.entries(models)) {
        assert.ok(group.maxTokens <= catalogueModel(spec.platform.models.light).maxOutput);
        assert.ok(group.defaultMaxTokens <= group.maxTokens && group.maxInFlight > 0);
        assert.equal(group.fallbacks.includes(tier), false);
        assert.ok(group.fallbacks.every((fallback) => fallback in models));
      }
    }
  });
});

describe("a stack file's quotas and queue", () => {
  it("reach LiteLLM's limits and the hook's settings", () => {
    const spec = platformSpec({
      "cline:platform": { quotas: { bedrock: { strong: { tpm: 750_000, rpm: 321 } } } },
      "cline:gateway": { queue: { waitSeconds: 20, outageSeconds: 5, places: { light: 7 } } },
    });
    const strong = deployments(litellmConfig(planOf(spec))).find(({ model_name }) => model_name === "strong")!;
    assert.equal(strong.litellm_params["max_parallel_requests"], 321);
    // LiteLLM would count every call of a deployment that has one.
    assert.equal("tpm" in strong.litellm_params || "rpm" in strong.litellm_params, false);
    const settings = JSON.parse(hookSettings(planOf(spec))) as Record<string, unknown> & {
      models: Record<string, { maxInFlight: number }>;
    };
    assert.deepEqual([settings["maxWaitSeconds"], settings["graceSeconds"]], [20, 5]);
    assert.deepEqual([settings.models["light"]!.maxInFlight, settings.models["strong"]!.maxInFlight], [7, 30]);
  });
});

describe("the caps' guardrails", () => {
  const guardrails = { default: { id: "gr1", version: 2 }, engineering: { id: "gr2", version: 7 } };
  const caps = { default: { guardrail: guardrails.default }, engineering: { guardrail: guardrails.engineering } };
  const choice = loadStackFile(
    {
      "Pulumi.platform.yaml": fileText(merged(platformConfig, { "cline:platform": { caps } })),
      "Pulumi.engineering.yaml": fileText(departmentConfig),
    },
    "platform",
  );

  it("reach the hook as Bedrock's Converse takes them, by department, and no model", () => {
    const settingsOf = (spec: StackSpec) =>
      (JSON.parse(hookSettings(planOf(spec))) as { guardrails: unknown }).guardrails;
    assert.deepEqual(settingsOf(choice), {
      default: { guardrailIdentifier: "gr1", guardrailVersion: "2" },
      engineering: { guardrailIdentifier: "gr2", guardrailVersion: "7" },
    });
    assert.doesNotMatch(litellmConfig(planOf(choice)), /guardrail/i);
    assert.deepEqual(settingsOf(platformSpec()), {});
  });

  it("are a department's own, or the default, and are declared to the batch runner", () => {
    const { guardrails: known } = platformState(choice);
    assert.deepEqual(guardrailOf(known, "engineering"), guardrails.engineering);
    assert.deepEqual(guardrailOf(known, "design"), guardrails.default);
    assert.equal(guardrailOf({ engineering: guardrails.engineering }, "design"), undefined);
    assert.equal(guardrailOf({}, "toString"), undefined);
  });
});

describe("a stack file's extras", () => {
  const opened = platformSpec({ "cline:gateway": { extras: ["messages"] } });
  const routesOf = (spec: StackSpec) =>
    (JSON.parse(hookSettings(planOf(spec))) as { edge: { routes: { path: string }[] } }).edge.routes;
  const messages = ({ path }: { path: string }) => path.startsWith("/v1/messages");

  it("are off unless written: no rule of the load balancer and no route of the edge", () => {
    assert.deepEqual(platformSpec().gateway!.extras, []);
    assert.equal(routesOf(platformSpec()).some(messages), false);
    const rules = (["api", "management"] as const).flatMap((listener) => listenerRules(listener, []));
    assert.equal(
      rules.some(({ pathPattern }) => messages({ path: pathPattern })),
      false,
    );
  });

  it("open one route, at the API's listener, which LiteLLM's chat route answers", () => {
    const added = routesOf(opened).filter((route) => messages(route));
    assert.deepEqual(added, [
      {
        method: "POST",
        path: "/v1/messages",
        caller: "developer",
        answeredFrom: "/v1/chat/completions",
        extra: "messages",
      },
    ]);
    assert.equal(routesOf(opened).length, routesOf(platformSpec()).length + 1);
    const nouns = listenerRules("api", []).map(({ noun }) => noun);
    const more = listenerRules("api", ["messages"]).filter(({ noun }) => !nouns.includes(noun));
    assert.deepEqual(
      more.map(({ method, pathPattern }) => `${method} ${pathPattern}`),
      ["POST /v1/messages"],
    );
    assert.deepEqual(listenerRules("management", ["messages"]), listenerRules("management", []));
    assert.equal(litellmConfig(planOf(opened)), litellmConfig(planOf(platformSpec())));
  });

  it("of messages open no route of LiteLLM to a key", () => {
    assert.deepEqual(keyRoutes({ profiles: {} }), ["/v1/chat/completions", "/v1/models"]);
  });

  it("are told by the preview of the stack whose gateway it is", () => {
    const told = (spec: StackSpec) => spec.notes.filter((note) => note.includes("extras"));
    assert.deepEqual(told(opened), [
      "cline:gateway.extras of stacks/Pulumi.platform.yaml has messages: the gateway also answers POST /v1/messages, to the same keys and budgets.",
    ]);
    assert.deepEqual(told(platformSpec()), []);
  });
});

describe("the configuration's hash", () => {
  it("is the same for the same files, and another for any change of one", () => {
    const configuration = planConfiguration(planOf(platformSpec()));
    const hash = configurationHash(configuration);
    assert.equal(configurationHash(planConfiguration(planOf(platformSpec()))), hash);
    assert.ok("cline_gateway/hook.py" in configuration);
    for (const file of Object.keys(configuration)) {
      assert.notEqual(configurationHash({ ...configuration, [file]: `${configuration[file] ?? ""}\n` }), hash, file);
      const { [file]: _gone, ...others } = configuration;
      assert.notEqual(configurationHash(others), hash, file);
    }
  });
});
