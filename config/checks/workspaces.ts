import { type Fault, shown } from "../faults";
import { type Known, knownEntries } from "../known";
import type { WorkspaceSpec } from "../model";
import { isSshPublicKey } from "../ssh-public-key";
import { residentsOf, sourceHostsOf, sourcesOf } from "../sources";
import type { DepartmentStack } from "../stack-file";
import type { StackSet } from "../stack-set";

/** Schedules, sources and SSH keys of workspaces are valid beyond the schema. */
export function checkWorkspaces(set: StackSet): Fault[] {
  return set.departments.flatMap((department) => {
    const path = ["config", "cline:department"];
    const { workspace, developers } = department.config["cline:department"] ?? {};
    return [
      ...hosts(department, set),
      ...settings(department, [...path, "workspace"], workspace),
      ...knownEntries(developers).flatMap(([id, { workspace: own, sshPublicKey, homeVolume, homeKey }]) => {
        const here = [...path, "developers", id];
        const faults = settings(department, [...here, "workspace"], own);
        if (homeKey !== undefined && homeVolume === undefined)
          faults.push(
            department.fault(
              [...here, "homeKey"],
              shown(homeKey),
              "with homeVolume only: a new home has the stack's own key",
              "add homeVolume, or remove it",
            ),
          );
        if (sshPublicKey === undefined || isSshPublicKey(sshPublicKey)) return faults;
        return [
          ...faults,
          department.fault(
            [...here, "sshPublicKey"],
            "something else (not shown)",
            "one line of an OpenSSH public key: ssh-ed25519, ecdsa-sha2-nistp*, sk-* or ssh-rsa of 3072 bits or more",
            "copy the line of the .pub file; ssh-keygen -t ed25519 makes one",
          ),
        ];
      }),
    ];
  });
}

/** Private names belong to services that the file uses, and a name to one service in its network. */
function hosts(department: DepartmentStack, set: StackSet): Fault[] {
  const used = sourcesOf(department);
  const platform = set.platformOf(department);
  const network = "cline:network" in department.config || !platform ? department : platform;
  const neighbours = residentsOf(network, set);
  return sourceHostsOf(department).flatMap(([service, host]): Fault[] => {
    const path = ["config", "cline:department", "sourceHosts", service];
    if (!used.includes(service)) {
      const allowed = `services that sources name: ${used.join(", ") || "none"}`;
      return [department.fault(path, shown(service), allowed, "add it to sources, or remove it here", "networks")];
    }
    if (/\.(amazonaws\.com|aws)$/.test(host)) {
      const allowed = "a name of a service of your own: AWS's names are answered by AWS's endpoints";
      return [department.fault(path, shown(host), allowed, "remove the name", "networks")];
    }
    const other = neighbours.find((each) => sourceHostsOf(each).some(([of, name]) => name === host && of !== service));
    if (!other) return [];
    const allowed = `a name of one service in a network; ${other.file} gives it to another`;
    return [department.fault(path, shown(host), allowed, "ask the services' owners which of them answers", "networks")];
  });
}

function settings(
  { config, fault }: DepartmentStack,
  path: readonly PropertyKey[],
  workspace: Known<WorkspaceSpec> = {},
): Fault[] {
  const { schedule, sources = [] } = workspace;
  const region = config["aws:region"];
  const faults: Fault[] = [];
  const { start, stop } = schedule ?? {};
  if (start !== undefined && stop !== undefined && stop <= start) {
    const allowed = `a time after start, ${start}, on the same day`;
    faults.push(fault([...path, "schedule", "stop"], shown(stop), allowed, "write the later of the two as stop"));
  }
  sources.forEach((source, at) => {
    if (region === undefined || source === "codecommit" || source.startsWith(`com.amazonaws.vpce.${region}.`)) return;
    const allowed = `a service in ${region}, as PrivateLink is reached in the stack's own region`;
    const next = "ask the service's owner for its name in this region";
    faults.push(fault([...path, "sources", at], shown(source), allowed, next));
  });
  return faults;
}
