import { BedrockStandIn } from "./bedrock";
import { run } from "./python";

interface Usage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  cacheReadInputTokens: number;
  cacheWriteInputTokens: number;
}
interface Delta {
  text?: string;
  toolUse?: { input: string };
}
export interface Event {
  messageStart?: { role: string };
  contentBlockStart?: { start: { toolUse: { name: string; toolUseId: string } } };
  contentBlockDelta?: { delta: Delta; contentBlockIndex: number };
  contentBlockStop?: { contentBlockIndex: number };
  messageStop?: { stopReason: string };
  metadata?: { usage: Usage };
}
interface Content {
  text?: string;
  toolUse?: { toolUseId: string; name: string; input: unknown };
}
export interface Result {
  answer?: { output: { message: { role: string; content: Content[] } }; stopReason: string; usage: Usage };
  error?: string;
  message?: string;
  status?: number;
  events: Event[];
}
/** A call that boto3 makes. */
export interface Step {
  operation: "converse" | "converse_stream" | "invoke_model";
  arguments: Record<string, unknown>;
  hang_up_after?: number;
}

export const profile = "arn:aws:bedrock:ap-northeast-1:123456789012:application-inference-profile/abcdefgh1234";
export const asking = (text: string) => [{ role: "user", content: [{ text }] }];
export const plainly = { modelId: profile, messages: asking("Hello") };

export const whole = (over: Record<string, unknown> = {}): Step => ({
  operation: "converse",
  arguments: { ...plainly, ...over },
});
export const streamed = (over: Record<string, unknown> = {}): Step => ({
  operation: "converse_stream",
  arguments: { ...plainly, ...over },
});

export const usageOf = ({ answer, events }: Result) => answer?.usage ?? events.at(-1)?.metadata?.usage;

/** A stand-in for the tests of a `describe`, emptied after each, and boto3 to call it. */
export function useBedrock() {
  const bedrock = new BedrockStandIn();
  before(() => bedrock.start());
  after(() => bedrock.stop());
  afterEach(() => bedrock.reset());
  const call = async (steps: Step[], parallel = 1) =>
    (await run("bedrock_client.py", { url: bedrock.url, steps, parallel })) as Result[];
  return { bedrock, call };
}
