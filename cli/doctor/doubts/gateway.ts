import { z } from "zod";
import { fail, judged, pass, unknown, type Doubt, type Question } from "../doubt";
import type { Site } from "../site";

/** Services that run what they should. */
const services = (
  names: (site: Site) => { readonly cluster: string; readonly services: readonly string[] },
): Question => ({
  aws: (site) => {
    const { cluster, services: list } = names(site);
    return ["ecs", "describe-services", "--cluster", cluster, "--services", ...list];
  },
  judge: judged(
    z.object({
      services: z.array(z.object({ serviceName: z.string(), desiredCount: z.number(), runningCount: z.number() })),
    }),
    ({ services: list }) => {
      if (list.length === 0) return unknown("the service does not stand");
      const found = list.map((each) => `${each.serviceName} ${each.runningCount} of ${each.desiredCount}`).join(", ");
      return (list.every((each) => each.runningCount >= each.desiredCount) ? pass : fail)(found);
    },
  ),
  onError: { ClusterNotFoundException: unknown("the platform does not stand") },
});

/** The gateway, its models and the traces behind it. */
export const gatewayDoubts: readonly Doubt[] = [
  {
    id: "gateway-tasks",
    doubt: "The gateway's tasks start: secrets, image, volumes and the read-only root work on Fargate.",
    matters: "A task that does not start makes the first deployment roll back after 20 minutes.",
    stage: "platform stands",
    settle: services(({ platform: { names } }) => ({
      cluster: names.cluster("gateway"),
      services: [names.service("gateway")],
    })),
    pass: "as many tasks run as are desired",
    stated: "components/gateway/gateway-service.ts",
  },
  {
    id: "rollback-migration",
    doubt: "Prisma's migrations of an earlier LiteLLM end well on the database of a later one.",
    matters: "Otherwise the migration's task fails, and no earlier image can be put back without a change here.",
    stage: "platform stands",
    settle: {
      steps:
        "In a test account deploy with the image before the present one, then with the present one, then with the former again.",
    },
    pass: "the log of the third migration says No pending migrations to apply",
    stated: "docs/upgrade.md",
  },
  {
    id: "tmpfs-mode",
    doubt: "ECS takes the mount option mode=1777 of a tmpfs, and Fargate mounts it.",
    matters: "Without it nobody but root writes to /tmp, and LiteLLM ends at its start.",
    stage: "platform stands",
    settle: {
      aws: ({ platform: { names } }) => [
        "ecs",
        "describe-task-definition",
        "--task-definition",
        names.taskFamily("gateway"),
      ],
      judge: judged(
        z.object({
          taskDefinition: z.object({
            containerDefinitions: z.array(
              z.object({
                name: z.string(),
                linuxParameters: z
                  .object({ tmpfs: z.array(z.object({ mountOptions: z.array(z.string()).optional() })).optional() })
                  .optional(),
              }),
            ),
          }),
        }),
        ({ taskDefinition: { containerDefinitions } }) => {
          const without = containerDefinitions.filter(
            ({ linuxParameters: { tmpfs = [] } = {} }) =>
              tmpfs.length === 0 || tmpfs.some(({ mountOptions = [] }) => !mountOptions.includes("mode=1777")),
          );
          if (without.length === 0) return pass("registered with it; gateway-tasks tells whether the tasks run");
          return fail(`without it: ${without.map(({ name }) => name).join(", ")}`);
        },
      ),
      onError: { ClientException: unknown("the platform does not stand") },
    },
    pass: "the registered definition has it, and the row gateway-tasks holds",
    stated: "components/kit/scratch.ts",
  },
  {
    id: "secret-by-key",
    doubt: "ECS starts a task whose secrets are named by their full ARN and a key of their JSON.",
    matters: "A task that cannot read one key ends before its container starts.",
    stage: "platform stands",
    settle: {
      steps:
        "Read the events of the gateway's and Langfuse's services, and the reason of their stopped tasks, for ResourceInitializationError.",
    },
    pass: "no task has stopped with it",
    stated: "components/secret/connections-secret.ts",
  },
  {
    id: "trace-tasks",
    doubt: "Langfuse and the collector start on Fargate.",
    matters: "Without them no use is visible per department and developer.",
    stage: "platform stands",
    settle: services(({ platform: { names } }) => ({
      cluster: names.cluster("traces"),
      services: [names.service("langfuse"), names.service("langfuse-worker"), names.service("collector")],
    })),
    pass: "as many tasks run as are desired",
    stated: "components/observability/trace-service.ts",
  },
  {
    id: "model-call",
    doubt: "A model call passes from the gateway to Bedrock, and is refused from a workspace.",
    matters: "aws:VpcSourceIp on Bedrock's endpoint is known from documentation only.",
    stage: "department stands",
    settle: {
      steps:
        "Send a chat with Cline. Then run `aws bedrock-runtime converse` in the workspace as root: it has to answer AccessDeniedException.",
    },
    pass: "the chat is answered, the direct call refused",
    stated: "docs/threat-model.md",
  },
  {
    id: "guardrail",
    doubt: "A chat of a department with a guardrail passes, and the guardrail intervenes.",
    matters:
      "The conditions on bedrock:ApplyGuardrail, and its way through the endpoint, are known from documentation only.",
    stage: "department stands",
    settle: {
      steps:
        "In a department with caps.NAME.guardrail in the platform's file send a chat that the guardrail has to block, then one that it lets pass. Without such an entry there is nothing to settle.",
    },
    pass: "the first answer is the guardrail's message, the second the model's",
    stated: "docs/gateway.md",
  },
  {
    id: "long-silence",
    doubt: "An answer that stays silent for six minutes arrives.",
    matters: "A VPC endpoint drops a connection that is idle for 350 seconds; TCP keep-alive has to come before.",
    stage: "department stands",
    settle: { steps: "Send a prompt with a thinking budget that keeps the model silent for six minutes, unstreamed." },
    pass: "the answer arrives, in one piece",
    stated: "docs/gateway.md",
  },
  {
    id: "embeddings-run",
    doubt: "Embeddings come through a department's own inference profile, at the price of this region.",
    matters:
      "A profile that copies Titan's foundation model is known from documentation only, and its price from one map for all regions.",
    stage: "department stands",
    settle: {
      steps:
        "Where cline:gateway.extras has embeddings: ask for one, and compare the profile's cost in Cost Explorer with LiteLLM's a day later.",
    },
    pass: "a vector, and the same cost under the department's tag",
    stated: "docs/gateway.md",
  },
  {
    id: "batch-runs",
    doubt: "A batch of 100 requests starts, ends and is booked at its real cost.",
    matters: "A job by inference profile, in Converse's format, and its manifest are known from documentation only.",
    stage: "department stands",
    settle: { steps: "Send the sample of docs/batch.md with 100 lines; compare its cost with the ledger a day later." },
    pass: "100 answers, and the ledger's cost is the manifest's",
    stated: "docs/batch.md",
  },
  {
    id: "batch-stopped",
    doubt: "A batch of a department in the budget stop's document is refused.",
    matters: "aws:RequestTag/Department on CreateModelInvocationJob is known from documentation only.",
    stage: "department stands",
    settle: { steps: "Set the department's extra budget to end, let the stop act, then send a batch." },
    pass: "AccessDeniedException in the runner's log",
    stated: "docs/batch.md",
  },
];
