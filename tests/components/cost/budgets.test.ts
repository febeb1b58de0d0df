import assert from "node:assert/strict";
import { BudgetStop, DepartmentBudget, OrganizationBudget, UsageAnalysis } from "../../../components/cost";
import { budgetThresholds } from "../../../components/cost/budget-plan";
import { budgetStopArgs, departmentBudgetArgs, organizationBudgetArgs, usageAnalysisArgs } from "../../../compose";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { buildFunctions } from "../../../functions/build";
import {
  accessFacts,
  gatewayFacts,
  gatewayReach,
  keyFacts,
  networkFacts,
  observabilityFacts,
} from "../../support/facts";
import { loadStackFile } from "../../../config";
import {
  departmentConfig,
  departmentSpec,
  fileText,
  merged,
  platformConfig,
  platformSpec,
  type Config,
} from "../../support/specs";
import { root } from "../../support/project";

before(() => {
  buildFunctions(root);
});

const of = (resources: readonly DocumentResource[], type: string) => resources.filter((r) => r.type === type);

async function platform(overrides: Config = {}, spec = platformSpec(overrides)): Promise<readonly DocumentResource[]> {
  const { resources } = await runInProcess(
    () => {
      const common = {
        network: networkFacts(),
        keys: keyFacts(),
        access: accessFacts(),
        gateway: gatewayReach(),
        observability: observabilityFacts(),
      };
      new OrganizationBudget("budget", { ...organizationBudgetArgs(spec), ...common });
      new BudgetStop("budget-stop", { ...budgetStopArgs(spec), ...common });
      new UsageAnalysis("usage", { ...usageAnalysisArgs(spec), ...common });
    },
    { stack: "platform" },
  );
  return resources;
}

async function department(overrides: Config = {}, preview = true): Promise<readonly DocumentResource[]> {
  const spec = departmentSpec(overrides);
  const { resources } = await runInProcess(
    () => {
      const facts = { gateway: gatewayFacts(), keys: keyFacts() };
      new DepartmentBudget("budget", { ...departmentBudgetArgs(spec, spec.department!), ...facts });
    },
    { stack: "engineering", preview },
  );
  return resources;
}

describe("budgets", () => {
  it("a department's counts model spend only, and tells at each threshold and of the forecast", async () => {
    const [budget] = of(await department(), "aws:budgets/budget:Budget");
    const { inputs } = budget!;
    assert.equal(inputs.name, "example-department-engineering");
    assert.equal(inputs.limitAmount, "3000.00");
    assert.deepEqual(inputs.costFilters, [{ name: "TagKeyValue", values: ["user:ModelSpend$engineering"] }]);
    const told = inputs.notifications as { notificationType: string; threshold: number }[];
    assert.deepEqual(
      told.map(({ notificationType, threshold }) => `${notificationType} ${String(threshold)}`),
      ["ACTUAL 50", "ACTUAL 80", "ACTUAL 100", "FORECASTED 100"],
    );
    assert.ok(budgetThresholds.every((percent, i) => i === 0 || percent > budgetThresholds[i - 1]!));
  });

  it("a department's alarms and stop hang on its own topic, which its own people hear", async () => {
    const resources = await department();
    const subscriptions = of(resources, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => [
      inputs.protocol,
      inputs.endpoint,
    ]);
    assert.deepEqual(subscriptions.sort(), [
      ["email", "sato@example.com"],
      ["lambda", "arn:aws:lambda:ap-northeast-1:111122223333:function:example-platform-budget-stop"],
    ]);
    const alarms = of(resources, "aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(
      alarms.map(({ inputs }) => [
        inputs.metricName,
        inputs.threshold,
        (inputs.dimensions as Record<string, string>).Department,
      ]),
      [
        ["BudgetUsedPercent", 50, "engineering"],
        ["BudgetUsedPercent", 80, "engineering"],
        ["BudgetUsedPercent", 100, "engineering"],
        ["ForecastPercent", 100, "engineering"],
      ],
    );
    const [topic] = of(resources, "aws:sns/topic:Topic");
    assert.match(String(topic!.inputs.kmsMasterKeyId), /^arn:aws:kms:/);
  });

  it("a department's lead hears once when nobody can work, by gateway or budget", async () => {
    const resources = await department({}, false);
    const [composite] = of(resources, "aws:cloudwatch/compositeAlarm:CompositeAlarm");
    const { alarmName, alarmRule, alarmActions, okActions, alarmDescription } = composite!.inputs;
    const arnOf = (name: string) => `arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm:${name}`;
    assert.equal(alarmName, "example-engineering-cannot-work");
    assert.equal(
      alarmRule,
      `ALARM("${arnOf("gateway-keys-refused-1a2b3c4")}") OR ALARM("${arnOf("example-engineering-spend-100")}")`,
    );
    const topics = of(resources, "aws:sns/topic:Topic").map(({ outputs }) => outputs["arn"]);
    assert.deepEqual([alarmActions, okActions], [topics, topics]);
    assert.match(String(alarmDescription), /For: department\. Runbook: docs\/runbooks\.md#alarms-of-spend$/);
  });

  it("the organization's counts everyone's models", async () => {
    const [budget] = of(await platform(), "aws:budgets/budget:Budget");
    assert.equal(budget!.inputs.limitAmount, "8000.00");
    assert.deepEqual(budget!.inputs.costFilters, [
      { name: "TagKeyValue", values: ["user:ModelSpendOrganization$example"] },
    ]);
  });

  it("touches what belongs to the paying account only where this is it", async () => {
    const types = [
      "aws:costexplorer/costAllocationTag:CostAllocationTag",
      "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    ];
    const readers = (resources: readonly DocumentResource[]) =>
      of(resources, "aws:lambda/function:Function").filter(({ inputs }) => String(inputs.name).endsWith("bill-reader"));
    const none = await platform();
    const other = await platform({ "cline:platform": { billing: { accountId: "999988887777" } } });
    const own = await platform({ "cline:platform": { billing: { accountId: "111122223333" } } });
    for (const type of types) {
      assert.equal(of(none, type).length + of(other, type).length, 0, type);
      assert.ok(of(own, type).length > 0, type);
    }
    assert.deepEqual([readers(none).length, readers(other).length, readers(own).length], [0, 0, 1]);
  });
});

describe("BudgetStop", () => {
  it("may write one inline policy on the roles that call models or start batches, and nothing else of IAM", async () => {
    const extraBudgets = [
      { department: "engineering", amountUsd: 500, reason: "migration", approvedBy: "mori", until: "2026-12-31" },
    ];
    const files = {
      "Pulumi.platform.yaml": fileText(merged(platformConfig, { "cline:platform": { extraBudgets } })),
      "Pulumi.engineering.yaml": fileText(departmentConfig),
    };
    const resources = await platform({}, loadStackFile(files, "platform"));
    const stop = of(resources, "aws:lambda/function:Function").find(({ name }) => name.startsWith("budget-stop"))!;
    const { variables } = stop.inputs.environment as { variables: Record<string, string> };
    assert.deepEqual(JSON.parse(variables.EXTRA_BUDGETS!), [
      { department: "engineering", amountUsd: 500, until: "2026-12-31" },
    ]);
    assert.equal(stop.inputs.vpcConfig, undefined, "IAM and Budgets have no endpoint: a standing exemption");
    const policy = of(resources, "aws:iam/rolePolicy:RolePolicy").find(
      ({ name }) => name === "budget-stop-function-policy",
    )!;
    const { Statement } = JSON.parse(policy.inputs.policy as string) as {
      Statement: { Action: string | string[]; Resource: string }[];
    };
    const iam = Statement.filter(({ Action }) => [Action].flat().some((action) => action.startsWith("iam:")));
    const roles = ["gateway-task", "batch-runner"].map(
      (purpose) => `arn:aws:iam::111122223333:role/cline/example-platform-${purpose}`,
    );
    assert.deepEqual(
      iam.map(({ Action, Resource }) => [[Action].flat(), Resource]),
      [
        [["iam:DeleteRolePolicy", "iam:PutRolePolicy"], roles],
        [["iam:GetRolePolicy"], roles],
      ],
    );
    const [permission] = of(resources, "aws:lambda/permission:Permission");
    assert.equal(permission!.inputs.sourceArn, "arn:aws:sns:ap-northeast-1:111122223333:example-*-budget");
  });
});

describe("UsageAnalysis", () => {
  it("checks spend every five minutes and reports every morning, in the platform's time zone", async () => {
    const schedules = of(
      await platform({ "cline:platform": { timeZone: "Asia/Tokyo" } }),
      "aws:scheduler/schedule:Schedule",
    );
    assert.deepEqual(
      schedules.map(({ inputs }) => [inputs.name, inputs.scheduleExpression, inputs.scheduleExpressionTimezone]).sort(),
      [
        ["example-platform-budget-stop-schedule", "rate(1 hour)", "Asia/Tokyo"],
        ["example-platform-spend-check-schedule", "rate(5 minutes)", "Asia/Tokyo"],
        ["example-platform-usage-report-schedule", "cron(0 7 * * ? *)", "Asia/Tokyo"],
      ],
    );
  });
});
