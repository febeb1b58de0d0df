import assert from "node:assert/strict";
import { planGatewayBoundary } from "../../../components/access/boundaries";
import { actionScope } from "../../../components/actions/scope";
import { contextOf } from "../../../components/context-of";
import { embeddingLimits } from "../../../components/gateway/bounds";
import { hookSettings } from "../../../components/gateway/hook-settings";
import { listenerRules } from "../../../components/gateway/listeners";
import { litellmConfig, planConfig } from "../../../components/gateway/litellm-config";
import { taskStatements } from "../../../components/gateway/task-policies";
import { configurationPlan } from "../../../compose";
import { earliestEnd, embeddingModel, loadStackFile, retirementNotes, type StackSpec } from "../../../config";
import { keyRoutes, planKey, planMember, planTeam } from "../../../functions/shared/entitlements";
import { declaredDepartment, declaredPlatform } from "../../support/declared";
import { deployFiles, type DeployedStack } from "../../support/deployed";
import { departmentConfig, fileText, merged, platformConfig, platformSpec, type Config } from "../../support/specs";

const opened: Config = { "cline:gateway": { extras: ["embeddings"] } };
const both: Config = { "cline:gateway": { extras: ["embeddings", "messages"] } };
const planOf = (over: Config = {}) => {
  const spec = platformSpec(over);
  return configurationPlan(spec, spec.gateway!);
};
const files = (platform: Config = {}, department: Config = {}, region = "ap-northeast-1") => ({
  "Pulumi.platform.yaml": fileText(merged({ ...platformConfig, "aws:region": region }, platform)),
  "Pulumi.engineering.yaml": fileText(merged({ ...departmentConfig, "aws:region": region }, department)),
});
const specOf = (stack: string, platform: Config = {}, department: Config = {}): StackSpec =>
  loadStackFile(files(platform, department), stack);
const model = "arn:aws:bedrock:ap-northeast-1::foundation-model/amazon.titan-embed-text-v2:0";
const profile = "arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile/e1";

it("a failed try for embeddings costs at most $0.02: every token has a byte of the body at least", () => {
  assert.ok((embeddingLimits.bytes * embeddingModel.price) / 1e6 <= 0.02);
});

describe("embeddings in the plan", function () {
  this.timeout(600_000);
  let closed: readonly DeployedStack[];
  let open: readonly DeployedStack[];

  before(async () => {
    closed = await deployFiles(files());
    open = await deployFiles(files(both));
  });

  /** Files of the gateway's configuration are named by their content. */
  const urns = (stacks: readonly DeployedStack[]) =>
    stacks.flatMap(({ spec, resources }) =>
      resources.map(({ type, name }) => `${spec.stack} ${type} ${name.replace(/^gateway-[0-9a-f]{12}-/, "file ")}`),
    );

  it("leave no trace where they are closed, but for the hook's own files", () => {
    const traces = closed.flatMap(({ spec, resources }) =>
      resources
        .filter(({ name }) => !name.endsWith(".py"))
        // The task's definition lists the hook's files. The other is a flag of Bedrock's invocation log.
        .map((each) => ({
          ...each,
          text: JSON.stringify(each.inputs).replaceAll(/embeddings\.py|embeddingDataDelivery/g, ""),
        }))
        .filter(({ text }) => /embedding|titan/i.test(text))
        .map(({ type, name }) => `${spec.stack} ${type} ${name}`),
    );
    assert.deepEqual(traces, []);
  });

  it("add a rule of each route and a profile of each department where they are opened, and move nothing", () => {
    const before = urns(closed);
    const after = urns(open);
    assert.deepEqual(
      before.filter((urn) => !after.includes(urn)),
      [],
    );
    assert.deepEqual(
      after
        .filter((urn) => !before.includes(urn))
        .map((urn) => urn.replace(/aws:\w+\/\w+:/, ""))
        .sort(),
      [
        "engineering InferenceProfile gateway-embedding",
        "platform ListenerRule gateway-load-balancer-https-post-v1-embeddings",
        "platform ListenerRule gateway-load-balancer-https-post-v1-messages",
      ],
    );
  });

  it("copy the model of the region into a profile with the department's tags", () => {
    const { resources } = open.find(({ spec }) => spec.stack === "engineering")!;
    const { inputs } = resources.find(({ name }) => name === "gateway-embedding")!;
    assert.deepEqual(inputs["modelSource"], { copyFrom: model });
    assert.equal(inputs["name"], "example-engineering-embedding");
    const tags = inputs["tags"] as Readonly<Record<string, string>>;
    for (const tag of ["Department", "ModelSpend"]) assert.equal(tags[tag], "engineering");
    const user = resources.filter(({ inputs: { userData } }) => typeof userData === "string");
    assert.equal(user.length, 2);
    for (const each of user) assert.match(unpacked(each.inputs["userData"] as string), /\/v1\/embeddings/);
  });
});

/** User data with the files in it. */
const unpacked = (text: string): string =>
  `${text} ${[...text.matchAll(/[A-Za-z0-9+/=]{200,}/g)].map(([each]) => Buffer.from(each, "base64").toString()).join(" ")}`;

describe("embeddings in the gateway's files", () => {
  it("are one more deployment by the bare model, with its price and window", () => {
    const { model_list } = planConfig(planOf(opened));
    assert.deepEqual(model_list.slice(0, 3), planConfig(planOf()).model_list);
    assert.deepEqual(model_list.slice(3), [
      {
        model_name: "embedding",
        litellm_params: {
          model: "bedrock/amazon.titan-embed-text-v2:0",
          aws_region_name: "ap-northeast-1",
          timeout: 1800,
        },
        model_info: {
          id: "embedding-titan-embed-text-v2",
          base_model: "amazon.titan-embed-text-v2:0",
          mode: "embedding",
          input_cost_per_token: 2e-8,
          output_cost_per_token: 0,
          max_tokens: 8192,
          max_input_tokens: 8192,
        },
      },
    ]);
    assert.match(litellmConfig(planOf(opened)), /input_cost_per_token: 2\.0e-8/);
  });

  it("are a group of the hook and limits of the edge, which nothing has where they are closed", () => {
    const settings = JSON.parse(hookSettings(planOf(opened))) as {
      models: Record<string, { embeds?: boolean; info: { model_info: unknown } }>;
      edge: { routes: { path: string; extra?: string }[]; embeddings: unknown };
    };
    const { embedding, ...tiers } = settings.models;
    assert.equal(embedding!.embeds, true);
    assert.deepEqual(settings.edge.embeddings, {
      bytes: 1_000_000,
      inputs: 128,
      characters: 50_000,
      dimensions: [1024, 512, 256],
    });
    const { embeddings: _limits, ...edge } = settings.edge;
    const routes = edge.routes.filter(({ path }) => path !== "/v1/embeddings");
    assert.equal(routes.length, edge.routes.length - 1);
    assert.deepEqual({ ...settings, models: tiers, edge: { ...edge, routes } }, JSON.parse(hookSettings(planOf())));
  });

  it("have one rule, at the API's listener", () => {
    const added = listenerRules("api", ["embeddings"]).filter(({ pathPattern }) => pathPattern === "/v1/embeddings");
    assert.deepEqual(
      added.map(({ method }) => method),
      ["POST"],
    );
    assert.equal(listenerRules("api", ["embeddings"]).length, listenerRules("api", []).length + 1);
    assert.deepEqual(listenerRules("management", ["embeddings"]), listenerRules("management", []));
  });
});

describe("embeddings in IAM", () => {
  const statements = (over: Config) =>
    taskStatements({ context: contextOf(platformSpec(over)), models: planOf(over).models }).flatMap((each) =>
      each === undefined ? [] : [each],
    );

  it("are one statement of the gateway's role: InvokeModel, of this model, behind a department's profile", () => {
    const [before, after] = [statements({}), statements(opened)];
    const added = after.filter(({ Sid }) => !before.some((each) => each.Sid === Sid));
    assert.deepEqual(added, [
      {
        Sid: "EmbeddingsBehindProfiles",
        Effect: "Allow",
        Action: "bedrock:InvokeModel",
        Resource: [model],
        Condition: {
          ArnLike: {
            "bedrock:InferenceProfileArn":
              "arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile/*",
          },
        },
      },
    ]);
    assert.deepEqual(
      after.filter(({ Sid }) => Sid !== "EmbeddingsBehindProfiles"),
      before,
    );
  });

  it("stand in the boundary where a gateway of the account opens them", () => {
    const names = (spec: StackSpec) =>
      planGatewayBoundary({ ...actionScope(spec), payingAccount: false }).includes(`"${model}"`);
    const gateway = { minTasks: 2, maxTasks: 4 };
    const alone: Config = {
      "cline:network": { cidr: "10.65.0.0/20", zones: 2 },
      "cline:gateway": { ...gateway, extras: ["embeddings"] },
      "cline:observability": { logRetentionDays: 365 },
    };
    assert.equal(names(specOf("platform")), false);
    assert.equal(names(specOf("platform", opened)), true);
    assert.equal(names(specOf("platform", {}, alone)), true);
    assert.equal(names(specOf("platform", {}, { ...alone, "aws:allowedAccountIds": ["444455556666"] })), false);
  });
});

describe("embeddings in the stack files", () => {
  it("are those of the gateway that a department uses", () => {
    assert.deepEqual(specOf("engineering").extras, []);
    assert.deepEqual(specOf("engineering", opened).extras, ["embeddings"]);
    const own: Config = {
      "cline:network": { cidr: "10.65.0.0/20", zones: 2 },
      "cline:gateway": { minTasks: 2, maxTasks: 4 },
      "cline:observability": { logRetentionDays: 365 },
    };
    assert.deepEqual(specOf("engineering", opened, own).extras, []);
    assert.deepEqual(specOf("engineering", opened, own).extrasWithin, []);
  });

  it("are refused in a region that has no such model", () => {
    const there: Config = { ...opened, "cline:platform": { residency: "us" } };
    const load = (region: string) => loadStackFile(files(there, {}, region), "platform");
    assert.throws(
      () => load("us-west-1"),
      /Pulumi\.platform\.yaml {2}cline:gateway\.extras\[0\]: found embeddings in us-west-1; allowed only in a region with Amazon Titan Text Embeddings V2: ap-northeast-1,.*; remove it/,
    );
    assert.deepEqual(load("us-west-2").extras, ["embeddings"]);
  });

  it("are told by the preview, and so is the end of their model", () => {
    assert.match(
      specOf("platform", opened).notes.join("\n"),
      /has embeddings: the gateway also answers POST \/v1\/embeddings/,
    );
    const { platform } = platformSpec();
    const told = (today: string, extras: StackSpec["extras"]) =>
      retirementNotes(platform, today, extras).filter((note) => note.includes("embedding"));
    assert.equal(earliestEnd(embeddingModel.lifecycle), "2027-04-09");
    assert.deepEqual(told("2027-02-07", ["embeddings"]), []);
    assert.deepEqual(told("2027-02-08", []), []);
    assert.deepEqual(told("2027-02-08", ["embeddings"]), [
      "AWS may end Amazon Titan Text Embeddings V2 (embedding) from 2027-04-09 on: read its model card on Bedrock and renew lifecycleSource. " +
        "No other model answers for it: its vectors cannot be compared with another's.",
    ]);
  });
});

describe("embeddings in the keys", () => {
  const without = declaredDepartment();
  const state = { ...without, profiles: { ...without.profiles, embedding: profile } };
  const [platform, today] = [declaredPlatform(), "2026-11-22"];

  it("are every developer's where the department has their profile, beside the declared tiers, and nobody's else", () => {
    for (const developer of state.developers) {
      const models = [...developer.models, "embedding"];
      const key = planKey(platform, state, developer, today, "v1");
      assert.deepEqual(key.models, models);
      assert.deepEqual(key.allowed_routes, ["/v1/chat/completions", "/v1/models", "/v1/embeddings"]);
      assert.deepEqual(planMember(platform, state, developer, today).allowed_models, models);
      const other = planKey(platform, without, developer, today, "v1");
      assert.deepEqual(other.models, developer.models);
      assert.deepEqual(other.allowed_routes, keyRoutes(without));
      assert.equal(other.allowed_routes.includes("/v1/embeddings"), false);
    }
    assert.deepEqual(planTeam(platform, state, today).models, [...state.models, "embedding"]);
    assert.deepEqual(planTeam(platform, without, today).models, without.models);
  });
});
