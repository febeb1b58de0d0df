import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { run } from "../../../cli/connect";
import { freePort } from "../../../cli/connect/health";
import { openLangfuse } from "../../../cli/connect/langfuse";
import { findLead, planLead } from "../../../cli/connect/lead";
import { findCommand, sessionCommand, signInCommand, type Connection } from "../../../cli/connect/plan";
import { ConnectFault, type Timings } from "../../../cli/connect/surroundings";
import { UsageError } from "../../../cli/usage";
import { fixturesDeployed } from "../../support/deployed";
import { fixtureStacks, testProject } from "../../support/project";
import { departmentSpec } from "../../support/specs";
import { end, id, usual } from "./editor";
import { modes } from "./modes";
import { instance, refused, session, World, type Script } from "./world";

const department = { deputies: ["ono"], developers: { sato: { signIn: "k.sato@example.com" } } };
const leadOf = (name: string, mode: keyof typeof modes = "assume-role"): Connection => {
  const spec = departmentSpec({ "cline:department": department }, { "cline:platform": modes[mode] });
  return planLead(findLead({ departments: [spec], faults: [] }, name, "root"));
};
const lead = leadOf("sato");
const account = { user: "sato-1a2b3c4d@engineering.langfuse.internal", password: "a-password-of-the-test" };
const secret = (text: string) => ({ json: { Name: "x", SecretString: text } });
const answers = {
  ...usual,
  "sts assume-role": [session(3600)],
  "secretsmanager get-secret-value": [secret(JSON.stringify(account))],
};
const readCommand = ["secretsmanager", "get-secret-value", "--secret-id", lead.accountSecret];

describe("connect --langfuse: the plan", () => {
  it("signs a lead in by the lead's role, under the name that the role's trust asks for", () => {
    for (const [name, signIn] of [
      ["sato", "k.sato@example.com"],
      ["k.sato@example.com", "k.sato@example.com"],
      ["ono", "ono"],
    ] as const)
      assert.equal(
        signInCommand(leadOf(name), "123456").join(" "),
        [
          "sts assume-role --role-arn arn:aws:iam::111122223333:role/cline/example-engineering-lead",
          `--role-session-name ${signIn} --source-identity ${signIn}`,
          `--serial-number arn:aws:iam::111122223333:mfa/${signIn} --token-code 123456 --duration-seconds 3600`,
        ].join(" "),
      );
    assert.match(signInCommand(leadOf("ono", "iam-user"), "123456").join(" "), /^sts get-session-token .*mfa\/ono /);
    assert.doesNotMatch(signInCommand(leadOf("ono", "identity-center"), "123456").join(" "), /123456|serial/);
  });

  it("names what a deployment makes: the access node, the role, the document, the secret", async () => {
    const deployed = await fixturesDeployed();
    const all = deployed.flatMap(({ resources }) => resources);
    const names = (type: string) => all.filter((each) => each.type === type).map(({ inputs }) => inputs["name"]);
    for (const name of ["sato", "watanabe"]) {
      const planned = planLead(findLead({ departments: deployed.map(({ spec }) => spec), faults: [] }, name, ""));
      const tagged = all.filter(({ type, inputs }) => {
        const tags = (inputs["tags"] ?? {}) as Readonly<Record<string, string>>;
        return type === "aws:ec2/instance:Instance" && Object.entries(planned.tags).every(([k, v]) => tags[k] === v);
      });
      assert.equal(tagged.length, 1, name);
      assert.ok(names("aws:iam/role:Role").includes(planned.roleArn?.split("/").at(-1)));
      assert.ok(names("aws:ssm/document:Document").includes(planned.documents.langfuse));
      assert.ok(names("aws:secretsmanager/secret:Secret").includes(planned.accountSecret));
    }
  });

  it("refuses a developer, a stranger, and a port other than Langfuse's, each with the next step", async () => {
    const project = testProject(fixtureStacks());
    const says = (args: string[], pattern: RegExp) =>
      assert.rejects(run([...args, "--langfuse"], project.root), (fault) => {
        assert.ok(fault instanceof UsageError);
        assert.match(fault.message, pattern);
        return true;
      });
    await says(["tanaka"], /found tanaka; with --langfuse allowed a lead or deputy/);
    await says(["nobody"], /found nobody; with --langfuse allowed a lead or deputy/);
    await says(["sato", "--port", "8080"], /--port: found it with --langfuse/);
    await says(["sato", "--shell"], /allowed one of them/);
    project.remove();
  });
});

describe("connect --langfuse", () => {
  let world: World;
  let shown: string[];
  const worlds: World[] = [];
  afterEach(() => worlds.splice(0).forEach((each) => each.remove()));
  const make = (script: Partial<Script> = {}): void => {
    shown = [];
    world = new World({ sessions: ["serve"], ...script, answers: { ...answers, ...script.answers } });
    worlds.push(world);
  };
  const open = async (port: number, timings: Partial<Timings> = {}): Promise<void> =>
    openLangfuse(lead, world.surroundings(timings), (text) => void shown.push(text), port);
  const openAndStop = async (heard: RegExp): Promise<number> => {
    const port = (await freePort())!;
    const running = open(port);
    await Promise.race([running, world.hears(heard)]);
    world.stop();
    await running;
    return port;
  };
  const commands = () => world.calls().map(({ args }) => args.slice(0, -4));
  const fault = async (port?: number): Promise<string> => {
    const error: unknown = await open(port ?? (await freePort())!).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ConnectFault, String(error));
    return error.message;
  };

  it("reads the own account, forwards the node's port, shows both when Langfuse answers, and ends", async () => {
    make();
    const port = await openAndStop(/^Langfuse: /);
    assert.deepEqual(commands(), [
      signInCommand(lead, "123456"),
      readCommand,
      findCommand(lead),
      sessionCommand(lead, "langfuse", id, String(port)),
      end,
    ]);
    assert.deepEqual(shown, [
      `address   http://localhost:${port}\nuser      ${account.user}\npassword  ${account.password}\n`,
    ]);
    assert.deepEqual(world.browsed, [`http://localhost:${port}`]);
    assert.ok(world.events().some((event) => event.join(" ") === "GET /api/public/health"));
    assert.doesNotMatch(world.traces(), new RegExp(account.password));
  });

  it("shows the password once, also when the tunnel drops and stands again", async () => {
    make({ sessions: ["drops", "serve"] });
    await openAndStop(/^connected again/);
    assert.equal(shown.length, 1);
    assert.equal(commands().filter(([service]) => service === "secretsmanager").length, 1);
  });

  it("shows nothing where Langfuse does not answer, its port is used, no node runs, or the secret has no value", async () => {
    make({ sessions: ["ends"] });
    assert.match(await fault(), /^session: it ended before Langfuse answered/);
    make({ answers: { "ec2 describe-instances": [instance("stopped")] } });
    assert.match(await fault(), /^access node: found i-\w+ stopped; needed a running one of stack platform; ask an op/);
    make({ answers: { "secretsmanager get-secret-value": [refused("ResourceNotFoundException")] } });
    assert.match(await fault(), /^account: found no value of cline\/example\/engineering\/sato\/langfuse-account; /);
    make();
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    assert.match(await fault(port), /^port \d+: another program of this machine uses it; Langfuse signs people in at/);
    server.close();
    assert.deepEqual(world.calls(), [], "asks for no code");
    assert.deepEqual(shown, []);
  });

  it("sends a refused lead to an operator, and repeats nothing of a secret in another form", async () => {
    make({ answers: { "secretsmanager get-secret-value": [refused("AccessDeniedException")] } });
    assert.match(await fault(), /^account: AWS refuses it: .* is not deployed: show this line to an operator$/);
    for (const text of ["hunter2", JSON.stringify({ password: "hunter2" })]) {
      make({ answers: { "secretsmanager get-secret-value": [secret(text)] } });
      assert.match(await fault(), /^account: found another form in \S+ \(not shown\); ask an operator/);
      assert.doesNotMatch(world.traces(), /hunter2/);
    }
    assert.deepEqual(shown, []);
  });
});
