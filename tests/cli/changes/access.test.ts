import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { planAccessChanges } from "../../../cli/changes/access";
import { keyChanges } from "../../../cli/changes/keys";
import { loadStackFiles, type StackSpec } from "../../../config";
import type { Config } from "../../support/specs";
import { filesOf, stackConfigs } from "../../support/stack-files";
import { baseConfigs, changed, sideOf } from "./sides";

const base = sideOf(baseConfigs).specs;
const textsOf = (overrides: Parameters<typeof changed>[0]): string[] =>
  planAccessChanges(base, sideOf(changed(overrides)).specs).map(({ about, text }) => `${about}: ${text}`);
const engineering = (section: Config): string[] => textsOf({ engineering: { "cline:department": section } });
const platform = (section: Config): string[] => textsOf({ platform: { "cline:platform": section } });

describe("cli: what a change means for people", () => {
  it("says nothing of the same stack files", () => {
    assert.deepEqual(textsOf({}), []);
  });

  const cases: Readonly<Record<string, readonly [string[], string[]]>> = {
    "a person gets a model": [
      engineering({ developers: { suzuki: { models: ["light", "standard", "strong"] } } }),
      ["engineering: suzuki may now use the strong model"],
    ],
    "a cap rises": [
      platform({ caps: { engineering: { monthlyBudgetUsd: 5000 } } }),
      ["engineering: the cap of engineering rises from $4,000 to $5,000 a month"],
    ],
    "prompt text is kept": [
      engineering({ keepPromptText: true }),
      ["engineering: prompt text of engineering is kept from now on"],
    ],
    "a share is zero": [
      engineering({ developers: { suzuki: { monthlyBudgetUsd: 0 } } }),
      [
        "engineering: the key of suzuki is blocked (a share of $0)",
        "engineering: the share of suzuki falls from $300 to $0 a month",
        "engineering: the share of tanaka rises from $2,700 to $3,000 a month",
      ],
    ],
    "limits of one person fall": [
      engineering({ developers: { suzuki: { rpm: 60, tpm: 5000, priority: "low" } } }),
      [
        "engineering: the token limit of suzuki falls from 1,000,000 to 5,000 tokens a minute",
        "engineering: the request limit of suzuki falls from 1,500 to 60 requests a minute",
        "engineering: the priority of suzuki falls from high to low",
      ],
    ],
    "a department's own limit is told once": [
      engineering({ models: ["light", "standard"] }),
      ["engineering: engineering may no longer use the strong model"],
    ],
    "machines change": [
      engineering({
        developers: { suzuki: { workspace: { size: "large", idleMinutes: 90, homeGiB: 80, sources: ["codecommit"] } } },
      }),
      [
        "engineering: the machine of suzuki becomes large instead of medium",
        "engineering: the machine of suzuki stops after 90 idle minutes instead of 60",
        "engineering: the home volume of suzuki grows from 50 to 80 GiB",
        "engineering: source code of suzuki may now come from codecommit",
      ],
    ],
    "a schedule begins, whose days stand in another order": [
      engineering({ workspace: { schedule: { start: "08:00", stop: "20:00", days: ["fri", "wed", "thu"] } } }),
      [
        "engineering: the machine of suzuki and tanaka runs 08:00 to 20:00, wed to fri from now on, not whenever its owner starts it",
      ],
    ],
    "a schedule begins": [
      engineering({ workspace: { schedule: { start: "08:00", stop: "20:00" } } }),
      [
        "engineering: the machine of suzuki and tanaka runs 08:00 to 20:00, mon to fri from now on, not whenever its owner starts it",
      ],
    ],
    "a person moves": [
      textsOf({
        engineering: { "cline:department": { developers: { suzuki: undefined } } },
        design: { "cline:department": { developers: { suzuki: {} } } },
      }),
      [
        "design: suzuki moves from engineering to design: a share of $166.66 a month, the light and standard models, normal priority, a medium machine",
        "design: the share of arai and mizuno falls from $250 to $166.66 a month",
        "engineering: suzuki leaves engineering for design: the key is blocked at once, the workspace ends, the home volume is kept",
        "engineering: the share of tanaka rises from $2,700 to $3,000 a month",
      ],
    ],
    "people in charge change": [
      [
        ...engineering({ lead: "ono", deputies: ["fuji"] }),
        ...platform({ operators: ["mori", "ueda"], auditors: ["ishii"] }),
      ],
      [
        "engineering: ono leads engineering from now on, sato no longer does",
        "engineering: fuji becomes deputy of engineering",
        "platform: ueda becomes operator",
        "platform: ishii becomes auditor",
        "platform: abe is no longer auditor",
      ],
    ],
    "an extra budget begins": [
      platform({
        extraBudgets: [
          { department: "design", amountUsd: 500, reason: "migration", approvedBy: "mori", until: "2031-01-31" },
        ],
      }),
      ["design: an extra budget is added: $500 for design until 2031-01-31 (migration, approved by mori)"],
    ],
    "a model behind a tier changes": [
      platform({ models: { light: "nova-2-lite" } }),
      ["platform: the light model is Amazon Nova 2 Lite instead of Claude Haiku 4.5"],
    ],
    "security hears of its alarms by itself": [
      platform({ alerts: { security: ["security@example.com"] } }),
      ["platform: alarms of security go to security@example.com instead of cloud-cost@example.com"],
    ],
  };
  for (const [what, [found, expected]] of Object.entries(cases))
    it(`says that ${what}`, () => assert.deepEqual(found, expected));

  it("says something whenever the checked specs of valid stack files differ", () => {
    /** What a spec says of its own, without what follows from other keys. */
    const meaning = ({
      notes: _notes,
      dataControl: _control,
      gatewayClients: _clients,
      platform: of,
      ...spec
    }: StackSpec) => {
      const { capsHash: _hash, identityAccount: _identity, accountId: _account, ...own } = of;
      return { ...spec, platform: spec.department ? undefined : own };
    };
    let different = 0;
    fc.assert(
      fc.property(stackConfigs({ developers: 2 }), stackConfigs({ developers: 2 }), (one, other) => {
        const [a, b] = [loadStackFiles(filesOf(one)), loadStackFiles(filesOf(other))];
        assert.deepEqual(planAccessChanges(a, a), []);
        const told = new Set(planAccessChanges(a, b).map(({ about }) => about));
        for (const stack of new Set([...a, ...b].map((spec) => spec.stack))) {
          const [was, is] = [a, b].map((specs) => specs.find((spec) => spec.stack === stack));
          if (was && is && isDeepStrictEqual(meaning(was), meaning(is))) continue;
          different++;
          assert.ok(told.has(stack), `nothing is said of ${stack}`);
        }
      }),
      { numRuns: 40 },
    );
    assert.ok(different > 40);
  });

  it("leaves no key of a department, a developer or a platform without words", () => {
    const edits: readonly [string, Config][] = [
      ["cline:department", { costCenter: "CC-7" }],
      ["cline:department", { alertEmails: ["x@example.com"] }],
      ["cline:department", { developers: { suzuki: { signIn: "s.suzuki" } } }],
      ["cline:department", { developers: { suzuki: { homeVolume: "vol-0123456789abcdef0" } } }],
      ["cline:images", { workspaceAmi: "ami-0aaaaaaaaaaaaaaaa" }],
    ];
    for (const [section, edit] of edits)
      assert.equal(textsOf({ engineering: { [section]: edit } }).length, 1, JSON.stringify(edit));
    const wide: readonly Config[] = [
      { monthlyBudgetUsd: 9000 },
      { alertEmails: ["y@example.com"] },
      { timeZone: "Asia/Tokyo" },
      { account: "shared" },
      { domain: "cline.example.com" },
      { mfaMode: "iam-user" },
      { billing: { accountId: "111122223333" } },
    ];
    for (const edit of wide)
      assert.equal(platform(edit).filter((text) => text.startsWith("platform: ")).length, 1, JSON.stringify(edit));
  });

  it("describes a key without words by its name and both values", () => {
    const words = { size: () => ["the machine grows"] };
    const [before, after] = [
      { size: 1, swapGiB: 4, id: "a" },
      { size: 2, swapGiB: 8, id: "b" },
    ];
    const told = keyChanges(before, after, words, { owner: "tanaka", except: ["id"] });
    assert.deepEqual(told, ["the machine grows", "swapGiB of tanaka changes from 4 to 8"]);
    assert.deepEqual(keyChanges({ swapGiB: 4 }, {}, {}), ["swapGiB changes from 4 to nothing"]);
    const pinned = (digit: string) =>
      `registry.example.com/company/litellm-non_root:v1.108.7@sha256:${digit.repeat(64)}`;
    const [image = ""] = keyChanges({ gateway: pinned("a") }, { gateway: pinned("b") }, {});
    assert.match(image, /:v1\.108\.7@sha256:a{12} to .*:v1\.108\.7@sha256:b{12}$/);
    const queue = (strong: number) => ({ queue: { waitSeconds: 60, places: { light: 100, standard: 60, strong } } });
    assert.deepEqual(keyChanges(queue(30), queue(60), {}, { owner: "platform's gateway" }), [
      "queue.places.strong of platform's gateway changes from 30 to 60",
    ]);
  });
});
