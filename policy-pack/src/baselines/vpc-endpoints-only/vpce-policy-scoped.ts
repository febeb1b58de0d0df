import { resourcePolicy } from "../../frame/policy";
import { all, attempt, some, type Tri } from "../../frame/tri";
import type { ResourceView } from "../../frame/view";
import { limits, namesSome, SCOPES } from "../../iam/limits";
import { statementsOf, type Statement } from "../../iam/statement";
import { serviceOf } from "./services";
import { effective } from "../../shared/effective";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

/** An endpoint's own policy is what keeps stolen credentials and foreign buckets from using it. */
export const vpcePolicyScoped = resourcePolicy({
  name: "vpce-policy-scoped",
  description: "Endpoint policies admit the organization's own principals or resources only",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["AC-3", "AC-6"] },
  remediation:
    "State a policy on the endpoint whose Allow names actions, resources or principals, or a condition on aws:PrincipalAccount or aws:ResourceAccount.",
  url: "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
  types: [ENDPOINT, "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"],
  check(endpoint, report) {
    if (endpoint.type === ENDPOINT && !takesPolicy(endpoint))
      report.notApplicable("endpoints of this kind take no policy");
    const policy = endpoint.at("policy");
    if (policy.isAbsent || (!policy.isUnknown && policy.known() === "")) {
      report.violation("it states no policy, so that anybody's credentials and any resource pass");
      return;
    }
    const statements = statementsOf(policy);
    const fenced = some(statements, (statement) =>
      all(
        () => !statement.allows,
        () => isScoped(statement, "negative"),
      ),
    );
    report.each(statements, (statement) => {
      const open = all(
        () => statement.allows,
        () => fenced !== true,
        () => isForAnybody(statement),
        () => statement.coversEverything,
        () => isWholesale(statement),
        () => !isScoped(statement, "positive"),
      );
      report.decide(
        open,
        statement.value,
        `${statement.value.path || "the statement"} lets anybody use it for anything`,
      );
    });
  },
});

function takesPolicy(endpoint: ResourceView): boolean {
  const kind = attempt(() => ["Gateway", "Interface"].includes(effective(endpoint, "vpcEndpointType").text() ?? ""));
  if (kind === false) return false;
  return endpoint.at("serviceName").isUnknown || serviceOf(endpoint.at("serviceName")) !== undefined;
}

/** Is the statement for everybody: no principal, `*`, or all but some? */
function isForAnybody(statement: Statement): Tri {
  if (statement.member("NotPrincipal").isSet) return true;
  const principals = statement.principals();
  return principals.length === 0 || some(principals, ({ name }) => attempt(() => name.text() === "*"));
}

/** Does it allow all actions of a service or of all, or all but some? */
function isWholesale(statement: Statement): Tri {
  if (statement.member("NotAction").isSet) return true;
  const actions = statement.member("Action");
  if (actions.isUnknown) return "unknown";
  return some(actions.items(), (action) => attempt(() => /^(\*|[\w-]+:\*)$/.test(action.text() ?? "")));
}

/**
 * Is there a condition on a scoping key, with values that name somebody? An Allow needs one that
 * asks, a Deny one that excludes the rest.
 */
function isScoped(statement: Statement, sense: "positive" | "negative"): boolean {
  return statement.conditions().some((condition) => {
    if (sense === "positive") return limits(condition, SCOPES);
    const { operator, key } = condition;
    return SCOPES.has(key) && /^(?:string|arn)not/.test(operator) && namesSome(condition);
  });
}
