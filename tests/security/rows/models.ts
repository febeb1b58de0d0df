import { account, region, type Row } from "../simulate";
import type { World } from "../world";

const profile = `arn:aws:bedrock:${region}:${account}:application-inference-profile/abc123def456`;
const model = (name: string, where = region) => `arn:aws:bedrock:${where}::foundation-model/${name}`;
const sonnet = model("anthropic.claude-sonnet-5-5");
const gateway = "example-platform-gateway-task";
const inside = { "aws:SourceVpc": "vpc-1", "aws:VpcSourceIp": "10.64.1.5" };
const elsewhere = { "aws:SourceVpc": "vpc-2", "aws:VpcSourceIp": "172.31.0.9" };
const tagged = { "aws:ResourceTag/Organization": "example", "aws:ResourceTag/Department": "engineering" };
const behind = { ...inside, "bedrock:InferenceProfileArn": profile };

const guardrail = (id: string) => `arn:aws:bedrock:${region}:${account}:guardrail/${id}`;
const declared = guardrail("gr1abc2def3g");

/** Applying a guardrail, which AWS checks for a chat that names one: the gateway, those of the platform's file, inside the network. */
function guardrails(others: readonly string[]): readonly Row[] {
  const apply = (title: string, body: Partial<Row> = {}): Row => ({
    title: `applying a guardrail: ${title}`,
    as: gateway,
    does: "bedrock:ApplyGuardrail",
    on: declared,
    with: inside,
    allowed: false,
    ...body,
  });
  const through = { through: "bedrock-runtime" };
  const alone = ["policy", "boundary"] as const;
  return [
    apply("the gateway, a declared one", { ...through, allowed: true }),
    apply("the endpoint, for the gateway", { ...through, alone: "endpoint", allowed: true }),
    apply("the endpoint, for the gateway, another one", { ...through, on: guardrail("other"), alone: "endpoint" }),
    ...alone.flatMap((by) => [
      apply(`the gateway, another one, by its ${by}`, { on: guardrail("other"), alone: by }),
      apply(`the gateway's credentials from outside a network, by its ${by}`, { with: {}, alone: by }),
    ]),
    apply("the gateway's credentials from another network", { with: elsewhere }),
    ...others.flatMap((as) => [
      apply(as, { as }),
      apply(`${as} through the endpoint with everything else widened`, { as, ...through, alone: "endpoint" }),
    ]),
  ];
}

/** Invoking a model: the gateway through a department's profile, inside the network; nobody else, in no other way. */
export function models(world: World): readonly Row[] {
  const invoke = (title: string, body: Partial<Row> = {}): Row => ({
    title: `invoking a model: ${title}`,
    as: gateway,
    does: "bedrock:InvokeModelWithResponseStream",
    on: profile,
    with: { ...inside, ...tagged },
    allowed: false,
    ...body,
  });
  const through = { through: "bedrock-runtime" };
  const others = [...world.roles.keys()].filter((name) => name !== gateway);
  return [
    invoke("the gateway on a department's profile", { ...through, allowed: true }),
    invoke("the gateway on the model behind it", { ...through, on: sonnet, with: behind, allowed: true }),
    invoke("the gateway on the model behind it in Osaka", {
      ...through,
      on: model("anthropic.claude-sonnet-5-5", "ap-northeast-3"),
      with: behind,
      allowed: true,
    }),
    invoke("the gateway on a bare model", { on: sonnet, with: inside }),
    invoke("the gateway on a bare model, which its own policy denies", { on: sonnet, with: inside, alone: "policy" }),
    invoke("the gateway on a model behind a profile of the system's", {
      on: sonnet,
      with: { ...inside, "bedrock:InferenceProfileArn": `arn:aws:bedrock:${region}:${account}:inference-profile/jp.x` },
    }),
    invoke("the gateway on a profile without a department", {
      with: { ...inside, "aws:ResourceTag/Organization": "example" },
    }),
    invoke("the gateway on another organization's profile", {
      with: { ...inside, ...tagged, "aws:ResourceTag/Organization": "other" },
      alone: "policy",
    }),
    invoke("the gateway's boundary on another organization's profile", {
      with: { ...inside, ...tagged, "aws:ResourceTag/Organization": "other" },
      alone: "boundary",
    }),
    invoke("the gateway on a model outside the catalogue", { on: model("anthropic.claude-opus-4-7"), with: behind }),
    invoke("the gateway's boundary on a model outside the catalogue", {
      on: model("anthropic.claude-opus-4-7"),
      with: behind,
      alone: "boundary",
    }),
    invoke("the gateway on a model outside the residency", {
      on: model("anthropic.claude-sonnet-5-5", "us-east-1"),
      with: behind,
    }),
    ...(["policy", "boundary"] as const).flatMap((alone): Row[] => [
      invoke(`the gateway's credentials on a profile from outside a network, by its ${alone}`, { with: tagged, alone }),
      invoke(`the gateway's credentials on a model from outside a network, by its ${alone}`, {
        on: sonnet,
        with: { "bedrock:InferenceProfileArn": profile },
        alone,
      }),
    ]),
    invoke("the gateway's credentials on a profile from another network", { with: { ...tagged, ...elsewhere } }),
    invoke("the gateway's credentials on a model from another network", {
      on: sonnet,
      with: { ...behind, ...elsewhere },
    }),
    invoke("the endpoint, for the gateway on a profile", { ...through, alone: "endpoint", allowed: true }),
    invoke("the endpoint, for the gateway on a model outside the catalogue", {
      ...through,
      on: model("anthropic.claude-opus-4-7"),
      with: behind,
      alone: "endpoint",
    }),
    ...others.flatMap((as): Row[] => [
      invoke(`${as} on a profile`, { as }),
      invoke(`${as} on a model`, { as, on: sonnet, with: behind }),
      invoke(`${as} with a policy widened to everything`, { as, alone: "boundary" }),
      invoke(`${as} through the endpoint with everything else widened, on a profile`, {
        as,
        ...through,
        alone: "endpoint",
      }),
      invoke(`${as} through the endpoint with everything else widened, on a model`, {
        as,
        ...through,
        on: sonnet,
        with: behind,
        alone: "endpoint",
      }),
      invoke(`${as} in a batch`, { as, does: "bedrock:CreateModelInvocationJob", on: sonnet, with: {} }),
      invoke(`${as} by a key of Bedrock's own`, {
        as,
        does: "bedrock:CallWithBearerToken",
        on: "*",
        with: {},
        alone: "boundary",
      }),
    ]),
    invoke("an administrator through the endpoint", { as: { admin: true }, ...through, alone: "endpoint" }),
    invoke("the gateway by a key of Bedrock's own", {
      does: "bedrock:CallWithBearerToken",
      on: "*",
      with: {},
      alone: "boundary",
    }),
    ...guardrails(others),
    invoke("the gateway in a batch", { does: "bedrock:CreateModelInvocationJob", on: sonnet, with: {} }),
  ];
}
