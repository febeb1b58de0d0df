import assert from "node:assert/strict";
import { renderCost, type CostReport, type NamedCost } from "../../../reports";
import { sayCost, sayCostChange } from "../../../reports/cost/words";

const platform: NamedCost = {
  stack: "platform",
  region: "ap-northeast-1",
  people: 0,
  fixed: 1020.44,
  developers: 0,
  use: 1.5,
  total: 1021.94,
  lines: [
    {
      what: "Interface endpoints",
      share: "fixed",
      item: "interface-endpoint",
      quantity: 1460,
      unit: "zone-hour",
      unitUsd: 0.014,
      usd: 20.44,
    },
    { what: "Hosts", share: "fixed", item: "instance-m7g.large", quantity: 730, unit: "hour", unitUsd: 1, usd: 1000 },
    { what: "Objects", share: "use", item: "object-storage", quantity: 60, unit: "GB-month", unitUsd: 0.025, usd: 1.5 },
  ],
  unknown: [],
  modelBudgetUsd: 8000,
};
const engineering: NamedCost = {
  ...platform,
  stack: "engineering",
  people: 2,
  fixed: 3,
  developers: 12,
  use: 30,
  total: 45,
  lines: [
    { what: "KMS keys", share: "fixed", item: "kms-key", quantity: 3, unit: "key-month", unitUsd: 1, usd: 3 },
    {
      what: "Volumes (gp3)",
      share: "developer",
      item: "volume-gp3",
      quantity: 125,
      unit: "GB-month",
      unitUsd: 0.096,
      usd: 12,
      estimate: "us-east-1 × 1.2",
    },
    {
      what: "Workspaces, while they run",
      share: "use",
      item: "instance-t4g.large",
      quantity: 348,
      unit: "hour",
      unitUsd: 0.0862,
      usd: 30,
    },
  ],
  unknown: [{ what: "aws:eks/cluster:Cluster", reason: "no rule and no reason to be free", names: ["k8s", "k9s"] }],
};
const report: CostReport = {
  stacks: [platform, engineering],
  entered: "2026-11-30",
  confirmed: { prices: 4, of: 6 },
  assumptions: { workspaceHours: 174, logGbPerDeveloper: 0.5 },
  models: {
    source: "a price map",
    date: "2026-11-22",
    tiers: [{ tier: "light", model: "claude-haiku-4-5", input: 1.1, output: 5.5 }],
  },
  modelBudgetUsd: 8000,
};

const golden = `US dollars a month in ap-northeast-1; prices of 2026-11-30

stack                developers       fixed  developers         use       total
engineering                   2        3.00       12.00       30.00       45.00
platform                      0    1,020.44        0.00        1.50    1,021.94
together                      2    1,023.44       12.00       31.50    1,066.94
for each developer                   511.72        6.00       15.75      533.47

what                        paid         quantity unit                   dollars
Hosts                       fixed             730 hour                  1,000.00
Workspaces, while they run  use               348 hour                     30.00
Interface endpoints         fixed           1,460 zone-hour                20.44
Volumes (gp3)               developer         125 GB-month                 12.00
KMS keys                    fixed               3 key-month                 3.00
Objects                     use                60 GB-month                  1.50

against the base                                  base          now   difference
Hosts (fixed)                                   500.00     1,000.00       500.00
together                                        566.94     1,066.94       500.00

$500.00 more than main.

Model use comes on top; the gateway stops it at $8,000.00 a month.
Dollars for a million tokens in and out (2026-11-22):
  light     claude-haiku-4-5     1.1 and 5.5
Assumed: 174 hours of each workspace, 0.5 GB of logs a developer (--json: all).
4 of 6 prices are confirmed with AWS's page; the others lack that.
Estimated by a factor, since the region has no prices: us-east-1 × 1.2.
Not in the sums:
  aws:eks/cluster:Cluster: no rule and no reason to be free (2, such as k8s)
`;

const cheaper: NamedCost = {
  ...platform,
  fixed: 520.44,
  total: 521.94,
  lines: platform.lines.map((line) => (line.what === "Hosts" ? { ...line, usd: 500, unitUsd: 0.685 } : line)),
};

describe("reports: the table of costs", () => {
  it("is the golden text, in 80 columns", () => {
    const text = renderCost({ ...report, base: { name: "main", stacks: [cheaper, engineering] } });
    assert.equal(text, golden);
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 80),
      [],
    );
  });

  it("says in one sentence what stacks cost, and what has no price", () => {
    assert.equal(
      sayCost([platform, engineering]),
      "about $1,066.94 a month without model use: $1,023.44 fixed, $12.00 for developers, $31.50 for use, and without a price: aws:eks/cluster:Cluster",
    );
  });

  it("says what a change adds, also for a stack that is new or gone", () => {
    assert.match(sayCostChange([{ before: cheaper, after: platform }]) ?? "", /; \$500\.00 more than before$/);
    assert.match(sayCostChange([{ before: platform, after: cheaper }]) ?? "", /; \$500\.00 less than before$/);
    assert.match(sayCostChange([{ before: platform, after: platform }]) ?? "", /; no more than before$/);
    assert.match(sayCostChange([{ after: engineering }]) ?? "", /; \$45\.00 more than before$/);
    assert.match(sayCostChange([{ before: engineering }]) ?? "", /^about \$0\.00 .*; \$45\.00 less than before$/);
    assert.equal(sayCostChange([]), undefined);
  });
});
