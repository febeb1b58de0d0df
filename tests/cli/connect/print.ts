import { commandOf } from "../../../cli/doctor/page";
import { doubts } from "../../../cli/doctor/doubts";
import { siteOf } from "../../../cli/doctor/site";
import { accountCommand, findLead, planLead } from "../../../cli/connect/lead";
import {
  findCommand,
  planConnection,
  readyCommand,
  sessionCommand,
  signInCommand,
  startCommand,
  terminateCommand,
} from "../../../cli/connect/plan";
import { departmentSpec } from "../../support/specs";
import { modes } from "./modes";

/** Prints the arguments after `aws` of every command of `connect` and of `doctor`, as JSON, for AWS's own parser. */
const instance = "i-0123456789abcdef0";
const developers = { tanaka: { signIn: "k=t,a@example.com" } };
const specs = Object.values(modes).map((platform) =>
  departmentSpec({ "cline:department": { developers } }, { "cline:platform": platform }),
);
const connect = specs.flatMap((spec) => {
  const planned = spec.department!.developers.map((developer) => planConnection(spec, developer));
  return planned.flatMap((connection) => [
    signInCommand(connection, "123456"),
    findCommand(connection),
    startCommand(instance),
    readyCommand(instance),
    sessionCommand(connection, "code-server", instance, "0"),
    sessionCommand(connection, "shell", instance),
    sessionCommand(connection, "ssh", instance),
    terminateCommand("tanaka-0a1b2c3d4e5f6a7b8"),
  ]);
});
const langfuse = specs.flatMap((spec) => {
  const lead = planLead(findLead({ departments: [spec], faults: [] }, "sato", ""));
  return [
    signInCommand(lead, "123456"),
    accountCommand(lead),
    findCommand(lead),
    sessionCommand(lead, "langfuse", instance, "3000"),
  ];
});
const site = siteOf(specs[0]!, specs);
process.stdout.write(
  JSON.stringify(
    [...connect, ...langfuse, ...doubts.flatMap((doubt) => [commandOf(doubt, site) ?? []])].filter(
      (args) => args.length > 0,
    ),
  ),
);
