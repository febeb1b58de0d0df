import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import {
  planCodeServerDocument,
  planShellDocument,
  planSshDocument,
} from "../../../components/access/session-documents";
import { planConnection, type Connection } from "../../../cli/connect/plan";
import { openEditor } from "../../../cli/connect/runner";
import { ConnectFault, type Timings } from "../../../cli/connect/surroundings";
import { modes } from "../../cli/connect/modes";
import { instance, session, World, type Script } from "../../cli/connect/world";
import { departmentSpec } from "../../support/specs";
import type { SessionDocument } from "./document";
import { SessionManager } from "./session-manager";

/** A program of `run.sh`. */
function program(variable: string): string {
  const file = process.env[variable];
  if (file === undefined) throw new Error(`${variable} is not set: run bash tests/connect/run.sh`);
  return file;
}

export const large = Buffer.alloc(1 << 20, "0123456789abcdef-");

/** Answers as code-server does, a large body, and lines without an end. */
const codeServer = (): Server =>
  createServer((request, response) => {
    if (request.url === "/healthz") response.end('{"status":"expired","lastHeartbeat":0}');
    else if (request.url === "/large") response.end(large);
    else {
      let count = 0;
      const timer = setInterval(() => response.write(`${String(count++)}\n`), 10);
      response.once("close", () => clearInterval(timer));
    }
  });

/** Long enough for AWS's command line on a busy machine; the pauses are short. */
const patient: Partial<Timings> = { ready: 120_000, healthy: 120_000, grace: 60_000, probe: 500 };

export interface PlaceOptions {
  readonly mode?: keyof typeof modes;
  /** Answers of AWS's command line in place of the usual ones; commands of ssm are not among them. */
  readonly answers?: Script["answers"];
  /** Ports of documents → ports of this machine, in place of code-server's. */
  readonly ports?: Readonly<Record<string, number>>;
}

/** A developer's machine with AWS's own programs, Session Manager on loopback, and a workspace behind it. */
export class Place {
  private constructor(
    readonly world: World,
    readonly service: SessionManager,
    readonly connection: Connection,
    private readonly editor: Server,
    readonly real: NonNullable<Script["real"]>,
  ) {}

  static async make({ mode = "assume-role", answers, ports }: PlaceOptions = {}): Promise<Place> {
    const spec = departmentSpec({}, { "cline:platform": modes[mode] });
    const connection = planConnection(
      spec,
      spec.department!.developers.find(({ id }) => id === "tanaka")!,
    );
    const editor = codeServer();
    await new Promise<void>((resolve) => editor.listen(0, "127.0.0.1", resolve));
    const { documents } = connection;
    const shell = planShellDocument({
      bucket: "logs",
      logGroup: "logs",
      keyArn: "arn:aws:kms:ap-northeast-1:111122223333:key/1",
    });
    const service = await SessionManager.start(
      {
        [documents["code-server"]]: JSON.parse(planCodeServerDocument()) as SessionDocument,
        [documents.ssh]: JSON.parse(planSshDocument()) as SessionDocument,
        [documents.shell]: shell as unknown as SessionDocument,
      },
      {
        ports: ports ?? { "8080": (editor.address() as AddressInfo).port },
        shell: (line) => (line === "exit" ? undefined : `developer:${line}\n`),
      },
    );
    const script: Script = {
      answers: {
        "sts assume-role": [session(connection.seconds)],
        "sts get-session-token": [session(connection.seconds)],
        "ec2 describe-instances": [instance("running")],
        "ec2 start-instances": [{ json: {} }],
        ...answers,
      },
      sessions: [],
      real: { command: program("CONNECT_AWS"), endpoint: service.url, services: ["ssm"] },
    };
    const world = new World(script, ["aws"]);
    symlinkSync(program("CONNECT_PLUGIN"), path.join(world.folder, "session-manager-plugin"));
    return new Place(world, service, connection, editor, script.real!);
  }

  /** Opens the editor; resolves when it is open. Its run goes on until it is stopped. */
  async open(timings: Partial<Timings> = {}): Promise<{ readonly url: string; readonly done: Promise<void> }> {
    const { world } = this;
    const [heard, browsed] = [world.said.length, world.browsed.length];
    const done = openEditor(this.connection, world.surroundings({ ...patient, ...timings }));
    await Promise.race([done, world.hears(/^code-server: /, heard)]);
    return { url: world.browsed[browsed] ?? "", done };
  }

  /** Opens the editor, and ends it by Ctrl-C once it is open. */
  async openAndStop(): Promise<void> {
    const { done } = await this.open();
    this.world.stop();
    await done;
  }

  /** AWS's programs that run for this machine. */
  processes(): { readonly pid: number; readonly line: string }[] {
    const read = (pid: string, name: string): string => {
      try {
        return readFileSync(`/proc/${pid}/${name}`, "utf8");
      } catch {
        return "";
      }
    };
    const own = readdirSync("/proc").filter((pid) => read(pid, "environ").includes(`WORLD=${this.world.folder}\0`));
    return own
      .map((pid) => ({ pid: Number(pid), line: read(pid, "cmdline") }))
      .filter(({ line }) => /(^|\/)(aws|session-manager-plugin)\0/.test(line));
  }

  /** What stops the connection. */
  async fault(timings: Partial<Timings> = {}): Promise<string> {
    const fault: unknown = await openEditor(this.connection, this.world.surroundings({ ...patient, ...timings })).then(
      () => "none",
      (reason: unknown) => reason,
    );
    if (fault instanceof ConnectFault) return fault.message;
    throw fault instanceof Error ? fault : new Error(String(fault));
  }

  stop(): void {
    this.world.stop();
    this.service.stop();
    this.editor.closeAllConnections();
    this.editor.close();
    this.world.remove();
  }
}
