import { type ResourcePolicy, resourcePolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import type { ResourceView } from "../../frame/view";
import { effective } from "../../shared/effective";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

/** A policy about endpoints of one kind; Gateway is AWS's default. */
export function endpointPolicy(
  kind: "Interface" | "Gateway",
  facts: Omit<ResourcePolicy, "types" | "check" | "level">,
  judge: (endpoint: ResourceView, report: Report) => void,
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    level: "mandatory",
    types: [ENDPOINT],
    check(endpoint, report) {
      if (effective(endpoint, "vpcEndpointType").text() !== kind)
        report.notApplicable(`it is no ${kind.toLowerCase()} endpoint`);
      judge(endpoint, report);
    },
  });
}
