import { useKey, type StackContext } from "../kit";
import { allow, deny, document, type Statement } from "../policy-document";

/** Arguments of {@link functionStatements}. */
export interface FunctionRolePlan {
  readonly context: StackContext;
  /** Physical name of the function. */
  readonly functionName: string;
  readonly logGroupName: string;
  /** Queue of failed asynchronous runs. */
  readonly queueName: string;
  readonly inVpc: boolean;
  readonly statements: readonly Statement[];
}

/**
 * Permissions that Lambda itself needs to attach a function to a VPC. EC2 takes no resource in
 * these calls.
 */
const attachToVpc = [
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

/** The policy of a queue of failed runs: TLS only. */
export function queuePolicy(queueArn: string): string {
  return document(
    deny("TlsOnly", {
      Principal: "*",
      Action: "sqs:*",
      Resource: queueArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
  );
}

/**
 * Permissions of a function's role: write its log, keep failed runs, attach to the VPC through
 * Lambda alone, and its own statements.
 */
export function functionStatements(plan: FunctionRolePlan): readonly (Statement | undefined)[] {
  const { context, inVpc } = plan;
  const { arns } = context;
  return [
    allow("WriteOwnLogs", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${arns.logGroup(plan.logGroupName)}:log-stream:*`,
    }),
    allow("KeepFailedRuns", { Action: "sqs:SendMessage", Resource: arns.queue(plan.queueName) }),
    useKey(context, { purpose: "data", via: "sqs" }),
    inVpc ? allow("AttachToVpc", { Action: attachToVpc, Resource: "*" }) : undefined,
    inVpc
      ? deny("NotFromItsCode", {
          Action: attachToVpc,
          Resource: "*",
          Condition: { ArnEquals: { "lambda:SourceFunctionArn": arns.lambda(plan.functionName) } },
        })
      : undefined,
    ...plan.statements,
  ];
}
