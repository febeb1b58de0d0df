import { account, arn, region, stranger, type Context, type Row } from "../simulate";
import { roleOf, type World } from "../world";

const role = (name: string) => `arn:aws:iam::${account}:role/cline/example-${name}`;
const files = `arn:aws:s3:::example-platform-batch-files-${account}-${region}`;
const books = `arn:aws:s3:::example-platform-gateway-${account}-${region}`;
const runner = "example-platform-batch-runner";
const batch = "example-platform-bedrock-batch";
const stop = "example-platform-budget-stop";
const job = arn("bedrock", "model-invocation-job/abc123def456");
const profile = arn("bedrock", "inference-profile/jp.anthropic.claude-sonnet-5-5");
const sonnet = `arn:aws:bedrock:${region}::foundation-model/anthropic.claude-sonnet-5-5`;
const named = { "aws:RequestTag/Organization": "example", "aws:RequestTag/Department": "engineering" };

/** A request to S3 from inside the network, for a file of this account. */
const inside = {
  "aws:SecureTransport": "true",
  "aws:ViaAWSService": "false",
  "aws:VpceAccount": account,
  "aws:ResourceAccount": account,
};
/** One of Bedrock's, from its own network. */
const fromBedrock = { "aws:SecureTransport": "true", "aws:ViaAWSService": "false", "aws:ResourceAccount": account };

const row = (
  as: Row["as"],
  does: string,
  on: string,
  allowed: boolean,
  context: Context = {},
  more: Partial<Row> = {},
): Row => ({
  title: `${typeof as === "string" ? as : "an administrator"} ${allowed ? "may" : "may not"} ${does} on ${on}: ${JSON.stringify(context)} ${more.alone ?? ""}`,
  as,
  does,
  on,
  allowed,
  with: context,
  ...more,
});

/** A workspace sends under its own name and reads its own answers; nothing more, and nobody else's. */
function workspaces(world: World): Row[] {
  const people = [...world.roles.keys()].filter((name) => name.startsWith("example-ws-"));
  return people.flatMap((as) => {
    const { stack } = roleOf(world, as);
    const own = `${stack}/${as.slice("example-ws-".length)}`;
    const put = (key: string, allowed: boolean) =>
      row(as, "s3:PutObject", `${files}/${key}`, allowed, inside, { through: "s3" });
    const get = (key: string, allowed: boolean) =>
      row(as, "s3:GetObject", `${files}/${key}`, allowed, inside, { through: "s3" });
    const list = (prefix: string, allowed: boolean) =>
      row(as, "s3:ListBucket", files, allowed, { ...inside, "s3:prefix": prefix }, { through: "s3" });
    return [
      put(`requests/${own}/a.jsonl`, true),
      // Somebody whose name goes on.
      put(`requests/${own}-jr/a.jsonl`, false),
      put(`requests/${stack}/nobody/a.jsonl`, false),
      put(`answers/${own}/a.answers.jsonl`, false),
      put("jobs/abc/input.jsonl", false),
      get(`answers/${own}/a.answers.jsonl`, true),
      get(`answers/${own}-jr/a.answers.jsonl`, false),
      get(`requests/${own}/a.jsonl`, false),
      get("jobs/abc/output/input.jsonl.out", false),
      list(`answers/${own}/`, true),
      list(`answers/${stack}/`, false),
      list(`requests/${own}/`, false),
      row(as, "s3:PutObject", `${books}/state/batch/${stack}.json`, false, inside),
    ];
  });
}

/** Jobs are started by the runner alone, under a department's name, with the one role. */
function jobs(world: World): Row[] {
  const create = (as: string, on: string, allowed: boolean, context: Context = named, more: Partial<Row> = {}) =>
    row(as, "bedrock:CreateModelInvocationJob", on, allowed, context, more);
  const pass = (as: string, on: string, service: string, allowed: boolean, more: Partial<Row> = {}) =>
    row(as, "iam:PassRole", on, allowed, { "iam:PassedToService": service }, more);
  const others = [...world.roles.keys()].filter((name) => name !== runner);
  const through = { through: "bedrock" };
  const ours = { "aws:ResourceTag/Organization": "example", "aws:ResourceAccount": account };
  return [
    ...[sonnet, job].flatMap((on) => [
      create(runner, on, true, named, through),
      create(runner, on, false, { "aws:RequestTag/Organization": "example" }),
      create(runner, on, false, { ...named, "aws:RequestTag/Organization": "other" }),
      create(runner, on, false, {}),
    ]),
    create(runner, `arn:aws:bedrock:${region}::foundation-model/anthropic.claude-opus-4-7`, false),
    create(runner, `arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-5-5`, false),
    ...others.flatMap((as) => [create(as, sonnet, false), create(as, job, false, named, { alone: "boundary" })]),
    create(
      "example-platform-gateway-task",
      job,
      false,
      { ...named, "aws:PrincipalArn": role("ws-x-batch-runner") },
      {
        alone: "boundary",
      },
    ),
    create(
      "example-ws-tanaka",
      job,
      false,
      { ...named, "aws:PrincipalArn": role("ws-x-batch-runner") },
      {
        alone: "boundary",
      },
    ),
    row(runner, "bedrock:TagResource", job, true, { ...named, "aws:ResourceAccount": account }, through),
    row(runner, "bedrock:TagResource", job, false, { ...named, "aws:RequestTag/Organization": "other" }),
    row(runner, "bedrock:TagResource", job, false, { "aws:RequestTag/Organization": "example" }),
    row(runner, "bedrock:TagResource", arn("bedrock", "application-inference-profile/abc"), false, named),
    ...["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob"].flatMap((does) => [
      row(runner, does, job, true, ours, through),
      row(runner, does, job, false, { ...ours, "aws:ResourceTag/Organization": "other" }),
      row("example-ws-tanaka", does, job, false, ours),
      row("example-platform-gateway-task", does, job, false, ours),
    ]),
    row(stop, "bedrock:StopModelInvocationJob", job, true, ours),
    row(stop, "bedrock:StopModelInvocationJob", job, false, { ...ours, "aws:ResourceTag/Organization": "other" }),
    row(stop, "bedrock:GetModelInvocationJob", job, false, ours),
    create(stop, sonnet, false, named, { alone: "policy" }),
    pass(runner, role("platform-bedrock-batch"), "bedrock.amazonaws.com", true),
    pass(runner, role("platform-bedrock-batch"), "ecs-tasks.amazonaws.com", false, { alone: "policy" }),
    pass(runner, role("platform-gateway-task"), "bedrock.amazonaws.com", false),
    ...[runner, "example-platform-gateway-task"].map((as) =>
      pass(as, role("platform-bedrock-batch"), "lambda.amazonaws.com", false, { alone: "boundary" }),
    ),
    ...[runner, "example-platform-gateway-task"].map((as) =>
      pass(as, role("platform-gateway-task"), "bedrock.amazonaws.com", false, { alone: "boundary" }),
    ),
  ];
}

/** What Bedrock does in a batch's name: its own files, the catalogue's models through the residency's profiles. */
function inTheNameOfABatch(world: World): Row[] {
  const key = world.keys.get("alias/cline/example/platform/data")?.arn ?? "";
  const invoke = (on: string, allowed: boolean, behind?: string, more: Partial<Row> = {}) =>
    row(
      batch,
      "bedrock:InvokeModel",
      on,
      allowed,
      behind === undefined ? {} : { "bedrock:InferenceProfileArn": behind },
      more,
    );
  const department = arn("bedrock", "application-inference-profile/abc123def456");
  return [
    row(batch, "s3:GetObject", `${files}/jobs/abc/input.jsonl`, true, fromBedrock),
    row(batch, "s3:PutObject", `${files}/jobs/abc/output/x/input.jsonl.out`, true, fromBedrock),
    row(batch, "s3:GetObject", `${files}/jobs/abc/ids.json`, false, fromBedrock),
    row(batch, "s3:PutObject", `${files}/jobs/abc/input.jsonl`, false, fromBedrock),
    row(batch, "s3:GetObject", `${files}/requests/engineering/tanaka/a.jsonl`, false, fromBedrock),
    row(batch, "s3:PutObject", `${files}/answers/engineering/tanaka/a.answers.jsonl`, false, fromBedrock),
    row(batch, "s3:ListBucket", files, true, { ...fromBedrock, "s3:prefix": "jobs/abc/" }),
    row(batch, "s3:ListBucket", files, false, { ...fromBedrock, "s3:prefix": "requests/" }),
    row(batch, "s3:GetObject", `${books}/state/platform.json`, false, fromBedrock),
    row(
      batch,
      "s3:GetObject",
      `${files}/jobs/abc/input.jsonl`,
      false,
      { "aws:ResourceAccount": stranger },
      { alone: "boundary" },
    ),
    row(
      batch,
      "kms:Decrypt",
      key,
      false,
      {
        "kms:ResourceAliases": ["alias/cline/example/platform/data"],
        "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
      },
      { alone: "boundary" },
    ),
    invoke(profile, true),
    invoke(sonnet, true, profile),
    invoke(sonnet, false),
    invoke(sonnet, false, department, { alone: "policy" }),
    invoke(sonnet, false, undefined, { alone: "boundary" }),
    invoke(sonnet, false, department, { alone: "boundary" }),
    invoke(department, false),
    invoke(`arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-5-5`, false, profile),
    invoke(`arn:aws:bedrock:${region}::foundation-model/anthropic.claude-opus-4-7`, false, profile),
    row(batch, "bedrock:InvokeModelWithResponseStream", profile, false),
  ];
}

/** Prompt text is the sender's, the runner's and the model's; the books of batches are the runner's to write, and read by who counts money. */
function filesAndBooks(): Row[] {
  const list = (as: string, prefix: string, allowed: boolean) =>
    row(as, "s3:ListBucket", books, allowed, { ...inside, "s3:prefix": prefix });
  const readers = ["usage-report", "spend-check", "access-reconciler", "batch-runner"].map(
    (name) => `example-platform-${name}`,
  );
  return [
    row(runner, "s3:GetObject", `${files}/requests/engineering/tanaka/a.jsonl`, true, inside, { through: "s3" }),
    row(runner, "s3:DeleteObject", `${files}/requests/engineering/tanaka/a.jsonl`, true, inside, { through: "s3" }),
    row(runner, "s3:PutObject", `${files}/answers/engineering/tanaka/a.answers.jsonl`, true, inside, { through: "s3" }),
    row(runner, "s3:DeleteObject", `${files}/answers/engineering/tanaka/a.answers.jsonl`, false, inside),
    row(runner, "s3:PutObject", `${books}/state/batch/engineering.json`, true, inside, { through: "s3" }),
    row(runner, "s3:PutObject", `${books}/state/platform.json`, false, inside),
    row(runner, "s3:PutObject", `${books}/config/x/config.yaml`, false, inside),
    ...["operator", "auditor", "engineering-lead", "engineering-session"].map((name) =>
      row(`example-${name}`, "s3:GetObject", `${files}/answers/engineering/tanaka/a.answers.jsonl`, false, inside),
    ),
    ...["gateway-task", "usage-report", "langfuse-task"].map((name) =>
      row(`example-platform-${name}`, "s3:GetObject", `${files}/jobs/abc/input.jsonl`, false, inside),
    ),
    ...readers.flatMap((as) => [
      row(as, "s3:GetObject", `${books}/state/batch/engineering.json`, true, inside, { through: "s3" }),
      list(as, "state/batch/", true),
      list(as, "config/", false),
    ]),
    ...["usage-report", "spend-check", "access-reconciler"].map((name) =>
      row(`example-platform-${name}`, "s3:PutObject", `${books}/state/batch/engineering.json`, false, inside),
    ),
    row("example-platform-usage-report", "s3:GetObject", `${books}/state/platform.json`, false, inside),
  ];
}

/** Batches: who sends, who starts, who reads. */
export function batches(world: World): readonly Row[] {
  return [...workspaces(world), ...jobs(world), ...inTheNameOfABatch(world), ...filesAndBooks()];
}
