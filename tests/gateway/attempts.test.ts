import assert from "node:assert/strict";
import { Client, useClient, type Ask } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";

const otherProfile = profileOf("attempts-beside", "strong");
const message = (content: unknown) => ({ messages: [{ role: "user", content }] });
const image = (url: string) => message([{ type: "image_url", image_url: { url } }]);
const inside = "http://169.254.170.2/v2/credentials";

/** A body for embeddings in the place of a conversation. */
const texts = { messages: undefined, max_tokens: undefined, input: "Say hello." };

/** Routes that send something to Bedrock, each with what it asks for. */
const asked: Readonly<Record<string, Partial<Ask>>> = {
  "/v1/chat/completions": {},
  "/v1/messages": {},
  "/v1/embeddings": { model: "embedding", more: texts },
};

/** Attempts that a route has no part in: the body of embeddings may name a user, who is left out. */
const harmless: Readonly<Record<string, readonly string[]>> = { "/v1/embeddings": ["books: user"] };

/** Everything a caller might put in to change profile, region, endpoint, credentials or books; by what it would change. A path is a query. */
const attempts: Readonly<Record<string, Partial<Ask>>> = {
  "profile: model_id": { more: { model_id: otherProfile } },
  "profile: as the model": { model: `bedrock/${otherProfile}` },
  "profile: a bare model as the model": { model: "bedrock/converse/anthropic.claude-opus-5-5" },
  "profile: model_info": { more: { model_info: { id: "strong", base_model: "x" } } },
  "profile: deployment by its id": { model: "strong-claude-opus-5-5" },
  "profile: specific_deployment": { more: { specific_deployment: true } },
  "profile: aws_bedrock_inference_profile": { more: { aws_bedrock_inference_profile: otherProfile } },
  "profile: litellm_params": { more: { litellm_params: { model_id: otherProfile } } },
  "profile: in extra_body": { more: { extra_body: { model_id: otherProfile } } },
  "profile: in optional_params": { more: { optional_params: { model_id: otherProfile } } },
  "profile: in metadata": { more: { metadata: { model_group: "strong", model_id: otherProfile } } },
  "profile: a fallback by name": { more: { fallbacks: ["strong"] } },
  "profile: a fallback with its own fields": { more: { fallbacks: [{ model: "light", model_id: otherProfile }] } },
  "profile: context_window_fallbacks": { more: { context_window_fallbacks: [{ light: ["strong"] }] } },
  "profile: two models": { model: "light,strong" },
  "profile: a list of models": { more: { model: ["light", "strong"] } },
  "profile: a queried model": { path: "?model=strong" },
  "region: aws_region_name": { more: { aws_region_name: "us-east-1" } },
  "region: region_name": { more: { region_name: "us-east-1" } },
  "region: nested fallback": { more: { fallbacks: [{ model: "light", aws_region_name: "us-east-1" }] } },
  "region: allowed_model_region": { more: { allowed_model_region: "eu" } },
  "endpoint: api_base": { more: { api_base: "http://127.0.0.1:1/" } },
  "endpoint: base_url": { more: { base_url: "http://127.0.0.1:1/" } },
  "endpoint: aws_bedrock_runtime_endpoint": { more: { aws_bedrock_runtime_endpoint: "http://127.0.0.1:1/" } },
  "endpoint: aws_sts_endpoint": { more: { aws_sts_endpoint: "http://127.0.0.1:1/" } },
  "endpoint: api_version in the query": { path: "?api-version=1" },
  "endpoint: custom_llm_provider": { more: { custom_llm_provider: "openai" } },
  "endpoint: use_in_pass_through": { more: { use_in_pass_through: true } },
  "credentials: api_key": { more: { api_key: "sk-other" } },
  "credentials: aws keys": { more: { aws_access_key_id: "AKIAOTHER", aws_secret_access_key: "x" } },
  "credentials: aws_session_token": { more: { aws_session_token: "x" } },
  "credentials: aws_role_name": { more: { aws_role_name: "arn:aws:iam::111122223333:role/x", aws_session_name: "x" } },
  "credentials: aws_profile_name": { more: { aws_profile_name: "other" } },
  "credentials: aws_web_identity_token": { more: { aws_web_identity_token: "os.environ/LITELLM_MASTER_KEY" } },
  "credentials: litellm_credential_name": { more: { litellm_credential_name: "other" } },
  "credentials: user_config": { more: { user_config: { model_list: [] } } },
  "credentials: model_list": { more: { model_list: [] } },
  "headers: extra_headers": { more: { extra_headers: { "x-amzn-bedrock-trace": "ENABLED" } } },
  "headers: headers": { more: { headers: { authorization: "x" } } },
  "headers: LiteLLM's callbacks off": { headers: { "x-litellm-disable-callbacks": "otel" } },
  "headers: LiteLLM's retries": { headers: { "x-litellm-num-retries": "50" } },
  "headers: LiteLLM's time-out": { headers: { "x-litellm-timeout": "1" } },
  "headers: LiteLLM's tags": { headers: { "x-litellm-tags": "a,b" } },
  "headers: the provider's beta": { headers: { "anthropic-beta": "context-1m-2025-08-07" } },
  "headers: names in traces": { headers: { baggage: "litellm.team.id=attempts-beside" } },
  "books: user": { more: { user: "somebody-else" } },
  "books: metadata": { more: { metadata: { tags: ["x"] } } },
  "books: spend of a custom price": { more: { input_cost_per_token: 0, output_cost_per_token: 0 } },
  "books: a cached answer": { more: { cache: { "use-cache": true } } },
  "books: no logging": { more: { "no-log": true } },
  "books: request_timeout": { more: { timeout: 1 } },
  "books: retries": { more: { num_retries: 50 } },
  "books: more than one answer": { more: { n: 5 } },
  "guardrail: guardrailConfig": {
    more: { guardrailConfig: { guardrailIdentifier: "other", guardrailVersion: "1" } },
  },
  "guardrail: none": { more: { guardrailConfig: null, guardrail_config: {} } },
  "guardrail: in a fallback": { more: { fallbacks: [{ model: "light", guardrailConfig: {} }] } },
  "guardrail: by header": { headers: { "x-amzn-bedrock-guardrailidentifier": "other" } },
  "guardrail: a part of one's own choice": { more: message([{ type: "guarded_text", text: "only this" }]) },
  "guardrail: LiteLLM's, switched off": { more: { disable_global_guardrails: true } },
  "queue: priority": { more: { priority: 1 } },
  "queue: a place of one's own": { more: { metadata: { cline_place: "0" } } },
  "queue: another's share": { more: { metadata: { user_api_key_user_id: "x", user_api_key_team_id: "x" } } },
  "network: an image by address": { more: image(inside) },
  "network: an image by address, as text": { more: message([{ type: "image_url", image_url: inside }]) },
  "network: an image in a file": { more: image("file:///etc/passwd") },
  "network: a document": { more: message([{ type: "file", file: { file_id: inside } }]) },
  "network: a video": { more: message([{ type: "video_url", video_url: { url: inside } }]) },
  "network: a tool server": { more: { tools: [{ type: "mcp", server_url: inside, server_label: "x" }] } },
  "network: a web search": { more: { web_search_options: {} } },
  "network: a prompt by id": { more: { prompt_id: "x", prompt_variables: {} } },
  "profile: metadata of another team": {
    more: { metadata: { user_api_key_team_metadata: { profiles: { light: otherProfile } } } },
  },
  "profile: litellm_metadata": { more: { litellm_metadata: { model_group: "strong" } } },
  "books: mock answer": { more: { mock_response: "free" } },
  "books: guardrails": { more: { guardrails: [] } },
  "books: a stream without its usage": { more: { stream: true, _litellm_strip_stream_usage: true } },
  "size: negative tokens": { more: { max_tokens: -1 } },
  "size: tokens as text": { more: { max_tokens: "10" } },
};

/** Ways past these routes. */
const routes = [
  "/v1/completions",
  "/embeddings",
  "/v1/embeddings/",
  "/engines/embedding/embeddings",
  "/openai/deployments/embedding/embeddings",
  "/v1/responses",
  "/v1/messages/count_tokens",
  "/v1/messages/batches",
  "/v1/files",
  "/v1/batches",
  "/v1/images/generations",
  "/v1/audio/speech",
  "/v1/rerank",
  "/v1/moderations",
  "/bedrock/model/anthropic.claude-opus-5-5/converse",
  "/anthropic/v1/messages",
  "/openai/v1/chat/completions",
  "/openai/deployments/strong/chat/completions",
  "/engines/strong/chat/completions",
  "/v1/chat/completions/../../key/generate",
  "/v1beta/models/light:generateContent",
  "/mcp/",
  "/utils/token_counter",
  "/key/generate",
  "/key/update",
  "/key/info",
  "/user/info",
  "/team/info",
  "/team/new",
  "/model/new",
  "/config/update",
  "/spend/logs",
  "/health",
  "/cache/flushall",
  "/chat/completions",
  "/models",
];

describe("what a virtual key may ask for", () => {
  const client = useClient(world);
  let key: string;

  before(async () => {
    await onboard(world(), departmentState("attempts-beside", { victim: {} }, { embeddings: true }));
    key = (await onboard(world(), departmentState("attempts", { a: { models: ["light"] } }, { embeddings: true })))[
      "a"
    ]!;
  });

  for (const [route, ask] of Object.entries(asked)) {
    it(`serves what ${route} is for`, async () => {
      const answer = await client.chat({ key, ...ask, path: route });
      assert.equal(answer.status, 200, Client.words(answer));
    });

    for (const [what, attempt] of Object.entries(attempts)) {
      if (harmless[route]?.includes(what)) continue;
      it(`refuses ${what}, on ${route}`, async () => {
        const before = world().bedrock.requests.length;
        const more = { ...ask.more, ...attempt.more };
        const answer = await client.chat({ key, ...ask, ...attempt, more, path: `${route}${attempt.path ?? ""}` });
        assert.ok([400, 401, 403].includes(answer.status), Client.words(answer));
        assert.equal(world().bedrock.requests.length, before, "a request went out to Bedrock");
        assert.doesNotMatch(answer.text, /sk-master|test-secret|Traceback/);
      });
    }
  }

  for (const route of routes) {
    it(`refuses the route ${route}`, async () => {
      const before = world().bedrock.requests.length;
      const answer = await client.chat({ key, path: route, more: { key, input: "x", prompt: "x" } });
      assert.ok([401, 403, 404, 405].includes(answer.status), Client.words(answer));
      assert.equal(world().bedrock.requests.length, before, "a request went out to Bedrock");
    });
  }

  it("sends what it admits through the department's own profile, for the gateway's region, with bounded tokens", async () => {
    const { bedrock } = world();
    const before = bedrock.requests.length;
    const whole = {
      max_tokens: 1_000_000,
      temperature: 0.5,
      top_p: 0.9,
      stop: ["x"],
      tools: [{ type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } }],
      tool_choice: "auto",
      litellm_session_id: "cline-1",
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: pixel } },
          ],
        },
      ],
    };
    for (const stream of [false, true]) {
      const answer = await client.chat({ key, more: whole, stream });
      assert.equal(answer.status, 200, Client.words(answer));
    }
    for (const { model, region, accessKeyId, body } of bedrock.requests.slice(before)) {
      assert.equal(model, profileOf("attempts", "light"));
      assert.equal(region, "ap-northeast-1");
      assert.equal(accessKeyId, "AKIAGATEWAYTASKROLE0");
      assert.equal(body.inferenceConfig?.maxTokens, 38_400);
    }
    assert.equal(bedrock.requests.length, before + 2);
  });
});

const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
