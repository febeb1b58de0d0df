import { allow, type Statement } from "../../components/policy-document";
import { callerCommand } from "../deploy/caller";
import type { Doubt } from "./doubt";
import { anySite } from "./site";

/** IAM's prefix where it is not the command's service. */
const prefixes: Readonly<Record<string, string>> = { s3api: "s3", "service-quotas": "servicequotas" };

/** Operations that answer the doubt without a permission: 403 says that the bucket exists. */
const unneeded: ReadonlySet<string> = new Set(["s3api head-bucket"]);

const pascal = (operation: string): string =>
  operation.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/Db(?=[A-Z])/g, "DB");

/** IAM's action of a command, from its arguments after `aws`. */
export function actionOf([service = "", operation = ""]: readonly string[]): string {
  return `${prefixes[service] ?? service}:${pascal(operation)}`;
}

/** The actions of the rows' commands, and the one that says whose credentials they are; sorted. */
export function readActions(doubts: readonly Doubt[]): string[] {
  const asked = doubts.flatMap(({ settle }) => ("steps" in settle ? [] : [settle.aws(anySite)]));
  const needed = asked.filter(([service, operation]) => !unneeded.has(`${service} ${operation}`));
  return [...new Set([callerCommand, ...needed].map(actionOf))].sort();
}

/** The read-only policy under which every command of the rows answers. */
export function readPolicy(doubts: readonly Doubt[]): { Version: string; Statement: Statement[] } {
  return {
    Version: "2012-10-17",
    Statement: [allow("AskTheAccount", { Action: readActions(doubts), Resource: "*" })],
  };
}
