import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { planTrust } from "../../../components/access/human-trust";
import { findPerson } from "../../../cli/connect/person";
import { findCommand, planConnection, sessionCommand, signInCommand, startCommand } from "../../../cli/connect/plan";
import { printed } from "../../../cli/connect/printed";
import { UsageError } from "../../../cli/usage";
import { loadSoundDepartments, loadStackFiles, StackFilesError, type StackSpec } from "../../../config";
import { fixturesDeployed } from "../../support/deployed";
import { fixtureStacks, testProject } from "../../support/project";
import { departmentSpec, type Config } from "../../support/specs";
import { modes } from "./modes";
import { World } from "./world";

const connectionOf = (spec: StackSpec, person = "tanaka") =>
  planConnection(
    spec,
    spec.department!.developers.find(({ id }) => id === person)!,
  );

interface Statement {
  readonly Action: string;
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

describe("connect: the plan", () => {
  const ofMode = (mode: keyof typeof modes, overrides: Config = {}) =>
    connectionOf(departmentSpec(overrides, { "cline:platform": modes[mode] }));

  it("assumes the session role with source identity, session name and MFA code", () => {
    assert.deepEqual(
      signInCommand(ofMode("assume-role"), "123456").join(" "),
      [
        "sts assume-role --role-arn arn:aws:iam::111122223333:role/cline/example-engineering-session",
        "--role-session-name tanaka --source-identity tanaka",
        "--serial-number arn:aws:iam::111122223333:mfa/tanaka --token-code 123456 --duration-seconds 14400",
      ].join(" "),
    );
  });

  it("asks for a session with MFA where the user's own permissions apply, as old as they accept", () => {
    assert.equal(
      signInCommand(ofMode("iam-user"), "123456").join(" "),
      "sts get-session-token --serial-number arn:aws:iam::111122223333:mfa/tanaka --token-code 123456 --duration-seconds 3600",
    );
  });

  it("assumes the role without a code from Identity Center, for the hour of role chaining", () => {
    const command = signInCommand(ofMode("identity-center"), "123456").join(" ");
    assert.match(command, /^sts assume-role .* --source-identity tanaka --duration-seconds 3600$/);
    assert.doesNotMatch(command, /123456|serial/);
  });

  it("names the person as the role's trust asks, in both modes with a role", () => {
    for (const mode of ["assume-role", "identity-center"] as const) {
      const spec = departmentSpec({}, { "cline:platform": modes[mode] });
      const { signIn, seconds } = connectionOf(spec);
      const { Statement } = JSON.parse(planTrust({ mfa: spec.platform })) as { Statement: Statement[] };
      const asked = Statement.find(({ Action }) => Action === "sts:AssumeRole")!.Condition["StringEquals"]!;
      assert.deepEqual(Object.keys(asked), ["sts:SourceIdentity", "sts:RoleSessionName"]);
      assert.equal(new Set(Object.values(asked)).size, 1);
      const command = signInCommand(connectionOf(spec), "1");
      for (const flag of ["--role-session-name", "--source-identity"])
        assert.equal(command[command.indexOf(flag) + 1], signIn);
      assert.ok(seconds >= 3600);
    }
  });

  it("takes another device, account of identities and sign-in name", () => {
    const spec = departmentSpec(
      { "cline:department": { developers: { tanaka: { signIn: "k=t,a@example.com" } } } },
      { "cline:platform": { identityAccount: "999988887777" } },
    );
    const planned = connectionOf(spec);
    assert.equal(planned.mfaSerial, "arn:aws:iam::999988887777:mfa/k=t,a@example.com");
    assert.ok(findCommand(planned).includes("Name=tag:Owner,Values=k=t\\,a@example.com"));
    const [developer] = spec.department!.developers.filter(({ id }) => id === "tanaka");
    assert.equal(planConnection(spec, developer!, "GAHT12345678").mfaSerial, "GAHT12345678");
  });

  it("stays in the own account of a department that stands alone", () => {
    const planned = ofMode("assume-role", {
      "aws:allowedAccountIds": ["444455556666"],
      "cline:network": { cidr: "10.80.0.0/16", zones: 2 },
      "cline:gateway": {},
      "cline:observability": {},
    });
    assert.equal(planned.roleArn, "arn:aws:iam::444455556666:role/cline/example-engineering-session");
    assert.equal(planned.mfaSerial, "arn:aws:iam::111122223333:mfa/tanaka");
    assert.equal(planned.documents.shell, "example-engineering-shell");
  });

  it("names what a deployment makes: one instance by its tags, the role, the documents", async () => {
    const deployed = await fixturesDeployed();
    const all = deployed.flatMap(({ resources }) => resources);
    const specs = deployed.map(({ spec }) => spec);
    const sound = { departments: specs, faults: [] };
    for (const { department } of specs)
      for (const { id } of department?.developers ?? []) {
        const { spec, developer } = findPerson(sound, id, "");
        const planned = planConnection(spec, developer);
        const tagged = all.filter(({ type, inputs }) => {
          const tags = (inputs["tags"] ?? {}) as Readonly<Record<string, string>>;
          return type === "aws:ec2/instance:Instance" && Object.entries(planned.tags).every(([k, v]) => tags[k] === v);
        });
        assert.equal(tagged.length, 1, id);
        const roles = all.filter(({ type }) => type === "aws:iam/role:Role").map(({ inputs }) => inputs);
        assert.equal(
          roles.filter(({ name, path: at }) => planned.roleArn?.endsWith(`:role${String(at)}${String(name)}`)).length,
          1,
        );
        assert.ok(
          roles.some(
            ({ name, maxSessionDuration }) =>
              planned.roleArn?.endsWith(`/${String(name)}`) && maxSessionDuration === planned.seconds,
          ),
        );
        const documents = all
          .filter(({ type }) => type === "aws:ssm/document:Document")
          .map(({ inputs }) => inputs["name"]);
        for (const name of Object.values(planned.documents)) assert.ok(documents.includes(name), name);
      }
  });
});

describe("connect: the person", () => {
  const sound = { departments: loadStackFiles(fixtureStacks()), faults: [] };
  const refused = (asked: string | undefined, user = "root"): string => {
    try {
      findPerson(sound, asked, user);
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message;
    }
    throw new Error("not refused");
  };

  it("is a developer by id or sign-in, or this machine's user", () => {
    assert.equal(findPerson(sound, "tanaka", "root").spec.stack, "engineering");
    assert.equal(findPerson(sound, undefined, "kimura").spec.stack, "data-science");
    const [spec] = [departmentSpec({ "cline:department": { developers: { tanaka: { signIn: "k.t@example.com" } } } })];
    assert.equal(findPerson({ departments: [spec], faults: [] }, "k.t@example.com", "root").developer.id, "tanaka");
  });

  it("who is none has a next step", () => {
    assert.match(refused("tanka"), /^PERSON: found tanka; .*did you mean tanaka\?$/);
    assert.match(refused(""), /^PERSON: found an empty text; /);
    assert.match(refused("zzz"), /ask the department's lead to add the line/);
    assert.match(
      refused("sato"),
      /sato leads engineering and has no workspace: add `sato: \{\}` to developers of stacks/,
    );
    assert.match(refused("mori"), /platform's teams/);
    assert.match(refused(undefined), /found none given, and root, this machine's user, is no developer/);
  });

  it("is found while another file has a fault, and in no file that has one", () => {
    const files = { ...fixtureStacks() };
    files["Pulumi.data-science.yaml"] = files["Pulumi.data-science.yaml"]!.replace("lead:", "leed:");
    const project = testProject(files);
    try {
      const departments = loadSoundDepartments(project.root);
      assert.equal(findPerson(departments, "tanaka", "root").spec.stack, "engineering");
      assert.throws(() => findPerson(departments, "kimura", "root"), /data-science\.yaml .*leed: found an unknown key/);
    } finally {
      project.remove();
    }
  });

  it("in two departments, or in a department without an account, is a fault of the stack files", () => {
    const twice = { ...fixtureStacks() };
    twice["Pulumi.data-science.yaml"] = twice["Pulumi.data-science.yaml"]!.replace("hayashi:", "tanaka:");
    twice["Pulumi.platform.yaml"] = twice["Pulumi.platform.yaml"]!.replace(/ *aws:allowedAccountIds.*\n/, "");
    assert.throws(
      () => loadStackFiles(twice),
      (error: unknown) => {
        assert.ok(error instanceof StackFilesError);
        assert.match(error.message, /developers\.tanaka: found .* a person of one department only/);
        assert.match(error.message, /aws:allowedAccountIds: found nothing/);
        return true;
      },
    );
  });
});

describe("connect --print", () => {
  it("is a script of the planned commands, which hands the credentials on by the environment", () => {
    for (const [mode, platform] of Object.entries(modes)) {
      const keys = { json: "ASIATESTONLY a-secret a-token" };
      const world = new World({
        answers: {
          "sso login": [{ json: {} }],
          "sts assume-role": [keys],
          "sts get-session-token": [keys],
          "ec2 describe-instances": [{ json: "i-1" }],
          "ec2 start-instances": [{ json: {} }],
          "ssm get-connection-status": [{ json: {} }],
        },
        sessions: [{ json: {} }],
      });
      try {
        const connection = connectionOf(departmentSpec({}, { "cline:platform": platform }));
        const input = mode === "identity-center" ? "" : "123456\n";
        const { env } = world.surroundings();
        const { status, stderr } = spawnSync("/bin/sh", ["-c", printed(connection)], { env, input, encoding: "utf8" });
        assert.deepEqual([status, stderr], [0, ""], mode);
        const calls = world.calls();
        const own = mode === "identity-center" ? [["sso", "login"]] : [];
        const instance = '"i-1"';
        assert.deepEqual(
          calls.map(({ args }) => args.slice(0, args.indexOf("--region"))),
          [
            ...own,
            signInCommand(connection, "123456"),
            findCommand(connection),
            startCommand(instance),
            ["ssm", "get-connection-status", "--target", instance],
            sessionCommand(connection, "code-server", instance, "8080"),
          ],
        );
        const later = calls.slice(own.length + 1).map(({ keyId, profile }) => [keyId, profile]);
        assert.deepEqual(later, Array(4).fill(['"ASIATESTONLY', undefined]));
      } finally {
        world.remove();
      }
    }
  });

  it("keeps the profile when AWS refuses the code", () => {
    const spec = departmentSpec({}, { "cline:platform": modes["assume-role"] });
    const [signIn = ""] = printed(connectionOf(spec)).split("\n\n");
    const script = `aws() { return 254; }\n${signIn}\necho "$AWS_PROFILE \${AWS_ACCESS_KEY_ID-none}"`;
    const options = {
      input: "123456\n",
      encoding: "utf8",
      env: { PATH: process.env["PATH"], AWS_PROFILE: "cline" },
    } as const;
    assert.match(spawnSync("sh", ["-c", script], options).stdout, /cline none\n$/);
  });
});
