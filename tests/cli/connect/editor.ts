import assert from "node:assert/strict";
import {
  planConnection,
  sessionCommand,
  terminateCommand,
  type Command,
  type Connection,
} from "../../../cli/connect/plan";
import { openEditor } from "../../../cli/connect/runner";
import { ConnectFault, type Timings } from "../../../cli/connect/surroundings";
import { departmentSpec } from "../../support/specs";
import { modes } from "./modes";
import { instance, session, World, type Answer, type Script } from "./world";

export const id = "i-0123456789abcdef0";

export const connectionOf = (mode: keyof typeof modes = "assume-role"): Connection => {
  const spec = departmentSpec({}, { "cline:platform": modes[mode] });
  return planConnection(
    spec,
    spec.department!.developers.find((developer) => developer.id === "tanaka")!,
  );
};
export const connection = connectionOf();

/** Answers where nothing is wrong. */
export const usual: Readonly<Record<string, readonly Answer[]>> = {
  "sts assume-role": [session(14_400)],
  "ec2 describe-instances": [instance("running")],
  "ssm terminate-session": [{ json: {} }],
};

/** The call that ends the plugin's session. */
export const end = terminateCommand("tanaka-0a1b2c3d");

/** A machine on which a person opens the editor. */
export class Machine extends World {
  constructor(script: Partial<Script> = {}, tools?: readonly string[]) {
    super({ sessions: ["serve"], ...script, answers: { ...usual, ...script.answers } }, tools);
  }

  /** Opens the editor, stops it once it is there, and lets it end. */
  async openAndStop(planned = connection, timings: Partial<Timings> = {}): Promise<void> {
    const heard = this.said.length;
    const running = openEditor(planned, this.surroundings(timings));
    await Promise.race([running, this.hears(/^code-server: /, heard)]);
    this.stop();
    await running;
  }

  /** What stops the editor from opening. */
  async fault(planned = connection, timings: Partial<Timings> = {}, port?: number): Promise<string> {
    const error: unknown = await openEditor(planned, this.surroundings(timings), port).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ConnectFault, String(error));
    return error.message;
  }

  /** The first opened address's port. */
  port(): string {
    return /:(\d+)\//.exec(this.browsed[0] ?? "")?.[1] ?? "";
  }

  /** The command that forwards that port. */
  forward(): Command {
    return sessionCommand(connection, "code-server", id, this.port());
  }

  /** The calls as planned commands: what is added is region and output format alone. */
  commands(): Command[] {
    return this.calls().map(({ args }) => {
      assert.deepEqual(args.slice(-4), ["--region", "ap-northeast-1", "--output", "json"]);
      return args.slice(0, -4);
    });
  }
}
