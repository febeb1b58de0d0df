import type { ProviderScope } from "./checked";
import type { Raw } from "./values";

/** Availability zones of a stand-in region: `ap-northeast-1a`, … */
const zonesOf = (region: string): string[] => ["a", "b", "c"].map((zone) => `${region}${zone}`);

/**
 * The provider functions that can be answered without an account. For any other value, a program
 * needs an input or a resource of its own.
 */
const answers: Readonly<Record<string, (scope: ProviderScope) => Readonly<Record<string, Raw>>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": ({ accountId }) => ({
    accountId,
    arn: `arn:aws:iam::${accountId}:root`,
    id: accountId,
    userId: accountId,
  }),
  "aws:index/getRegion:getRegion": ({ region }) => ({
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
    id: region,
    name: region,
    region,
  }),
  "aws:index/getPartition:getPartition": () => ({
    dnsSuffix: "amazonaws.com",
    id: "aws",
    partition: "aws",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": ({ region }) => ({
    groupNames: [region],
    id: region,
    names: zonesOf(region),
    region,
    state: "available",
    zoneIds: zonesOf(region),
  }),
};

/** Answers a provider function, or throws with a list of the supported ones. */
export function answer(token: string, scope: ProviderScope): Readonly<Record<string, Raw>> {
  const found = answers[token];
  if (found === undefined)
    throw new Error(
      `the program asks AWS for ${token}, which nothing offline can answer; pass the fact in from the stack file or from a resource (answered: ${Object.keys(answers).join(", ")})`,
    );
  return found(scope);
}
