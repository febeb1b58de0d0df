import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { differenceFrom, type Values } from "../../policy-pack/src/frame/exemption-values";
import { isFor } from "../../policy-pack/src/frame/exemption-book";
import { LONGEST_DAYS, readExemptions } from "../../policy-pack/src/frame/exemptions";
import { Value } from "../../policy-pack/src/frame/value";
import type { Finding, PreviewDocument } from "../../reports";
import { root } from "../support/project";

const chain = "cline:a:Outer$cline:b:Inner$aws:lambda/function:Function";
const urn = `urn:pulumi:platform::cline::${chain}::stop-function`;
const inputs = {
  name: "example-platform-stop",
  role: "arn:aws:iam::111122223333:role/cline/example-platform-stop",
  endpoint: "https://kms.ap-northeast-1.amazonaws.com",
  kmsKeyArn: "[unknown]",
  environment: { variables: { TOKEN: "[secret]", MODE: "platformer" } },
  layers: [],
  timeout: 60,
  publish: false,
  logging: {},
  buildspec: "x".repeat(121),
  pattern: "cline/*",
  tags: { Organization: "example", Stack: "platform" },
  region: "ap-northeast-1",
};
const violation: Finding = {
  policy: "lambda-in-vpc",
  urn,
  level: "mandatory",
  severity: "medium",
  message: "vpcConfig is not set",
  property: "vpcConfig.subnetIds",
};
const document: PreviewDocument = {
  stacks: [
    {
      stack: "platform",
      resources: [{ urn, type: "aws:lambda/function:Function", name: "stop-function", parent: "", inputs }],
      outputs: {},
      violations: [violation, { ...violation, policy: "secret-rotation", level: "exempt" }],
      passed: {},
    } as unknown as PreviewDocument["stacks"][number],
  ],
};
const approved = ["--reason", "no endpoint", "--ticket", "SEC-9", "--approved-by", "abe"];
const today = new Date().toISOString().slice(0, 10);

describe("npm run exempt", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "cline-exempt-"));
    file = path.join(folder, "preview.json");
    writeFileSync(file, JSON.stringify(document));
  });
  after(() => rmSync(folder, { recursive: true }));

  const command = (...args: string[]) => ["-r", "tsx/cjs", "cli/main.ts", "exempt", "--from", file, ...args];
  const entry = (...args: string[]) =>
    JSON.parse(execFileSync(process.execPath, command(...args), { cwd: root, encoding: "utf8", stdio: "pipe" })) as {
      readonly values: Values;
      readonly urn?: string;
    };
  const refusedFor = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, command(...args), { cwd: root, encoding: "utf8" });
    assert.deepEqual([status, stdout], [2, ""]);
    return stderr;
  };
  const accepted = (made: object) => readExemptions(JSON.stringify([made]), today, new Set(["lambda-in-vpc"]));

  it("prints the entry of one finding, which the pack takes", () => {
    for (const name of ["lambda-in-vpc@stop-function", `lambda-in-vpc@${urn}`]) {
      const made = entry(name, ...approved);
      assert.deepEqual(accepted(made).remarks, []);
      assert.deepEqual(Object.keys(made), ["policy", "urn", "property", "reason", "ticket", "approvedBy", "expires"]);
      assert.equal(made.urn, urn);
    }
  });

  it("prints the entry of a component, for stacks of every name, without what is unknown, secret or long", () => {
    const made = entry("lambda-in-vpc@stop-function", "--component", ...approved, "--until", "2027-06-30");
    assert.deepEqual(made.values, {
      name: "*-*-stop",
      role: "arn:aws:iam::*:role/cline/*-*-stop",
      endpoint: "https://kms.*.amazonaws.com",
      "environment.variables.MODE": "platformer",
      timeout: 60,
      publish: false,
      logging: {},
    });
    assert.ok(isFor(made, urn) && isFor(made, urn.replace(":platform:", ":hub:")));
    assert.equal(differenceFrom(made.values, Value.of(inputs)), undefined);
    assert.match(
      accepted(made)
        .remarks.map(({ message }) => message)
        .join(),
      /^(?:.* in \d+ days.*)?$/,
    );
  });

  it("prints an entry that does not apply while nobody has approved it", () => {
    const made = entry("lambda-in-vpc@stop-function");
    assert.deepEqual(accepted(made).active, []);
    assert.match(accepted(made).remarks[0]?.message ?? "", /reason must be.*ticket must be.*approvedBy must be/);
  });

  it("takes any day until the pack's last, and refuses every other before it looks for the finding", () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    for (const until of [today, inDays(LONGEST_DAYS)]) {
      const made = entry("lambda-in-vpc@stop-function", ...approved, "--until", until);
      assert.equal(accepted(made).active.length, 1, until);
    }
    for (const until of [inDays(-1), inDays(LONGEST_DAYS + 1), "2027-02-30", "31.12.2027", "2027-1-1", "soon"]) {
      const said = refusedFor("no-such@finding", "--until", until);
      assert.match(said, /^--until: found .*; allowed a day as YYYY-MM-DD, from today to 400 days from now\n$/);
      assert.ok(said.includes(`found ${until};`), said);
    }
  });

  it("says what it did not find, and what is near", () => {
    assert.match(
      refusedFor("lambda-in-vpc@stop-functoin"),
      /no such finding.*did you mean lambda-in-vpc@stop-function\?/,
    );
    assert.match(refusedFor("secret-rotation@stop-function"), /no such finding/);
    assert.match(refusedFor(), /name one finding/);
  });
});
