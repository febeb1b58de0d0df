import assert from "node:assert/strict";
import { inspect } from "node:util";
import { shown, StackFilesError } from "../../config";
import { design, faultsOf, files, refuses } from "../support/fault-rows";
import { fileText, merged } from "../support/specs";
import { accounts } from "./faults/accounts";
import { money } from "./faults/money";
import { networks } from "./faults/networks";
import { people } from "./faults/people";
import { values } from "./faults/values";
import { department, extra, platform } from "./faults/overrides";

const rows = [...money, ...people, ...accounts, ...networks, ...values];

describe("faults of stack files", () => {
  it("has none in the files the rows change", () => assert.deepEqual(faultsOf(files({})), []));

  it("has none when budgets add up to the organization's exactly", () =>
    assert.deepEqual(faultsOf(files({ platform: platform({ monthlyBudgetUsd: 4000 }) })), []));

  refuses(rows);

  it("lists ten different faults of one file in one error, and keeps to its form", () => {
    const ten = `config:
  aws:region: us-east-1
  cline:sharedFrom: platfrom
  cline:department:
    costcenter: CC-1
    monthlyBudgetUsd: 5000
    tpm: 1M
    keepPromptText: maybe
    developers:
      mizuno: {}
      Arai: {}
      endo: { models: [opus], monthlyBudgetUsd: "300 USD", sshPublicKey: ssh-dss }
      tanaka: {}
      ono: { workspace: { size: huge } }
      ono: {}
`;
    const paths = faultsOf(files({ design: ten }))
      .filter(({ file }) => file === "stacks/Pulumi.design.yaml")
      .map(({ path }) => path);
    assert.deepEqual(paths.sort(), [
      "aws:region",
      "cline:department.costcenter",
      "cline:department.developers.Arai",
      "cline:department.developers.endo.models[0]",
      "cline:department.developers.endo.monthlyBudgetUsd",
      "cline:department.developers.endo.sshPublicKey",
      "cline:department.developers.ono",
      "cline:department.developers.ono.workspace.size",
      "cline:department.developers.tanaka",
      "cline:department.keepPromptText",
      "cline:department.lead",
      "cline:department.monthlyBudgetUsd",
      "cline:department.tpm",
      "cline:sharedFrom",
    ]);
  });

  it("sorts by file and line, and knows the lines", () => {
    const faults = faultsOf(
      files({ design: department({ tpm: 1, lead: "K" }), platform: platform({ residency: "moon" }) }),
    );
    assert.deepEqual(
      faults.map(({ file, path, line }) => [file, path, line]),
      [
        ["stacks/Pulumi.design.yaml", "cline:department.lead", 5],
        ["stacks/Pulumi.design.yaml", "cline:department.tpm", 9],
        ["stacks/Pulumi.platform.yaml", "cline:platform.residency", 10],
      ],
    );
  });

  it("shows no secret, wherever it stands", () => {
    const canary = `sk-${"canary".repeat(6)}`;
    const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----canary";
    const short = ["sk-canary0123456789abcdef", "glpat-canary12", "xoxe-1-canary", "eyJjanary.eyJzdWI.canary"];
    for (const secret of [canary, privateKey, ...short, "--password=canary", "aws_secret_access_key=canary"]) {
      for (const change of [
        department({ costCenter: secret }),
        department({ lead: secret }),
        department({ token: secret }),
        department({ developers: { arai: { sshPublicKey: secret } } }),
        department({ developers: { arai: { workspace: secret } } }),
        department({ alertEmails: [secret] }),
        department({ workspace: [secret] }),
      ]) {
        const faults = faultsOf(files({ design: change }));
        assert.notEqual(faults.length, 0);
        assert.doesNotMatch(new StackFilesError(faults).message, /canary/);
      }
    }
  });

  it("shows nothing of what stands in the place of a public key", () => {
    for (const sshPublicKey of ["canary".repeat(200), { canary: 1 }, ["canary"]]) {
      const faults = faultsOf(files({ design: department({ developers: { arai: { sshPublicKey } } }) }));
      assert.deepEqual(
        faults.map(({ path, found }) => [path, found]),
        [["cline:department.developers.arai.sshPublicKey", "something else (not shown)"]],
      );
    }
  });

  it("keeps the places of a list's other entries, and goes on checking them", () => {
    const extraBudgets = [
      { ...extra, until: "soon", approvedBy: "sato" },
      5,
      { ...extra, department: "sales", note: 1 },
    ];
    assert.deepEqual(
      faultsOf(files({ platform: platform({ extraBudgets }) }))
        .map(({ path }) => path)
        .sort(),
      [
        "cline:platform.extraBudgets[0].approvedBy",
        "cline:platform.extraBudgets[0].until",
        "cline:platform.extraBudgets[1]",
        "cline:platform.extraBudgets[2].department",
        "cline:platform.extraBudgets[2].note",
      ],
    );
    const models = ["opus", "strong", "gpt"];
    assert.deepEqual(
      faultsOf(files({ design: department({ models }) }))
        .map(({ path }) => path)
        .sort(),
      ["cline:department.models[0]", "cline:department.models[2]"],
    );
  });

  it("prints as its message alone, as Pulumi does", () => {
    const [fault] = faultsOf(files({ design: department({ tpm: 1 }) }));
    const error = new StackFilesError([fault!]);
    const line =
      "stacks/Pulumi.design.yaml  cline:department.tpm: found 1; allowed a whole number of tokens per minute, 1000 to 100000000; for example 200000";
    assert.equal(error.message, line);
    assert.equal(inspect(error), line);
    assert.equal(error.__pulumiRunError, true);
  });

  it("names files that are no stack's", () => {
    const all = files({});
    const named = (name: string) =>
      faultsOf({
        ...all,
        [name]: fileText(
          merged(design, department({ lead: "ueda", developers: { hara: {}, mizuno: undefined, arai: undefined } })),
        ),
      });
    for (const name of [
      "Pulumi.Design2.yaml",
      "Pulumi.a--b.yaml",
      "Pulumi.a-.yaml",
      "Pulumi.ws.yaml",
      "Pulumi.default.yaml",
      `Pulumi.${"a".repeat(21)}.yaml`,
      "Pulumi.web.yml",
    ]) {
      assert.deepEqual(
        named(name).map(({ file, path }) => [file, path]),
        [[`stacks/${name}`, "file"]],
      );
    }
    assert.deepEqual(named(`Pulumi.${"a".repeat(20)}.yaml`), []);
  });

  it("renders values short, and nothing as nothing", () => {
    assert.equal(shown(undefined), "nothing");
    assert.match(shown("a".repeat(100)), /^"a{56}…"$/);
    assert.equal(shown([1]), "[1]");
  });
});
