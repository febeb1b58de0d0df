import pMap from "p-map";
import { z } from "zod";
import { loadQuotaNeeds, type QuotaNeed, type StackSpec } from "../../config";
import type { Aws } from "./aws";
import type { Caller } from "./caller";
import type { Problem } from "./problem";

/** Minutes that the first `up` of a platform takes at most; its slowest parts are the databases. */
const longestUp = 60;

/** Stacks of another account than the caller's. */
export function accountProblems(specs: readonly StackSpec[], { Account }: Pick<Caller, "Account">): Problem[] {
  return specs
    .filter(({ accountId }) => accountId !== Account)
    .map(({ stack, accountId, sharedFrom }) => ({
      where: `stacks/Pulumi.${stack}.yaml  aws:allowedAccountIds`,
      found: `credentials of ${Account}`,
      needed: accountId,
      next:
        sharedFrom === undefined || specs.every((each) => each.accountId === accountId)
          ? "sign in to that account"
          : `sign in to that account for a run of its own: npm run deploy -- ${stack}`,
    }));
}

/**
 * Credentials from the environment that end too soon: nothing renews them, and an `up` that loses
 * them cannot save its state. The command line renews a profile's.
 */
export function lifetimeProblems(env: NodeJS.ProcessEnv, now: number): Problem[] {
  const ends = env["AWS_CREDENTIAL_EXPIRATION"];
  if (env["AWS_SESSION_TOKEN"] === undefined || ends === undefined) return [];
  const minutes = Math.floor((Date.parse(ends) - now) / 60_000);
  if (minutes >= longestUp) return [];
  return [
    {
      where: "credentials  AWS_CREDENTIAL_EXPIRATION",
      found: `${ends}, in ${minutes} minutes`,
      needed: `${longestUp} minutes or more`,
      next: "sign in again for a longer session, or use a profile, which renews itself",
    },
  ];
}

const answered = z.object({ Quota: z.object({ Value: z.number() }) });

/** Arguments that ask for a quota: the account's own value, and AWS's default where none was ever applied. */
export const quotaCommands = ({ service, code }: Pick<QuotaNeed, "service" | "code">) =>
  ["get-service-quota", "get-aws-default-service-quota"].map((operation) => [
    "service-quotas",
    operation,
    "--service-code",
    service,
    "--quota-code",
    code,
  ]);

/** Quotas below what all stacks of each account and region need together. */
export async function quotaProblems(root: string, specs: readonly StackSpec[], aws: Aws): Promise<Problem[]> {
  const places = new Map(specs.map(({ accountId, region }) => [`${accountId} ${region}`, { accountId, region }]));
  const asked = [...places.values()].flatMap(({ accountId, region }) =>
    loadQuotaNeeds(root, accountId, region).map((need) => ({ need, region })),
  );
  const found = await pMap(asked, ({ need, region }) => quotaProblem(need, need.region ?? region, aws), {
    concurrency: 4,
  });
  return found.flat();
}

async function quotaProblem(need: QuotaNeed, region: string, aws: Aws): Promise<Problem[]> {
  const { service, code, name, needed } = need;
  const where = `quota ${name} (${code}) of ${region}`;
  const least = `${needed}`;
  for (const command of quotaCommands(need)) {
    const answer = await aws(command, region);
    if (!answer.ok && answer.code === "NoSuchResourceException") continue;
    const read = answer.ok ? answered.safeParse(answer.value) : undefined;
    const value = read?.success ? read.data.Quota.Value : undefined;
    if (value !== undefined && value >= needed) return [];
    const next =
      value === undefined
        ? "take credentials that may read Service Quotas"
        : `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${needed}`;
    const found = value ?? (answer.ok ? "an answer of another shape" : `${answer.code}: ${answer.message}`);
    return [{ where, found: String(found), needed: least, next }];
  }
  return [{ where, found: "no quota of this code", needed: least, next: "look for its name in Service Quotas" }];
}
