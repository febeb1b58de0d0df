import { DEPRECATED_ON } from "../data/lambda-runtimes";
import { resourcePolicy, stackPolicy } from "../frame/policy";
import type { Report } from "../frame/report";
import type { ResourceView } from "../frame/view";
import { limits } from "../iam/limits";
import { demandCompanion } from "../shared/companion";
import { securityHub } from "../shared/security-hub";
import { effective } from "../shared/effective";

/**
 * A concurrency limit keeps one function from starving the others and from spending without end.
 */
export const lambdaConcurrency = resourcePolicy({
  name: "lambda-concurrency",
  description: "Functions have a limit of how many run at once",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["SC-5"], checkov: ["CKV_AWS_115"], area: ["cost"] },
  remediation: "Set reservedConcurrentExecutions.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
  types: ["aws:lambda/function:Function"],
  check(fn, report) {
    report.expect(effective(fn, "reservedConcurrentExecutions"), (limit) => (limit.number() ?? -1) >= 0);
  },
});

/** An asynchronous invocation that fails three times is dropped, and nobody hears of it. */
export const lambdaDlq = stackPolicy({
  name: "lambda-dlq",
  description: "Functions keep failed events",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CP-10"], checkov: ["CKV_AWS_116"] },
  remediation:
    "Set deadLetterConfig.targetArn, or add an aws.lambda.FunctionEventInvokeConfig with an onFailure destination.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
  types: ["aws:lambda/function:Function"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:lambda/function:Function"), (fn) => {
      if (fn.at("deadLetterConfig.targetArn").isSet) return;
      const types = ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"];
      demandCompanion(
        stack,
        report,
        fn,
        types,
        "functionName",
        "nothing keeps the events that failed",
        (config) => config.at("destinationConfig.onFailure.destination").isSet,
      );
    });
  },
});

/**
 * A function acts with its role for every caller. A service principal without a source admits the
 * resources of every account.
 */
export const lambdaNotPublic = resourcePolicy({
  name: "lambda-not-public",
  description: "Functions can be invoked only by named callers of this account",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["Lambda.1"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV_AWS_301", "CKV_AWS_364", "CKV_AWS_258"],
    trivy: ["AWS-0067"],
    "cdk-nag": ["R5-LambdaFunctionPublicAccessProhibited"],
  },
  remediation:
    "Name the principal, give a service principal a sourceArn or sourceAccount, and set a function URL's authorizationType to AWS_IAM.",
  url: securityHub("Lambda.1"),
  types: ["aws:lambda/permission:Permission", "aws:lambda/functionUrl:FunctionUrl"],
  check(resource, report) {
    if (resource.type.endsWith(":FunctionUrl")) {
      report.expect(resource.at("authorizationType"), (authorization) => authorization.text() === "AWS_IAM");
      return;
    }
    reportOpenPermission(resource, report);
    report.expect(resource.at("functionUrlAuthType"), (type) => type.text() !== "NONE");
  },
});

/** The inputs of a permission that AWS turns into conditions, and the key of each. */
const PERMISSION_LIMITS = [
  ["sourceArn", "aws:sourcearn"],
  ["sourceAccount", "aws:sourceaccount"],
  ["principalOrgId", "aws:principalorgid"],
  ["eventSourceToken", "lambda:eventsourcetoken"],
] as const;

/** Alexa's skills call as a service of Amazon's own; the token is the id of the skill. */
const SERVICE = /\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/;

function reportOpenPermission(permission: ResourceView, report: Report): void {
  const principal = permission.at("principal").text() ?? "";
  const isService = SERVICE.test(principal);
  if (principal !== "*" && !isService) return;
  // Of a permission for everyone only the organization says who calls.
  const given = PERMISSION_LIMITS.filter(
    ([input]) => permission.at(input).isSet && (isService || input === "principalOrgId"),
  );
  const narrow = given.filter(
    ([input, key]) =>
      (input === "eventSourceToken" && isService) ||
      limits({ operator: "stringlike", ifExists: false, set: undefined, key, values: [permission.at(input)] }),
  );
  if (narrow.length === 0) {
    const named = given.map(([input]) => `${input} ${permission.at(input).show()}`).join(" and ");
    const who = isService ? `${principal} may invoke on behalf of any account` : "the principal is everyone";
    report.violation(`${who}: ${named === "" ? "no source is named" : `${named} may be anybody's`}`);
  } else if (/^s3\./.test(principal) && !narrow.some(([input]) => input === "sourceAccount")) {
    report.violation("a bucket's ARN names no account: whoever makes the bucket anew may invoke it");
  }
}

/** A runtime that AWS no longer patches is an operating system that nobody patches. */
export const lambdaRuntime = resourcePolicy({
  name: "lambda-runtime",
  description: "Functions run on a runtime that AWS keeps up",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["Lambda.2"], "nist-800-53r5": ["SI-2"], checkov: ["CKV_AWS_363"], "cdk-nag": ["L1"] },
  remediation: "Move the function to a supported runtime, such as nodejs24.x.",
  url: securityHub("Lambda.2"),
  types: ["aws:lambda/function:Function"],
  config: {
    supported: {
      type: "array",
      items: { type: "string" },
      description: "The runtimes that are accepted; none means those that AWS keeps up on that day",
      default: [],
    },
    day: { type: "string", description: "The day of the judgement, YYYY-MM-DD; unset, it is today" },
  },
  check(fn, report, config) {
    if (fn.at("packageType").text() === "Image") report.notApplicable("the function is a container image");
    const supported = config
      .at("supported")
      .items()
      .map((runtime) => runtime.text());
    const day = config.at("day").text() ?? new Date().toISOString().slice(0, 10);
    const runtime = fn.at("runtime");
    report.guard(() => {
      const name = runtime.text() ?? "";
      const end = Object.hasOwn(DEPRECATED_ON, name) ? DEPRECATED_ON[name] : undefined;
      if (supported.length > 0) report.expect(runtime, () => supported.includes(name));
      else if (end === undefined) report.expect(runtime, () => false);
      else report.expect(runtime, () => day < end, `runtime is ${runtime.show()}, which AWS deprecated on ${end}`);
    });
  },
});

/** A trace shows where a slow or failing call spent its time. */
export const lambdaTracing = resourcePolicy({
  name: "lambda-tracing",
  description: "Functions take part in traces",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CA-7"], checkov: ["CKV_AWS_50"] },
  remediation: 'Set tracingConfig.mode to "Active". In a VPC without an X-Ray endpoint, use "PassThrough".',
  url: "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
  types: ["aws:lambda/function:Function"],
  check(fn, report) {
    report.expect(fn.at("tracingConfig.mode"), (mode) => ["Active", "PassThrough"].includes(mode.text() ?? ""));
  },
});
