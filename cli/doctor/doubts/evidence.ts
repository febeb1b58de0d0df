import { z } from "zod";
import { fail, judged, pass, unknown, type Doubt, type Question } from "../doubt";

/** A rule that sees read-only management events too. */
const ruleRow = (purpose: string, region?: string): Question => ({
  aws: ({ platform: { names } }) => ["events", "describe-rule", "--name", names.eventRule(purpose)],
  ...(region !== undefined && { region }),
  judge: judged(z.object({ State: z.string() }), ({ State }) =>
    (State === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" ? pass : fail)(State),
  ),
  onError: { ResourceNotFoundException: unknown("the platform does not stand") },
});

/** Trail, alarms, network and money. */
export const evidenceDoubts: readonly Doubt[] = [
  {
    id: "trail-delivers",
    doubt: "CloudTrail writes into its encrypted bucket with a bucket key.",
    matters: "Without kms:Decrypt on the key its creation or its delivery fails.",
    stage: "platform stands",
    settle: {
      aws: ({ platform: { names } }) => ["cloudtrail", "get-trail-status", "--name", names.trail()],
      judge: judged(
        z.object({
          IsLogging: z.boolean(),
          LatestDeliveryError: z.string().optional(),
          LatestDeliveryTime: z.union([z.string(), z.number()]).optional(),
        }),
        ({ IsLogging, LatestDeliveryError, LatestDeliveryTime }) => {
          if (!IsLogging) return fail("the trail does not log");
          if (LatestDeliveryError) return fail(`the last delivery failed: ${LatestDeliveryError}`);
          return LatestDeliveryTime === undefined ? unknown("nothing was delivered yet") : pass("it delivers");
        },
      ),
      onError: { TrailNotFoundException: unknown("the platform does not stand") },
    },
    pass: "IsLogging, with a delivery and without a delivery error",
    stated: "components/observability/audit-trail.ts",
  },
  {
    id: "read-events",
    doubt: "EventBridge keeps the state that hands over read-only management events.",
    matters: "In the plain state events such as StartSession never reach the alarm.",
    stage: "platform stands",
    settle: ruleRow("session-events"),
    pass: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
    stated: "components/observability/security-events.ts",
  },
  {
    id: "identity-events",
    doubt: "Events of IAM are forwarded from us-east-1.",
    matters: "IAM's events arrive in that region alone; without the rule no alarm sees a new user or key.",
    stage: "platform stands",
    settle: ruleRow("identity-events-us-east-1", "us-east-1"),
    pass: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
    stated: "components/observability/security-events.ts",
  },
  {
    id: "bucket-endpoint",
    doubt: "A bucket of the stack is reached through the endpoint and refused without it.",
    matters: "aws:VpceAccount on S3 is known from documentation only.",
    stage: "platform stands",
    settle: {
      steps:
        "Read an object of the artifacts bucket from a workspace, then from your own machine with the operator's role.",
    },
    pass: "the workspace reads it, your machine is answered AccessDenied",
    stated: "docs/threat-model.md",
  },
  {
    id: "endpoints-available",
    doubt: "Every VPC endpoint's service exists in the zones of the network.",
    matters: "An endpoint that stays pending stops every call of a function inside the network.",
    stage: "platform stands",
    settle: {
      aws: ({ platform: { stack } }) => [
        "ec2",
        "describe-vpc-endpoints",
        "--filters",
        `Name=tag:Stack,Values=${stack}`,
      ],
      judge: judged(
        z.object({ VpcEndpoints: z.array(z.object({ ServiceName: z.string(), State: z.string() })) }),
        ({ VpcEndpoints: list }) => {
          const waiting = list.filter(({ State }) => State.toLowerCase() !== "available");
          if (list.length === 0) return unknown("the platform does not stand");
          if (waiting.length === 0) return pass(`${list.length} available`);
          return fail(waiting.map(({ ServiceName, State }) => `${ServiceName} ${State}`).join(", "));
        },
      ),
    },
    pass: "all are available",
    stated: "components/network/endpoints.ts",
  },
  {
    id: "cost-tags",
    doubt: "The cost allocation tags are active in the paying account.",
    matters: "AWS Budgets see nothing of a tag that is not active, so the backstop never acts.",
    stage: "platform stands",
    settle: {
      aws: () => [
        "ce",
        "list-cost-allocation-tags",
        "--tag-keys",
        "ModelSpend",
        "ModelSpendOrganization",
        "Department",
      ],
      region: "us-east-1",
      judge: judged(
        z.object({ CostAllocationTags: z.array(z.object({ TagKey: z.string(), Status: z.string() })) }),
        ({ CostAllocationTags: list }) => {
          const active = list.filter(({ Status }) => Status === "Active").map(({ TagKey }) => TagKey);
          if (list.length === 0) return unknown("none is listed; AWS lists a tag a day after its first use");
          return (active.length === 3 ? pass : fail)(`active: ${active.join(", ") || "none"}`);
        },
      ),
    },
    pass: "ModelSpend, ModelSpendOrganization and Department are Active",
    stated: "docs/onboarding.md",
  },
];
