import { type ResourcePolicy, resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

/** How a managed service says that it may be reached from the internet. */
export interface Setting {
  readonly path: string;
  readonly isPrivate: (value: Value) => boolean;
}

/**
 * Settings by how they keep a service private: false or unset, one text, any other text, or a list
 * of subnets.
 */
export const notTrue = (path: string): Setting => ({ path, isPrivate: (value) => value.flag() !== true });
export const mustBe = (path: string, text: string): Setting => ({ path, isPrivate: (value) => value.text() === text });
export const mustNotBe = (path: string, text: string): Setting => ({
  path,
  isPrivate: (value) => value.text() !== text,
});
export const filled = (path: string): Setting => ({ path, isPrivate: (value) => value.items().length > 0 });

/** A policy about managed services, each with the setting that decides. */
export function servicePolicy(
  facts: Pick<ResourcePolicy, "name" | "description" | "severity" | "controls" | "url" | "remediation">,
  settings: Readonly<Record<string, Setting>>,
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    level: "mandatory",
    types: Object.keys(settings),
    check(service, report) {
      const setting = settings[service.type];
      if (setting !== undefined) report.expect(service.at(setting.path), setting.isPrivate);
    },
    remediate(inputs) {
      if (inputs["publiclyAccessible"] !== true) return false;
      inputs["publiclyAccessible"] = false;
      return true;
    },
  });
}
