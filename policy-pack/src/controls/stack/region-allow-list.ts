import { resourcePolicy } from "../../frame/policy";

/** Data that leaves its region leaves its law; a region that nobody watches is where intruders build. */
export const regionAllowList = resourcePolicy({
  name: "region-allow-list",
  description: "Resources are made only in the regions that the company has chosen",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-7", "SA-9(5)"] },
  remediation: "Make the resource in one of the regions that this policy's setting regions names.",
  url: "https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html",
  types: "*",
  config: {
    regions: {
      type: "array",
      items: { type: "string" },
      description: "The regions that are accepted; none means all",
      default: [],
    },
  },
  check(resource, report, config) {
    const regions = config
      .at("regions")
      .items()
      .map((region) => region.text());
    if (regions.length === 0) report.notApplicable("no list of regions is configured");
    const places =
      resource.type === "pulumi:providers:aws" || resource.at("region").isSet
        ? [resource.at("region")]
        : [resource.provider.at("region")];
    for (const place of places) report.expect(place, () => place.isAbsent || regions.includes(place.text()));
  },
});
