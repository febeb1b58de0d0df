import assert from "node:assert/strict";
import { chmodSync, existsSync, statSync, writeFileSync } from "node:fs";
import { cacheFile } from "../../../cli/connect/cache";
import { findCommand, readyCommand, signInCommand, startCommand } from "../../../cli/connect/plan";
import { openEditor } from "../../../cli/connect/runner";
import { signIn } from "../../../cli/connect/sign-in";
import { ConnectFault } from "../../../cli/connect/surroundings";
import { connection, connectionOf, end, id, Machine, usual } from "./editor";
import { instance, refused, session, type Answer } from "./world";

describe("connect", () => {
  let world: Machine;
  afterEach(() => world.remove());
  const make = (...given: ConstructorParameters<typeof Machine>): Machine => (world = new Machine(...given));

  it("signs in, finds the workspace, opens code-server and the browser, and ends the plugin by SIGINT", async () => {
    make();
    await world.openAndStop();
    assert.deepEqual(world.commands(), [
      signInCommand(connection, "123456"),
      findCommand(connection),
      world.forward(),
      end,
    ]);
    assert.deepEqual(world.browsed, [`http://127.0.0.1:${world.port()}/`]);
    assert.deepEqual(
      world
        .events()
        .map(([event]) => event)
        .filter((event) => event !== "GET"),
      ["start", "SIGINT"],
    );
    assert.ok(world.events().some((event) => event.join(" ") === "GET /healthz"));
  });

  it("hands the session on by the environment, without the profile, and shows no credential", async () => {
    make();
    await world.openAndStop();
    const used = world.calls().map(({ keyId, profile }) => [keyId, profile]);
    assert.deepEqual(used, [[undefined, "tanaka"], ...Array.from({ length: 3 }, () => ["ASIATESTONLY", undefined])]);
    assert.doesNotMatch(world.traces(), /a-secret-of-the-test|a-token-of-the-test|ASIATESTONLY/);
  });

  it("asks for the MFA code once for many connections: then one call more than start-session, and one at the end", async () => {
    make();
    await world.openAndStop();
    const before = world.calls().length;
    world.browsed.length = 0;
    await world.openAndStop();
    assert.equal(world.asked.length, 1);
    assert.deepEqual(world.commands().slice(before), [findCommand(connection), world.forward(), end]);
    const file = cacheFile(connection, world.surroundings().env);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(file.replace(/[^/]*$/, "")).mode & 0o777, 0o700);
  });

  it("uses no session that others may read, that is about to end, or that is another person's", async () => {
    make();
    const file = cacheFile(connection, world.surroundings().env);
    await world.openAndStop();
    writeFileSync(file, JSON.stringify(session(14_400).json.Credentials));
    chmodSync(file, 0o644);
    await world.openAndStop();
    assert.equal(world.asked.length, 2);
    writeFileSync(file, JSON.stringify(session(200).json.Credentials));
    await world.openAndStop();
    assert.equal(world.asked.length, 3);
    for (const XDG_CACHE_HOME of ["", "cache"])
      assert.match(cacheFile(connection, { HOME: "/home/a", XDG_CACHE_HOME }), /^\/home\/a\/\.cache\//);
    assert.notEqual(cacheFile({ ...connection, signIn: "suzuki" }, world.surroundings().env), file);
  });

  it("proves MFA by the user's own session with iam-user", async () => {
    make({ answers: { "sts get-session-token": [session(3600)] } });
    const planned = connectionOf("iam-user");
    await world.openAndStop(planned);
    const [signedIn] = world.commands();
    assert.deepEqual(signedIn, signInCommand(planned, "123456"));
    assert.match(signedIn.join(" "), /^sts get-session-token --serial-number \S+tanaka --token-code 123456 /);
    assert.equal(world.asked.length, 1);
  });

  it("leaves MFA to Identity Center, and signs in there when its session has ended", async () => {
    const ended = { error: "Error loading SSO Token: Token for x does not exist\n" };
    make({ answers: { "sts assume-role": [ended, session(3600)], "sso login": [{ json: {} }] } });
    const planned = connectionOf("identity-center");
    await world.openAndStop(planned);
    assert.deepEqual(world.asked, []);
    const made = world.calls().map(({ args }) => args.slice(0, 2).join(" "));
    assert.deepEqual(made, [
      "sts assume-role",
      "sso login",
      "sts assume-role",
      "ec2 describe-instances",
      "ssm start-session",
      "ssm terminate-session",
    ]);
    assert.deepEqual(world.calls()[2]!.args.slice(0, -4), signInCommand(planned, ""));
  });

  it("opens no sign-in of Identity Center and asks no code where another program reads", async () => {
    make({ answers: { "sts assume-role": [{ error: "Error loading SSO Token: Token for x does not exist\n" }] } });
    for (const mode of ["identity-center", "assume-role"] as const) {
      const at = { ...world.surroundings(), interactive: false };
      await assert.rejects(signIn(connectionOf(mode), at), (error) => {
        assert.ok(error instanceof ConnectFault);
        assert.match(
          error.message,
          /^(sign-in|MFA code): found no .*; run `npm run connect -- tanaka` in a terminal once/,
        );
        return true;
      });
    }
    assert.deepEqual(world.asked, []);
    assert.deepEqual(
      world.commands().map((args) => args.slice(0, 2)),
      [["sts", "assume-role"]],
    );
  });

  it("starts a stopped workspace and says how far it is", async () => {
    const states = ["stopped", "pending", "running"].map((state) => instance(state));
    const status = ["notconnected", "connected"].map((Status) => ({ json: { Target: id, Status } }));
    make({
      answers: {
        "ec2 describe-instances": states,
        "ec2 start-instances": [{ json: {} }],
        "ssm get-connection-status": status,
      },
    });
    await world.openAndStop();
    const find = findCommand(connection);
    const ready = readyCommand(id);
    assert.deepEqual(world.commands().slice(1), [
      find,
      startCommand(id),
      find,
      find,
      ready,
      ready,
      world.forward(),
      end,
    ]);
    assert.deepEqual(world.said.slice(0, 4), [
      `workspace ${id}: stopped`,
      "starting it, which takes a minute or two",
      `workspace ${id}: pending`,
      `workspace ${id}: running, waiting for its agent`,
    ]);
  });

  it("waits where the target is refused because its agent is not connected yet", async () => {
    make({
      sessions: [refused("TargetNotConnected"), "serve"],
      answers: { "ssm get-connection-status": [{ json: { Status: "connected" } }] },
    });
    await world.openAndStop();
    assert.deepEqual(world.commands().slice(-3), [readyCommand(id), world.forward(), end]);
  });

  it("tells a workspace that does not come up, none, and several", async () => {
    make({ answers: { "ec2 describe-instances": [instance("stopped")], "ec2 start-instances": [{ json: {} }] } });
    assert.match(
      await world.fault(connection, { ready: 200 }),
      /^workspace: still stopped after 0 s; run this again, .*operator/,
    );
    world.script = { sessions: [], answers: { ...usual, "ec2 describe-instances": [{ json: { Reservations: [] } }] } };
    assert.match(await world.fault(), /^workspace: found none of tanaka; .*ask the department's lead/);
    const both = {
      Reservations: [...instance("running").json.Reservations, ...instance("running", "i-2").json.Reservations],
    };
    world.script = { sessions: [], answers: { ...usual, "ec2 describe-instances": [{ json: both }] } };
    assert.match(await world.fault(), /^workspace: found i-0123456789abcdef0 and i-2 of tanaka; needed one/);
  });

  it("asks nothing of a tunnel that stands, and looks at it after a sleep", async () => {
    make();
    const running = openEditor(connection, world.surroundings());
    await world.hears(/^code-server/);
    const asked = (): number => world.events().filter(([event]) => event === "GET").length;
    const before = asked();
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(asked(), before);
    world.changed = true;
    const deadline = Date.now() + 10_000;
    while (asked() === before && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(asked() > before);
    world.stop();
    await running;
  });

  it("signs in again, once, when AWS says that the session has ended", async () => {
    make({ answers: { "ec2 describe-instances": [refused("ExpiredTokenException"), instance("running")] } });
    await world.openAndStop();
    const [signedIn, find] = [signInCommand(connection, "123456"), findCommand(connection)];
    assert.deepEqual(world.commands().slice(0, 4), [signedIn, find, signedIn, find]);
    world.script = {
      sessions: [],
      answers: { ...usual, "ec2 describe-instances": [refused("ExpiredTokenException")] },
    };
    assert.match(await world.fault(), /^workspace: AWS answered ExpiredToken/);
  });

  it("says what is wrong with code, clock, credentials and permissions", async () => {
    make();
    const says = async (answer: Answer, words: RegExp): Promise<void> => {
      world.script = { sessions: [], answers: { ...usual, "sts assume-role": [answer] } };
      assert.match(await world.fault(), words);
      assert.equal(existsSync(cacheFile(connection, world.surroundings().env)), false);
    };
    const mfa = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
    await says(refused("AccessDenied", mfa), /^MFA code: AWS refuses it for arn:.*wait for the next code/);
    await says(
      refused("AccessDenied", "not authorized"),
      /^sign-in: AWS refuses arn:.*-session .*needed those of tanaka/,
    );
    const late = "Signature expired: 20261130T110000Z is now earlier than 20261130T111500Z";
    await says(refused("SignatureDoesNotMatch", late), /^clock: .*set it/);
    await says(session(14_400 + 3600), /^clock: this machine is 60 minutes behind AWS's time/);
    await says(refused("InvalidClientTokenId"), /^credentials: AWS does not know the access key/);
    await says(
      { error: "Unable to locate credentials\n" },
      /^credentials: found none; needed the access key of the IAM user tanaka/,
    );
    await says(
      { error: '\nCould not connect to the endpoint URL: "https://sts.ap-northeast-1.amazonaws.com/"\n' },
      /^sign-in: Could not connect .*look at this machine's network and proxy/,
    );
    await says(
      { error: "\nSSL validation failed for https://sts.ap-northeast-1.amazonaws.com/ self-signed certificate\n" },
      /^sign-in: this machine does not trust .*AWS_CA_BUNDLE/,
    );
    await says(
      { error: "\nUnable to parse config file: /home/tanaka/.aws/credentials\n" },
      /^credentials: aws cannot read its own files .*look at ~\/\.aws/,
    );
    await says(
      { json: { Credentials: { SecretAccessKey: "a-secret-of-the-test" } } },
      /^sign-in: AWS answered in another shape/,
    );
    world.codes = ["12345"];
    await says(session(14_400), /^MFA code: found something else \(not shown\)/);
    world.codes = [undefined];
    await says(session(14_400), /^MFA code: found no input; .*in a terminal once/);
    assert.doesNotMatch(world.traces(), /a-secret-of-the-test/);
  });

  it("says what a slow answer is waited for, and stops waiting when it is stopped", async () => {
    make({ answers: { "sts assume-role": [{ silence: true }] } });
    const ended = world.fault(connection, { quiet: 150 });
    await world.hears(/^waiting for `aws sts assume-role`, 60 s at most$/);
    world.stop();
    assert.match(await ended, /^sign-in: /);
  });

  it("names each missing or old tool before it asks for a code", async () => {
    make({}, []);
    const none = await world.fault();
    assert.match(none, /^aws: found no command on PATH; needed 2\.14\.0 or later; install it: https:/);
    assert.match(
      none,
      /\nsession-manager-plugin: found no command on PATH; needed 1\.2\.498 or later; install it: https:/,
    );
    world.remove();
    make({ versions: { aws: "aws-cli/1.32.0 Python/3.11\n", plugin: "1.2.497.0\n" } });
    assert.match(await world.fault(), /^aws: found 1\.32\.0; .*\nsession-manager-plugin: found 1\.2\.497; /);
    assert.deepEqual([world.asked, world.calls()], [[], []]);
    world.remove();
    make({}, ["aws"]);
    assert.match(await world.fault(), /^session-manager-plugin: found no command/);
  });
});
