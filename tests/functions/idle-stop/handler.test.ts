import assert from "node:assert/strict";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { handler } from "../../../functions/idle-stop/handler";
import { awsError, fakeAws } from "../../support/aws-calls";

const instance = (InstanceId: string, Name = "running") => ({
  InstanceId,
  LaunchTime: new Date(Date.now() - 10 * 3_600_000),
  State: { Name },
  Tags: [{ Key: "IdleMinutes", Value: "60" }],
});

describe("idle-stop", () => {
  let fake: ReturnType<typeof fakeAws> | undefined;
  before(() => Object.assign(process.env, { ORGANIZATION: "example", TIME_ZONE: "UTC", INTERVAL_MINUTES: "10" }));
  afterEach(() => fake?.restore());

  it("stops what is idle on every page, whatever happens to one of them, and nothing that is in use", async () => {
    fake = fakeAws([EC2Client, SSMClient, CloudWatchClient], {
      DescribeInstances: (input) =>
        input.NextToken === undefined
          ? { Reservations: [{ Instances: [instance("i-idle"), instance("i-stuck")] }], NextToken: "2" }
          : {
              Reservations: [
                {
                  Instances: [instance("i-open"), instance("i-left"), instance("i-busy"), instance("i-off", "stopped")],
                },
              ],
            },
      DescribeSessions: (input) =>
        input.State === "Active"
          ? { Sessions: [{ Target: "i-open" }] }
          : { Sessions: [{ Target: "i-left", EndDate: new Date(Date.now() - 5 * 60_000) }] },
      GetMetricData: (input) => {
        const queries = input.MetricDataQueries as {
          Id: string;
          MetricStat: { Metric: { Dimensions: { Value: string }[] } };
        }[];
        if (input.NextToken === undefined) return { MetricDataResults: [], NextToken: "2" };
        return {
          MetricDataResults: queries.map(({ Id, MetricStat }) => ({
            Id,
            Timestamps: [new Date(Date.now() - 5 * 60_000)],
            Values: [MetricStat.Metric.Dimensions[0]!.Value === "i-busy" ? 80 : 1],
          })),
        };
      },
      StopInstances: (input) => {
        if ((input.InstanceIds as string[])[0] === "i-stuck") throw awsError("IncorrectInstanceState");
        return {};
      },
    });
    const actions = await handler();
    assert.deepEqual(
      actions.map(({ instanceId, action }) => `${action} ${instanceId}`),
      ["stop i-idle", "stop i-stuck"],
    );
    const [find] = fake.calls;
    assert.deepEqual((find!.input.Filters as { Name: string; Values: string[] }[]).slice(0, 2), [
      { Name: "tag:Organization", Values: ["example"] },
      { Name: "tag:Purpose", Values: ["workspace"] },
    ]);
    const since = fake.calls.find(({ name, input }) => name === "DescribeSessions" && input.State === "History")!;
    assert.match(
      (since.input.Filters as { value: string }[])[0]!.value,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      "SSM takes no milliseconds",
    );
  });

  it("asks nothing further where there is no workspace", async () => {
    fake = fakeAws([EC2Client, SSMClient, CloudWatchClient], { DescribeInstances: () => ({ Reservations: [] }) });
    assert.deepEqual(await handler(), []);
    assert.equal(fake.calls.length, 1);
  });
});
