import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type Fault, loadStackFiles, shown, StackFilesError, type StackFiles } from "../../config";
import { type Config, departmentConfig, fileText, merged, platformConfig } from "../support/specs";

const design: Config = {
  "aws:region": "ap-northeast-1",
  "cline:sharedFrom": "platform",
  "cline:department": { lead: "kato", developers: { mizuno: {}, arai: {} } },
};

/** What one row lays over the three valid files; a string is the file's whole text. */
interface Change {
  readonly platform?: Config | string;
  readonly engineering?: Config | string;
  readonly design?: Config | string;
}

function files(change: Change): StackFiles {
  const base = { platform: platformConfig, engineering: departmentConfig, design };
  return Object.fromEntries(
    Object.entries(base).map(([stack, config]) => {
      const over = change[stack as keyof Change] ?? {};
      return [`Pulumi.${stack}.yaml`, typeof over === "string" ? over : fileText(merged(config, over))];
    }),
  );
}

function faultsOf(all: StackFiles): readonly Fault[] {
  try {
    loadStackFiles(all);
    return [];
  } catch (error) {
    assert(error instanceof StackFilesError, String(error));
    return error.faults;
  }
}

const department = (over: Config): Config => ({ "cline:department": over });
const developer = (over: unknown): Config => department({ developers: { suzuki: over } });
const platform = (over: Config): Config => ({ "cline:platform": over });
const extra = {
  department: "engineering",
  amountUsd: 500,
  reason: "migration",
  approvedBy: "mori",
  until: "2026-12-31",
};
const alone = { "cline:network": { cidr: "10.80.0.0/20" }, "cline:gateway": {}, "cline:observability": {} };
const text = (config: Config) => fileText(merged(departmentConfig, config));

/** Name, change, and every fault that it must cause: `stack path` and a pattern of its line. */
type Row = readonly [string, Change, Readonly<Record<string, RegExp>>];

const rows: readonly Row[] = [
  [
    "an unknown key, with the name meant",
    { engineering: department({ costcenter: "x" }) },
    { "engineering cline:department.costcenter": /unknown key.*did you mean costCenter\?/ },
  ],
  [
    "an unknown key, with the list of known ones",
    { engineering: { "aws:profile": "x" } },
    { "engineering aws:profile": /allowed aws:region, .*remove it/ },
  ],
  [
    "an unknown key beside config",
    { engineering: `${text({})}\nnope: 1\n` },
    { "engineering nope": /allowed encryptionsalt/ },
  ],
  [
    "a wrong unit of money",
    { engineering: department({ monthlyBudgetUsd: "3000 USD" }) },
    { "engineering cline:department.monthlyBudgetUsd": /found "3000 USD"; allowed a number of US dollars/ },
  ],
  [
    "parts of a cent",
    { engineering: developer({ monthlyBudgetUsd: 0.001 }) },
    { "engineering cline:department.developers.suzuki.monthlyBudgetUsd": /found 0.001; .*two decimals/ },
  ],
  [
    "a wrong unit of time",
    { engineering: developer({ workspace: { idleMinutes: "30m" } }) },
    {
      "engineering cline:department.developers.suzuki.workspace.idleMinutes":
        /found "30m"; allowed a whole number of minutes, 15 to 720/,
    },
  ],
  [
    "a model that no tier is called",
    { engineering: developer({ models: ["light", "opus"] }) },
    {
      "engineering cline:department.developers.suzuki.models[1]":
        /found "opus"; allowed light, standard, strong; choose one of these or ask for it in caps\.engineering of stacks\/Pulumi\.platform\.yaml/,
    },
  ],
  [
    "a model outside the cap",
    { design: department({ models: ["light", "strong"] }) },
    {
      "design cline:department.models[1]":
        /found "strong"; allowed light, standard; .*caps\.design of stacks\/Pulumi\.platform\.yaml/,
    },
  ],
  [
    "a model outside the department's list",
    { engineering: department({ models: ["light"] }) },
    { "engineering cline:department.developers.suzuki.models[1]": /found "standard"; allowed light;/ },
  ],
  [
    "a model twice",
    { engineering: department({ models: ["light", "light"] }) },
    { "engineering cline:department.models": /each once/ },
  ],
  [
    "a department's budget above its cap",
    { engineering: department({ monthlyBudgetUsd: 4000.01 }) },
    {
      "engineering cline:department.monthlyBudgetUsd":
        /found 4000.01; allowed at most 4000 \(caps\.engineering of stacks\/Pulumi\.platform\.yaml\)/,
    },
  ],
  [
    "a department's budget above the default cap",
    { design: department({ monthlyBudgetUsd: 1001 }) },
    { "design cline:department.monthlyBudgetUsd": /at most 1000 \(caps\.default of/ },
  ],
  [
    "tokens per minute above the cap",
    { design: department({ tpm: 200001 }) },
    { "design cline:department.tpm": /at most 200000/ },
  ],
  [
    "requests per minute above the department's",
    { engineering: merged(department({ rpm: 100 }), developer({ rpm: 101 })) },
    { "engineering cline:department.developers.suzuki.rpm": /at most 100 \(the department's\)/ },
  ],
  [
    "a priority above the cap",
    { design: department({ priority: "high" }) },
    { "design cline:department.priority": /found "high"; allowed low, normal;/ },
  ],
  [
    "explicit shares above the department's budget",
    { engineering: department({ developers: { tanaka: { monthlyBudgetUsd: 2700.01 } } }) },
    {
      "engineering cline:department.developers": /shares of 3000.01 together; allowed at most 3000, .*by 0.01 together/,
    },
  ],
  [
    "departments' budgets above the organization's",
    {
      platform: platform({ monthlyBudgetUsd: 4000 }),
      design: department({ monthlyBudgetUsd: 1000 }),
      engineering: department({ monthlyBudgetUsd: 3000.01 }),
    },
    {
      "platform cline:platform.monthlyBudgetUsd":
        /found 4000; allowed at least 4000.01, .*\(design 1000, engineering 3000.01\)/,
    },
  ],
  [
    "a cap counted for a department without a budget",
    { platform: platform({ monthlyBudgetUsd: 4500 }), engineering: department({ monthlyBudgetUsd: undefined }) },
    { "platform cline:platform.monthlyBudgetUsd": /at least 5000/ },
  ],
  [
    "extra budgets above what is left",
    { platform: platform({ monthlyBudgetUsd: 4000, extraBudgets: [extra] }) },
    { "platform cline:platform.monthlyBudgetUsd": /extraBudgets 500/ },
  ],
  [
    "a cap above the organization's budget",
    { platform: platform({ caps: { later: { monthlyBudgetUsd: 8001 } } }) },
    { "platform cline:platform.caps.later.monthlyBudgetUsd": /at most 8000/ },
  ],
  [
    "no default cap",
    { platform: platform({ caps: { default: undefined } }) },
    { "platform cline:platform.caps.default": /found nothing/ },
  ],
  [
    "a default cap that leaves a limit out",
    { platform: platform({ caps: { default: { tpm: undefined } } }) },
    { "platform cline:platform.caps.default.tpm": /found nothing/ },
  ],
  [
    "an extra budget for a department that is misspelt",
    { platform: platform({ extraBudgets: [{ ...extra, department: "enginering" }] }) },
    { "platform cline:platform.extraBudgets[0].department": /did you mean engineering\?/ },
  ],
  [
    "an extra budget that no operator approved",
    { platform: platform({ extraBudgets: [{ ...extra, approvedBy: "sato" }] }) },
    { "platform cline:platform.extraBudgets[0].approvedBy": /one of operators: mori/ },
  ],
  [
    "an extra budget that ends on no day",
    { platform: platform({ extraBudgets: [{ ...extra, until: "2026-02-30" }] }) },
    { "platform cline:platform.extraBudgets[0].until": /YYYY-MM-DD/ },
  ],
  [
    "an extra budget without a reason",
    { platform: platform({ extraBudgets: [{ ...extra, reason: undefined }] }) },
    { "platform cline:platform.extraBudgets[0].reason": /found nothing/ },
  ],
  [
    "a person in two departments",
    { design: department({ developers: { tanaka: {} } }) },
    {
      "design cline:department.developers.tanaka": /Pulumi\.engineering\.yaml has them too/,
      "engineering cline:department.developers.tanaka": /Pulumi\.design\.yaml has them too/,
    },
  ],
  [
    "a lead who is another department's developer",
    { design: department({ lead: "tanaka" }) },
    {
      "design cline:department.lead": /one department only/,
      "engineering cline:department.developers.tanaka": /one department only/,
    },
  ],
  [
    "a deputy of two departments",
    { design: department({ deputies: ["ono"] }), engineering: department({ deputies: ["ono"] }) },
    {
      "design cline:department.deputies[0]": /one department only/,
      "engineering cline:department.deputies[0]": /one department only/,
    },
  ],
  [
    "two people with one sign-in, in other letters",
    { design: department({ developers: { mizuno: { signIn: "Tanaka" } } }) },
    {
      "design cline:department.developers.mizuno.signIn": /tanaka of stacks\/Pulumi\.engineering/,
      "engineering cline:department.developers.tanaka.signIn": /mizuno of/,
    },
  ],
  [
    "one home volume of two people",
    {
      design: department({ developers: { mizuno: { homeVolume: "vol-0123456789abcdef0" } } }),
      engineering: developer({ homeVolume: "vol-0123456789abcdef0" }),
    },
    {
      "design cline:department.developers.mizuno.homeVolume": /suzuki of/,
      "engineering cline:department.developers.suzuki.homeVolume": /mizuno of/,
    },
  ],
  [
    "an id of one letter, which AWS takes for no user",
    { design: department({ developers: { k: {} } }) },
    { "design cline:department.developers.k": /2 characters or more/ },
  ],
  [
    "an id in capitals",
    { design: department({ developers: { Mizuno: {} } }) },
    { "design cline:department.developers.Mizuno": /lower-case letters/ },
  ],
  [
    "an id of 32 characters",
    { design: department({ developers: { [`a${"b".repeat(31)}`]: {} } }) },
    { [`design cline:department.developers.a${"b".repeat(31)}`]: /31 characters at most/ },
  ],
  [
    "a developer without a mapping",
    { design: department({ developers: { mizuno: null } }) },
    { "design cline:department.developers.mizuno": /found nothing; .*write it, for example \{\}/ },
  ],
  [
    "no lead",
    { design: department({ lead: undefined }) },
    { "design cline:department.lead": /found nothing; .*write it/ },
  ],
  [
    "no platform of that name",
    { design: { "cline:sharedFrom": "platfrom" } },
    { "design cline:sharedFrom": /found "platfrom"; allowed platform; did you mean platform\?/ },
  ],
  [
    "a department as platform",
    { design: { "cline:sharedFrom": "engineering" } },
    { "design cline:sharedFrom": /allowed platform;/ },
  ],
  [
    "a region that the platform is not in",
    { design: { "aws:region": "ap-northeast-3" } },
    { "design aws:region": /found "ap-northeast-3"; allowed ap-northeast-1, the region of platform/ },
  ],
  [
    "a platform outside its residency",
    { platform: platform({ residency: "eu" }) },
    { "platform aws:region": /eu inference profiles: eu-central-1/ },
  ],
  [
    "a tier without a profile inside the residency",
    { platform: platform({ models: { light: "nova-lite" } }) },
    {
      "platform cline:platform.models.light": /found "nova-lite"; allowed .*inside jp: claude-opus-5-5, .*nova-2-lite/,
    },
  ],
  [
    "two accounts",
    { platform: { "aws:allowedAccountIds": ["111122223333", "444455556666"] } },
    { "platform aws:allowedAccountIds": /exactly one/ },
  ],
  [
    "an account id as a number",
    { platform: { "aws:allowedAccountIds": [111122223333] } },
    { "platform aws:allowedAccountIds[0]": /12 digits in quotation marks/ },
  ],
  [
    "another account without sections of its own",
    { design: { "aws:allowedAccountIds": ["444455556666"], "cline:network": { cidr: "10.80.0.0/20" } } },
    { "design cline:gateway": /another account than platform/, "design cline:observability": /another account/ },
  ],
  [
    "two departments founding one account",
    {
      design: { ...alone, "aws:allowedAccountIds": ["444455556666"] },
      engineering: { ...alone, "cline:network": { cidr: "10.96.0.0/20" }, "aws:allowedAccountIds": ["444455556666"] },
    },
    { "engineering aws:allowedAccountIds": /stacks\/Pulumi\.design\.yaml does/ },
  ],
  [
    "a gateway of one's own in a shared network",
    { design: { "cline:gateway": {} } },
    { "design cline:network": /network, gateway and observability together/, "design cline:observability": /together/ },
  ],
  [
    "a gateway whose ceiling is below its floor",
    { platform: { "cline:gateway": { minTasks: 6, maxTasks: 4 } } },
    { "platform cline:gateway.maxTasks": /at least minTasks, 6/ },
  ],
  [
    "networks that overlap",
    { design: { "cline:network": { cidr: "10.64.128.0/20" } } },
    {
      "design cline:network.cidr": /10\.64\.0\.0\/16 is stacks\/Pulumi\.platform\.yaml's/,
      "platform cline:network.cidr": /10\.64\.128\.0\/20 is stacks\/Pulumi\.design/,
    },
  ],
  [
    "a third zone where a region has two",
    {
      platform: merged(platform({ residency: "us" }), { "aws:region": "us-west-1", "cline:network": { zones: 3 } }),
      engineering: { "aws:region": "us-west-1" },
      design: { "aws:region": "us-west-1" },
    },
    { "platform cline:network.zones": /found 3; allowed at most 2: us-west-1/ },
  ],
  [
    "a public network",
    { design: { "cline:network": { cidr: "52.0.0.0/16" } } },
    { "design cline:network.cidr": /private range/ },
  ],
  [
    "a network whose edge is public",
    { design: { "cline:network": { cidr: "172.32.0.0/16" } } },
    { "design cline:network.cidr": /private range/ },
  ],
  [
    "a network above /16",
    { platform: { "cline:network": { cidr: "10.0.0.0/15" } } },
    { "platform cline:network.cidr": /\/16 to \/24/ },
  ],
  [
    "a network below /24",
    { design: { "cline:network": { cidr: "10.80.0.0/25" } } },
    { "design cline:network.cidr": /\/16 to \/24/ },
  ],
  [
    "address bits behind the mask",
    { design: { "cline:network": { cidr: "10.80.1.0/20" } } },
    { "design cline:network.cidr": /behind its mask/ },
  ],
  [
    "a network too small for its people",
    {
      design: {
        "cline:network": { cidr: "10.80.0.0/24" },
        ...department({ developers: Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`person-${at}`, {}])) }),
      },
    },
    {
      "design cline:network.cidr":
        /found "10\.80\.0\.0\/24" \(128 addresses in each zone\); allowed \/23 or larger: 92 developers/,
    },
  ],
  [
    "identity-center without an attestation",
    { platform: platform({ mfaMode: "identity-center" }) },
    { "platform cline:platform.mfaAttestation": /who attests until when/ },
  ],
  [
    "an attestation by nobody responsible",
    { platform: platform({ mfaMode: "identity-center", mfaAttestation: { by: "sato", until: "2031-01-01" } }) },
    { "platform cline:platform.mfaAttestation.by": /one of operators and auditors: mori, abe/ },
  ],
  [
    "an attestation in another mode",
    { platform: platform({ mfaAttestation: { by: "abe", until: "2031-01-01" } }) },
    { "platform cline:platform.mfaAttestation": /remove it/ },
  ],
  [
    "no mfaMode",
    { platform: platform({ mfaMode: undefined }) },
    { "platform cline:platform.mfaMode": /allowed assume-role, iam-user, identity-center/ },
  ],
  [
    "a time zone as an offset",
    { platform: platform({ timeZone: "+09:00" }) },
    { "platform cline:platform.timeZone": /Asia\/Tokyo/ },
  ],
  [
    "a time zone that is none",
    { platform: platform({ timeZone: "Asia/Edo" }) },
    { "platform cline:platform.timeZone": /IANA/ },
  ],
  [
    "an organization that AWS reserves",
    { platform: platform({ organization: "aws-team" }) },
    { "platform cline:platform.organization": /not with aws/ },
  ],
  [
    "an address that is none",
    { design: department({ alertEmails: ["kato"] }) },
    { "design cline:department.alertEmails[0]": /e-mail address/ },
  ],
  [
    "a cost center that no tag takes",
    { design: department({ costCenter: "CC#1" }) },
    { "design cline:department.costCenter": /letters a to z, digits, spaces/ },
  ],
  [
    "a cost center that Bedrock's tags do not take",
    { design: department({ costCenter: "\u958b\u767a\u90e8" }) },
    { "design cline:department.costCenter": /letters a to z, digits, spaces/ },
  ],
  [
    "a schedule that stops before it starts",
    { design: department({ workspace: { schedule: { start: "20:00", stop: "08:00" } } }) },
    { "design cline:department.workspace.schedule.stop": /after start, 20:00/ },
  ],
  [
    "a source in another region",
    { design: department({ workspace: { sources: ["com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"] } }) },
    { "design cline:department.workspace.sources[0]": /a service in ap-northeast-1/ },
  ],
  [
    "an SSH key of a kind that is not admitted",
    { design: department({ developers: { arai: { sshPublicKey: "ssh-dss AAAAB3NzaC1kc3MAAAA=" } } }) },
    { "design cline:department.developers.arai.sshPublicKey": /not shown.*\.pub file/ },
  ],
  [
    "a retention that CloudWatch does not know",
    { platform: { "cline:observability": { logRetentionDays: 366 } } },
    { "platform cline:observability.logRetentionDays": /365, 400, 545/ },
  ],
  [
    "credentials in an address",
    { platform: { "cline:observability": { clickHouseUrl: "https://user:pass@clickhouse.example.com" } } },
    { "platform cline:observability.clickHouseUrl": /without user/ },
  ],
  [
    "an image tag instead of a digest",
    { platform: { "cline:images": { gateway: "latest" } } },
    { "platform cline:images.gateway": /sha256: and 64/ },
  ],
  [
    "a copied salt",
    {
      engineering: `encryptionsalt: v1:abcdefghijk=:v1:xyz\n${text({})}`,
      design: `encryptionsalt: v1:abcdefghijk=:v1:xyz\n${fileText(design)}`,
    },
    { "engineering encryptionsalt": /Pulumi\.design\.yaml has the same/, "design encryptionsalt": /not shown/ },
  ],
  [
    "an encrypted value",
    { design: department({ costCenter: { secure: "v1:abc:def" } }) },
    {
      "design cline:department.costCenter": /allowed/,
      "design cline:department.costCenter.secure": /no secret in a stack file/,
    },
  ],
  [
    "a key that stands twice",
    { design: `${fileText(design)}      mizuno: {}\n` },
    { "design cline:department.developers.mizuno": /a second time/ },
  ],
  [
    "a date without quotation marks",
    {
      platform: fileText(merged(platformConfig, platform({ extraBudgets: [extra] }))).replace(
        /until: "?2026-12-31"?/,
        "until: 2026-12-31",
      ),
    },
    {
      "platform cline:platform.extraBudgets[0].until": /found 2026-12-31 without quotation marks; .*write "2026-12-31"/,
    },
  ],
  ["something that is not YAML", { design: "config: {\n" }, { "design line 2, column 1": /not YAML/ }],
  ["an empty file", { design: "" }, { "design config": /no mapping/ }],
];

describe("faults of stack files", () => {
  it("has none in the files the rows change", () => assert.deepEqual(faultsOf(files({})), []));

  it("has none when budgets add up to the organization's exactly", () =>
    assert.deepEqual(faultsOf(files({ platform: platform({ monthlyBudgetUsd: 4000 }) })), []));

  for (const [name, change, expected] of rows) {
    it(`refuses ${name}`, () => {
      const faults = faultsOf(files(change));
      const found = Object.fromEntries(
        faults.map((fault) => [`${fault.file.replace(/^stacks\/Pulumi\.|\.yaml$/g, "")} ${fault.path}`, fault]),
      );
      assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
      for (const [at, pattern] of Object.entries(expected)) {
        const { found: was, allowed, next } = found[at]!;
        assert.match(`found ${was}; allowed ${allowed}; ${next}`, pattern);
      }
    });
  }

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
    for (const secret of [canary, privateKey]) {
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
    assert.equal(shown("a".repeat(100)).length, 58);
    assert.equal(shown([1]), "[1]");
  });
});
