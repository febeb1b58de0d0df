import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { bundleFolder } from "../../../functions/build";
import { root } from "../../support/project";
import { impliedBy } from "./documented";

/** IAM prefix of each AWS SDK client, by the class that a bundle keeps the name of. */
const clients: Readonly<Record<string, string>> = {
  ACMClient: "acm",
  BedrockClient: "bedrock",
  BudgetsClient: "budgets",
  CloudWatchClient: "cloudwatch",
  CodeBuildClient: "codebuild",
  CostExplorerClient: "ce",
  EC2Client: "ec2",
  ECSClient: "ecs",
  IAMClient: "iam",
  KMSClient: "kms",
  S3Client: "s3",
  SecretsManagerClient: "secretsmanager",
  SSMClient: "ssm",
};

/** Prefix of an operation that more than one client of the same bundle has. */
const operations: Readonly<Record<string, string>> = {
  DescribeInstances: "ec2",
  StartInstances: "ec2",
  StopInstances: "ec2",
  DescribeSessions: "ssm",
};

/** IAM's name where it is not the operation's. Source: Service Authorization Reference, the services' own pages. */
const renamed: Readonly<Record<string, string>> = {
  "s3:ListObjectsV2": "s3:ListBucket",
  "budgets:DescribeBudgets": "budgets:ViewBudget",
};

/** Clients that a bundle holds: each keeps its class's name. An operation of any other client is an error below. */
const clientsOf = (code: string): readonly string[] =>
  Object.keys(clients).filter((name) => code.includes(`"${name}"`));

/** Operations by client: read from the installed packages. */
const operationsOf = new Map<string, ReadonlySet<string>>();
function hasOperation(client: string, operation: string): boolean {
  const known =
    operationsOf.get(client) ??
    new Set(
      Object.keys(
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- the package is named by the table above
        require(`@aws-sdk/client-${packages[client] ?? clients[client] ?? ""}`) as Record<string, unknown>,
      ),
    );
  operationsOf.set(client, known);
  return known.has(`${operation}Command`);
}
const packages: Readonly<Record<string, string>> = {
  CostExplorerClient: "cost-explorer",
  SecretsManagerClient: "secrets-manager",
};

/**
 * Actions that a built function calls, and those that AWS asks for with them. A command is made from
 * a package's namespace; inside the SDK it is made by its bare name.
 */
export function bundleActions(purpose: string): ReadonlySet<string> {
  const code = readFileSync(path.join(bundleFolder(root, purpose), "index.js"), "utf8");
  const held = clientsOf(code);
  const made = [
    ...[...code.matchAll(/new [\w$]+\.([A-Z]\w*?)Command\(/g)].map(([, name = ""]) => name),
    ...[...code.matchAll(/\.paginate([A-Z]\w*)\)\(/g)].map(([, name = ""]) => name),
  ];
  const direct = made.map((operation) => {
    const candidates = held.filter((client) => hasOperation(client, operation)).map((client) => clients[client] ?? "");
    const [only] = candidates;
    const prefix = candidates.length === 1 ? only : operations[operation];
    assert.ok(
      prefix !== undefined && candidates.includes(prefix),
      `${purpose}: ${operation} is of ${candidates.join(", ") || "no client"}`,
    );
    const action = `${prefix}:${operation}`;
    return renamed[action] ?? action;
  });
  return impliedBy(direct, code);
}
