import type * as sdk from "@pulumi/policy";
import { frameworkOf, tagsOf } from "./controls";
import type { ExemptionBook } from "./exemption-book";
import { diagnosticOf } from "./diagnostic";
import { judgeStack, judgeViews, remediated, settings, type Judgement } from "./judge";
import { appliesTo, isStackPolicy, type Policy } from "./policy";
import { StackView, viewsOf, type ResourceFacts, type ResourceView } from "./view";
import { decode } from "./wire";

/**
 * The SDK's form of a policy: complete by itself on the SDK's own server, and made fast by
 * `servePack`.
 */
export function toPulumi(
  policy: Policy,
  book: ExemptionBook,
): sdk.ResourceValidationPolicy | sdk.StackValidationPolicy {
  const framework = frameworkOf(policy.controls);
  const facts = {
    name: policy.name,
    displayName: policy.name,
    description: policy.description,
    enforcementLevel: policy.level,
    severity: policy.severity,
    tags: tagsOf(policy.controls),
    remediationSteps: policy.remediation,
    url: policy.url,
    ...(framework === undefined ? {} : { framework }),
    ...(policy.config === undefined
      ? {}
      : { configSchema: { properties: structuredClone(policy.config) as sdk.PolicyConfigSchema["properties"] } }),
  };
  const tell = (
    { findings, notApplicable }: Judgement,
    args: { notApplicable(reason?: string): never },
    report: sdk.ReportViolation,
    find: (urn: string) => ResourceView | undefined,
  ) => {
    for (const reported of findings) {
      const { finding, level, message } = diagnosticOf(policy, reported, policy.level, book, find(reported.urn));
      // The SDK's server takes an object, which its types do not say: without it level and severity
      // cannot differ per finding.
      const diagnostic = {
        message,
        urn: finding.urn,
        severity: finding.severity,
        description: policy.description,
        ...(level === policy.level ? {} : { enforcementLevel: level }),
      };
      report(diagnostic as unknown as string);
    }
    if (notApplicable !== undefined) args.notApplicable(notApplicable);
  };
  const validateStack: sdk.StackValidation = (args, report) => {
    const stack = new StackView(args.resources.flatMap((resource) => viewsOf(factsOf(resource))));
    tell(judgeStack(policy, stack, settings(policy, args.getConfig())), args, report, (urn) => stack.find(urn));
  };
  if (isStackPolicy(policy)) return { ...facts, validateStack };
  const types = policy.types;
  return {
    ...facts,
    validateResource: (args, report) => {
      const views = viewsOf(factsOf(args));
      if (!views.some(({ type }) => appliesTo(policy, type)))
        return args.notApplicable(`it does not judge ${args.type}`);
      tell(judgeViews(policy, views, settings(policy, args.getConfig())), args, report, () => views[0]);
    },
    ...(policy.settle === undefined ? {} : { validateStack }),
    ...(policy.remediate === undefined
      ? {}
      : {
          remediateResource: (args) => {
            const judged = types === "*" || types.includes(args.type);
            return judged && remediated(policy, args.props, args.type) ? args.props : undefined;
          },
        }),
  };
}

function factsOf(resource: sdk.ResourceValidationArgs | sdk.PolicyResource): ResourceFacts {
  const { type, name, urn, opts, provider } = resource;
  const inStack = "dependencies" in resource ? resource : undefined;
  const byProperty = Object.entries(inStack?.propertyDependencies ?? {});
  return {
    type,
    name,
    urn,
    inputs: decode(unproxied(resource.props)),
    options: opts,
    ...(provider === undefined
      ? {}
      : { provider: { type: provider.type, name: provider.name, inputs: decode(unproxied(provider.props)) } }),
    ...(inStack === undefined
      ? {}
      : {
          dependencies: inStack.dependencies.map((dependency) => dependency.urn),
          propertyDependencies: Object.fromEntries(
            byProperty.map(([key, list]) => [key, list.map((dependency) => dependency.urn)]),
          ),
        }),
  };
}

/** The plain data behind the SDK's proxy, which throws at the first unknown value. */
function unproxied(props: Record<string, unknown>): unknown {
  return props["__isSpecialProxy"] === true ? props["__getSpecialProxyTarget"] : props;
}
