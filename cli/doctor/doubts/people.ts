import { z } from "zod";
import { fail, judged, pass, unknown, type Doubt } from "../doubt";

/** Workspaces and the sessions of people. */
export const peopleDoubts: readonly Doubt[] = [
  {
    id: "own-session",
    doubt: "A developer opens, resumes and ends their own session, and is refused another developer's.",
    matters: "The ids of sessions differ by kind of credentials; a wrong pattern locks out or admits.",
    stage: "department stands",
    settle: {
      steps: "As one developer of two: open a session, resume it, end it, then try all three on the other's workspace.",
    },
    pass: "own session works, the other's answers AccessDeniedException",
    stated: "docs/security.md",
  },
  {
    id: "langfuse-account",
    doubt: "A lead reads the secret of their own account and signs in to Langfuse with it; an operator is refused it.",
    matters: "aws:SourceIdentity in a secret's own policy is known from documentation only, as is Langfuse's start.",
    stage: "department stands",
    settle: {
      steps:
        "As the lead follow the page for leads up to Langfuse's first screen. Then read the same secret with the operator's role.",
    },
    pass: "Langfuse shows the department's project alone, and the operator is answered AccessDeniedException",
    stated: "docs/leads.md",
  },
  {
    id: "workspace-managed",
    doubt: "Workspaces reach Session Manager without the ec2messages endpoint.",
    matters: "An agent that cannot register leaves its developer without a way in.",
    stage: "department stands",
    settle: {
      aws: ({ department }) => [
        "ssm",
        "describe-instance-information",
        "--filters",
        `Key=tag:Stack,Values=${department.stack}`,
      ],
      judge: judged(
        z.object({ InstanceInformationList: z.array(z.object({ InstanceId: z.string(), PingStatus: z.string() })) }),
        ({ InstanceInformationList: list }) => {
          const online = list.filter(({ PingStatus }) => PingStatus === "Online").length;
          if (list.length === 0) return unknown("no workspace is registered; start one first");
          return (online > 0 ? pass : fail)(`${online} of ${list.length} online`);
        },
      ),
    },
    pass: "a running workspace is Online",
    stated: "components/network/endpoints.ts",
  },
  {
    id: "workspace-restart",
    doubt: "A stopped workspace starts again with its encrypted home volume.",
    matters: "Without the grant on the KMS key EC2 stops the instance again, without an error to the caller.",
    stage: "department stands",
    settle: {
      aws: ({ department }) => ["ec2", "describe-instances", "--filters", `Name=tag:Stack,Values=${department.stack}`],
      judge: judged(
        z.object({
          Reservations: z.array(
            z.object({
              Instances: z.array(
                z.object({ InstanceId: z.string(), StateReason: z.object({ Code: z.string() }).optional() }),
              ),
            }),
          ),
        }),
        ({ Reservations }) => {
          const instances = Reservations.flatMap(({ Instances }) => Instances);
          const bad = instances.filter(({ StateReason }) =>
            /^(Client\.Invalid|Client\.InternalError)/.test(StateReason?.Code ?? ""),
          );
          if (instances.length === 0) return unknown("no workspace");
          if (bad.length > 0)
            return fail(
              bad.map(({ InstanceId, StateReason }) => `${InstanceId}: ${StateReason?.Code ?? ""}`).join(", "),
            );
          return pass(`${instances.length} workspaces, none stopped by KMS; stop and start one to be sure`);
        },
      ),
    },
    pass: "after a stop and a start no instance has the reason Client.InternalError or Client.InvalidKMSKey",
    stated: "docs/security.md",
  },
  {
    id: "session-log",
    doubt: "A shell session's log arrives encrypted in the session logs.",
    matters: "Session Manager ends a session whose log cannot be written, or opens it without one.",
    stage: "department stands",
    settle: {
      aws: ({ platform: { names } }) => [
        "logs",
        "describe-log-streams",
        "--log-group-name",
        names.logGroup("session-logs"),
        "--order-by",
        "LastEventTime",
        "--descending",
        "--max-items",
        "1",
      ],
      judge: judged(z.object({ logStreams: z.array(z.object({ logStreamName: z.string() })) }), ({ logStreams }) =>
        logStreams.length > 0 ? pass("a session was logged") : unknown("no session was logged yet; open one first"),
      ),
      onError: { ResourceNotFoundException: unknown("the platform does not stand") },
    },
    pass: "a stream exists after the first shell session",
    stated: "components/access/session-documents.ts",
  },
];
