import type { Report } from "../../frame/report";
import type { ResourceView } from "../../frame/view";
import type { Statement } from "../../iam/statement";
import { eachAllow } from "../iam-reading";

const ACTIONS = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/** Shows each statement that allows invoking a model to the judge. */
export function eachInvocation(resource: ResourceView, report: Report, judge: (statement: Statement) => void): void {
  eachAllow(resource, report, (statement) => {
    if (ACTIONS.some((action) => statement.matchesAction(action) === true)) judge(statement);
  });
}
