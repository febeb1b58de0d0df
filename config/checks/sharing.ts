import { type Fault, shown } from "../faults";
import { nearest } from "../nearest";
import { accountOf, type StackSet } from "../stack-set";

const sections = ["cline:network", "cline:gateway", "cline:observability"] as const;

/**
 * A department's platform exists, in its region; and the department's own sections are complete
 * together.
 */
export function checkSharing(set: StackSet): Fault[] {
  const names = set.platforms.map(({ stack }) => stack);
  return set.departments.flatMap((department): Fault[] => {
    const { config, fault } = department;
    const sharedFrom = config["cline:sharedFrom"];
    const faults: Fault[] = [];
    if (sharedFrom !== undefined && ![...names, ...set.unread].includes(sharedFrom)) {
      const near = nearest(sharedFrom, names);
      const [allowed, next] =
        names.length === 0
          ? ["a platform stack, of which there is none", "add a platform's stack file, stacks/Pulumi.platform.yaml"]
          : [names.join(", "), near === undefined ? "choose one of these" : `did you mean ${near}?`];
      faults.push(fault(["config", "cline:sharedFrom"], shown(sharedFrom), allowed, next, "sums"));
    }
    const platform = set.platformOf(department);
    if (!platform) return faults;
    const [own, region] = [config["aws:region"], platform.config["aws:region"]];
    if (own !== undefined && region !== undefined && own !== region) {
      const allowed = `${region}, the region of ${platform.stack}`;
      const next = `write ${region}, or share from a platform in ${own}`;
      faults.push(fault(["config", "aws:region"], shown(own), allowed, next));
    }
    const present = sections.filter((section) => section in config);
    const missing = sections.filter((section) => !present.includes(section));
    if (accountOf(department, platform) !== accountOf(platform, platform)) {
      const allowed = `a section of its own, as the stack is in another account than ${platform.stack}`;
      const next = "write the section out, or use the platform's account";
      faults.push(...missing.map((section) => fault(["config", section], "nothing", allowed, next)));
    } else if (present.some((section) => section !== "cline:network")) {
      const allowed =
        "network, gateway and observability together: a shared network's endpoints admit only its own gateway, and a gateway reaches only its own network's collector";
      const next = `write the section out, or remove ${present.join(" and ")}`;
      faults.push(...missing.map((section) => fault(["config", section], "nothing", allowed, next)));
    }
    return faults;
  });
}
