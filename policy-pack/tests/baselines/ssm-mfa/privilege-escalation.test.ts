import { iamNoPrivesc } from "../../../src/baselines/ssm-mfa/iam-no-privesc";
import { cases, UNKNOWN } from "../../support";
import { POLICY, policy } from "./shapes";

describe("MFA on sessions: rights to hand out rights", () => {
  cases(iamNoPrivesc, {
    type: POLICY,
    passes: {
      "passing one role": policy({
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: "arn:aws:iam::111122223333:role/x",
      }),
      "passing roles to one service": policy({
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: "*",
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      }),
      reading: policy({ Effect: "Allow", Action: ["iam:Get*", "iam:List*"], Resource: "*" }),
      "a Deny beside it": policy(
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "iam:*", Resource: "*" },
      ),
    },
    fails: {
      "all of IAM": policy({ Effect: "Allow", Action: "iam:*", Resource: "*" }),
      everything: policy({ Effect: "Allow", Action: "*", Resource: "*" }),
      "passing any role": policy({ Effect: "Allow", Action: "iam:PassRole", Resource: "*" }),
      "any role's ARN": policy({ Effect: "Allow", Action: "iam:AttachRolePolicy", Resource: "arn:*:*:*:*:*" }),
      "a condition that excludes": policy({
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: "*",
        Condition: { StringNotEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      }),
    },
    unknown: { "resources that are not known": policy({ Effect: "Allow", Action: "iam:PassRole", Resource: UNKNOWN }) },
  });
});
