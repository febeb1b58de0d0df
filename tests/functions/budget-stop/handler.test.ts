import assert from "node:assert/strict";
import { BedrockClient } from "@aws-sdk/client-bedrock";
import { BudgetsClient } from "@aws-sdk/client-budgets";
import { IAMClient } from "@aws-sdk/client-iam";
import { handler } from "../../../functions/budget-stop/handler";
import { planDenyDocument } from "../../../functions/budget-stop/plan";
import { awsError, fakeAws } from "../../support/aws-calls";

const budget = (name: string, actual: string, limit: string) => ({
  BudgetName: name,
  BudgetLimit: { Amount: limit, Unit: "USD" },
  CalculatedSpend: { ActualSpend: { Amount: actual, Unit: "USD" } },
});

describe("budget-stop", () => {
  let fake: ReturnType<typeof fakeAws> | undefined;
  /** The deny documents by role. */
  let documents: Map<string, string>;
  before(() =>
    Object.assign(process.env, {
      ACCOUNT_ID: "111122223333",
      ORGANIZATION: "example",
      ROLES: "example-platform-gateway-task example-platform-batch-runner",
      POLICY_NAME: "budget-stop",
      EXTRA_BUDGETS: "[]",
    }),
  );
  afterEach(() => fake?.restore());

  /** Runs the function with `present` on the role and two pages of budgets. */
  async function run(present: string | undefined, engineeringUsd: string, meanwhile: readonly string[] = []) {
    const roles = process.env["ROLES"]!.split(" ");
    documents = new Map(present === undefined ? [] : roles.map((role) => [role, present]));
    /** Documents that another run writes after this one's writes, in turn. */
    const others = [...meanwhile];
    const write = (role: unknown, document: string | undefined) => {
      const kept = others.shift() ?? document;
      if (kept === undefined) documents.delete(String(role));
      else documents.set(String(role), kept);
      return {};
    };
    fake = fakeAws([BudgetsClient, IAMClient, BedrockClient], {
      DescribeBudgets: (input) =>
        input.NextToken === undefined
          ? { Budgets: [budget("Somebody else's", "9", "1"), budget("example-organization", "9", "1")], NextToken: "2" }
          : {
              Budgets: [
                budget("example-department-engineering", engineeringUsd, "100"),
                budget("example-department-design", "1", "100"),
              ],
            },
      GetRolePolicy: ({ RoleName }) => {
        const document = documents.get(String(RoleName));
        if (document === undefined) throw awsError("NoSuchEntityException");
        return { PolicyDocument: encodeURIComponent(document) };
      },
      PutRolePolicy: ({ RoleName, PolicyDocument }) => write(RoleName, String(PolicyDocument)),
      DeleteRolePolicy: ({ RoleName }) => write(RoleName, undefined),
      ListModelInvocationJobs: ({ statusEquals, nextToken }) => {
        const job = (jobName: string) => ({ jobName, jobArn: `arn:${jobName}` });
        if (statusEquals !== "InProgress") return {};
        return nextToken === undefined
          ? {
              invocationJobSummaries: [job("example.design.1"), job("nightly"), job("other.engineering.1")],
              nextToken: "2",
            }
          : { invocationJobSummaries: [job("example.engineering.1"), job("example.engineering.2")] };
      },
      StopModelInvocationJob: ({ jobIdentifier }) => {
        if (jobIdentifier === "arn:example.engineering.1") throw awsError("ConflictException");
        return {};
      },
    });
    const answer = await handler();
    return { answer, wrote: fake.calls.filter(({ name }) => /^(Put|Delete)/.test(name)) };
  }
  const engineering = planDenyDocument(["engineering"])!;

  it("denies a department on a later page of budgets, and takes no other budget for a department's", async () => {
    const { answer, wrote } = await run(undefined, "100");
    assert.deepEqual(answer, { stopped: ["engineering"] });
    assert.deepEqual(
      wrote.map(({ name, input }) => [name, input.RoleName, input.PolicyDocument]),
      ["example-platform-gateway-task", "example-platform-batch-runner"].map((role) => [
        "PutRolePolicy",
        role,
        engineering,
      ]),
    );
  });

  it("stops the running batches of a stopped department, each by itself, and nobody else's", async () => {
    await run(engineering, "100");
    const stopped = () => fake!.calls.filter(({ name }) => name === "StopModelInvocationJob");
    assert.deepEqual(
      stopped().map(({ input }) => input.jobIdentifier),
      // The first had just ended by itself.
      ["arn:example.engineering.1", "arn:example.engineering.2"],
    );
    fake!.restore();
    await run(engineering, "0");
    assert.deepEqual(stopped(), []);
  });

  it("repairs what an overlapping run wrote from older budgets", async () => {
    const older = planDenyDocument(["design"])!;
    assert.deepEqual((await run(undefined, "100", [older])).answer, { stopped: ["engineering"] });
    assert.deepEqual([...documents.values()], [engineering, engineering]);
  });

  it("writes nothing when the document is right already", async () => {
    assert.deepEqual((await run(engineering, "150")).wrote, []);
    fake!.restore();
    assert.deepEqual((await run(undefined, "0")).wrote, []);
  });

  it("lifts the stop when the budget allows it again, e.g. on the first of a month", async () => {
    const { answer, wrote } = await run(engineering, "0");
    assert.deepEqual(answer, { stopped: [] });
    assert.deepEqual(
      wrote.map(({ name }) => name),
      ["DeleteRolePolicy", "DeleteRolePolicy"],
    );
  });
});
