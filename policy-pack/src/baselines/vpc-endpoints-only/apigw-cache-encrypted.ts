import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

/** Cached responses are data at rest. */
export const apigwCacheEncrypted = resourcePolicy({
  name: "apigw-cache-encrypted",
  description: "API caches are encrypted",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["APIGateway.5"], "nist-800-53r5": ["SC-28"], checkov: ["CKV_AWS_308"], trivy: ["AWS-0002"] },
  remediation: "Set settings.cacheDataEncrypted to true.",
  url: securityHub("APIGateway.5"),
  types: ["aws:apigateway/methodSettings:MethodSettings"],
  check(method, report) {
    if (!method.at("settings.cachingEnabled").isUnknown && method.at("settings.cachingEnabled").flag() !== true)
      report.notApplicable("nothing is cached");
    report.expect(method.at("settings.cacheDataEncrypted"), (encrypted) => encrypted.flag() === true);
  },
  remediate(inputs) {
    const settings = inputs["settings"] as Record<string, unknown> | undefined;
    if (settings?.["cachingEnabled"] !== true || settings["cacheDataEncrypted"] === true) return false;
    settings["cacheDataEncrypted"] = true;
    return true;
  },
});
