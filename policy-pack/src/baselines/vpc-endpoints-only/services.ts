import type { Value } from "../../frame/value";

/**
 * The short name of the AWS service an endpoint is for: `ecr.api` of `com.amazonaws.ap-northeast-1.ecr.api`. Undefined for other people's
 * services (`com.amazonaws.vpce.…`). Throws when the name is unknown.
 */
export function serviceOf(serviceName: Value): string | undefined {
  // A region still written as an interpolation must not be split at its dots.
  const text = serviceName.text()?.replace(/\$\{[^}]*\}/g, "region");
  const [, region, service] = /^(?:cn\.)?(?:com\.amazonaws|aws\.api|aws)\.([^.]+)\.(.+)$/.exec(text ?? "") ?? [];
  return region === "vpce" ? undefined : service;
}
