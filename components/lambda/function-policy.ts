import type { StackSpec } from "../../config";
import { useKey } from "../key-use";
import { allow, deny, document, type Statement } from "../policy-document";

/** Arguments of {@link functionPolicy}. */
export interface FunctionPolicyPlan {
  readonly spec: StackSpec;
  readonly functionArn: string;
  readonly logGroupArn: string;
  /** Queue of failed asynchronous runs. */
  readonly queueArn: string;
  readonly inVpc: boolean;
  readonly statements: readonly Statement[];
}

/** What Lambda itself does with a function's role to attach it to a VPC. EC2 takes no resource in these calls. */
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

/** The policy of a function's role: its own log group and queue, the VPC for Lambda but not for its code, and what its work needs. */
export function functionPolicy(plan: FunctionPolicyPlan): string {
  const { spec, functionArn, inVpc } = plan;
  return document(
    allow("WriteOwnLogs", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${plan.logGroupArn}:log-stream:*`,
    }),
    allow("KeepFailedRuns", { Action: "sqs:SendMessage", Resource: plan.queueArn }),
    useKey(spec, { purpose: "data", via: "sqs" }),
    inVpc ? allow("AttachToVpc", { Action: attachToVpc, Resource: "*" }) : undefined,
    inVpc
      ? deny("NotFromItsCode", {
          Action: attachToVpc,
          Resource: "*",
          Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
        })
      : undefined,
    ...plan.statements,
  );
}
