import { loadStacks, names, type StackSpec } from "../config";
import type { PolicyConfig } from "../offline/pack-client";
import { chosenStacks } from "./chosen";
import { exit, parseFlags, UsageError } from "./usage";

export const summary = "settings of the policy pack for a stack, for the Pulumi CLI";

export const help = `npm run --silent policy-config -- STACK > FILE

${summary}: the MFA mode of the stack's platform, for every policy that judges by it, and the names
of the roles that may invoke models. Pass FILE as --policy-pack-config. \`npm run preview\`, \`npm run deploy\` and the workflows do so by themselves.
Exit codes: 0 printed, 2 a fault in a stack file or the call.
`;

/** Policies that judge by the platform's MFA mode; a test holds the list against the pack. */
const byMode = [
  "iam-human-trust-requires-mfa",
  "ssm-no-alternate-shell",
  "ssm-no-runcommand-for-humans",
  "ssm-session-requires-mfa",
] as const;

type Judged = Pick<StackSpec, "stack" | "platform">;

/** A stack's settings of the pack, by policy. */
export function packSettings({ stack, platform: { mfaMode, organization } }: Judged): PolicyConfig {
  const { role, boundary } = names(organization);
  const invokers = [
    ...["gateway-task", "bedrock-batch"].map((purpose) => role(stack, purpose)),
    ...(["gateway", "bedrock-batch"] as const).map(boundary),
  ];
  return {
    "bedrock-only-gateway-invokes": { invokers },
    ...Object.fromEntries(byMode.map((name) => [name, { mfaMode }])),
  };
}

/** The same as Pulumi's policy config file has them. */
export const policyConfig = (stack: Judged): string => `${JSON.stringify(packSettings(stack), undefined, 2)}\n`;

/** Prints the settings of one stack. Resolves with the exit code. */
export function run(args: readonly string[], root: string): Promise<number> {
  const { positionals } = parseFlags(args, {}, help);
  const [spec, ...others] = positionals.length === 0 ? [] : chosenStacks(loadStacks(root), positionals);
  if (spec === undefined || others.length > 0)
    throw new UsageError(
      `STACK: found ${positionals.join(", ") || "none"}; allowed one stack; npm run policy-config -- engineering`,
    );
  process.stdout.write(policyConfig(spec));
  return Promise.resolve(exit.ok);
}
