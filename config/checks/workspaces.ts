import { type Fault, shown } from "../faults";
import { type Known, knownEntries } from "../known";
import type { WorkspaceSpec } from "../model";
import { isSshPublicKey } from "../ssh-public-key";
import type { DepartmentStack } from "../stack-file";
import type { StackSet } from "../stack-set";

/** Schedules, sources and SSH keys of workspaces are valid beyond the schema. */
export function checkWorkspaces({ departments }: StackSet): Fault[] {
  return departments.flatMap((department) => {
    const path = ["config", "cline:department"];
    const { workspace, developers } = department.config["cline:department"] ?? {};
    return [
      ...settings(department, [...path, "workspace"], workspace),
      ...knownEntries(developers).flatMap(([id, { workspace: own, sshPublicKey }]) => {
        const here = [...path, "developers", id];
        const faults = settings(department, [...here, "workspace"], own);
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
