import { lambdaConcurrency, lambdaDlq, lambdaNotPublic, lambdaRuntime, lambdaTracing } from "../../src/controls/lambda";
import { resourceCases, stackCases } from "./cases";

resourceCases(lambdaConcurrency, {
  compliant: { reservedConcurrentExecutions: 5 },
  violations: { none: { reservedConcurrentExecutions: undefined }, "no limit": { reservedConcurrentExecutions: -1 } },
  accepted: { "a function that is stopped": { reservedConcurrentExecutions: 0 } },
});

stackCases(lambdaDlq, {
  compliant: {
    fn: { type: "aws:lambda/function:Function", name: "f" },
    config: {
      type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      functionName: "f",
      destinationConfig: { onFailure: { destination: "queue" } },
    },
  },
  violations: {
    none: { config: undefined },
    "success only": { "config:destinationConfig": { onSuccess: { destination: "queue" } } },
    "another's": { "config:functionName": "other" },
  },
  accepted: { "a dead letter queue": { config: undefined, "fn:deadLetterConfig": { targetArn: "queue" } } },
  presence: ["destinationConfig"],
});

resourceCases(lambdaNotPublic, {
  compliant: {
    action: "lambda:InvokeFunction",
    function: "f",
    principal: "events.amazonaws.com",
    sourceArn: "arn:aws:events:us-east-1:111122223333:rule/r",
  },
  violations: {
    everyone: { principal: "*" },
    "a service for any account": { sourceArn: undefined },
    "a public URL": { principal: "*", functionUrlAuthType: "NONE" },
  },
  accepted: {
    "a service for one account": { sourceArn: undefined, sourceAccount: "111122223333" },
    "a role": { principal: "arn:aws:iam::111122223333:role/app", sourceArn: undefined },
    "an organization": { principal: "*", principalOrgId: "o-1" },
  },
  presence: ["sourceArn"],
});

resourceCases(lambdaNotPublic, {
  type: "aws:lambda/functionUrl:FunctionUrl",
  compliant: { functionName: "f", authorizationType: "AWS_IAM" },
  violations: { "a public URL": { authorizationType: "NONE" } },
});

resourceCases(lambdaRuntime, {
  compliant: { runtime: "nodejs22.x" },
  config: { day: "2026-11-09" },
  violations: {
    "an old one": { runtime: "python3.6" },
    "one that ended last year": { runtime: "nodejs18.x" },
    none: { runtime: undefined },
  },
  accepted: {
    "a container image": { packageType: "Image", runtime: undefined },
    "the day before AWS deprecates it": { runtime: "dotnet8" },
    "one of 2026": { runtime: "java17.al2023" },
  },
});

resourceCases(lambdaRuntime, {
  compliant: { runtime: "nodejs22.x" },
  config: { day: "2026-11-10" },
  violations: { "the day on which AWS deprecates it": { runtime: "dotnet8" } },
});

resourceCases(lambdaRuntime, {
  compliant: { runtime: "dotnet8" },
  config: { day: "2026-11-10", supported: ["dotnet8"] },
  violations: { "one that is not among those accepted": { runtime: "nodejs24.x" } },
});

resourceCases(lambdaTracing, {
  compliant: { tracingConfig: { mode: "Active" } },
  violations: { none: { tracingConfig: undefined } },
  accepted: { "the caller's choice": { tracingConfig: { mode: "PassThrough" } } },
});
