import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  accountTrust,
  admit,
  alarm,
  awsServices,
  clientsOn,
  logGroup,
  reach,
  securityGroup,
  stackContext,
  useKey,
  boundedRole,
} from "../../../components/kit";
import { allow } from "../../../components/policy-document";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { keyFacts, networkFacts } from "../../support/facts";
import { ofType, one, statementsOf } from "../../support/resources";

const context = stackContext({ organization: "acme", stack: "tools", accountId: "111122223333", region: "eu-west-1" });
const tags = context.tags({ Purpose: "test" });

/** What `make` makes below a component of its own. */
async function made(make: (parent: pulumi.Resource) => void): Promise<readonly DocumentResource[]> {
  const program = () => {
    make(new pulumi.ComponentResource("test:kit:Parent", "parent"));
    return {};
  };
  return (await runInProcess(program, { stack: "tools", preview: false })).resources;
}

describe("boundedRole", () => {
  const role = (statements: Parameters<typeof boundedRole>[1]["statements"], name = "a-role") =>
    made((parent) =>
      boundedRole(
        name,
        {
          roleName: context.names.role("a"),
          description: "Under test",
          trust: accountTrust(context, "scheduler.amazonaws.com"),
          boundaryArn: "arn:aws:iam::111122223333:policy/cline/acme-boundary-workload",
          statements,
          tags,
        },
        { parent },
      ),
    );
  const speak = allow("Speak", { Action: "sns:Publish", Resource: "*" });

  it("makes role and policy below their parent, within the boundary", async () => {
    const resources = await role([speak, undefined]);
    const { inputs, parent, name } = one(resources, "Role");
    assert.deepEqual([inputs["name"], inputs["path"], name], ["acme-tools-a", "/cline/", "a-role"]);
    assert.match(String(inputs["permissionsBoundary"]), /acme-boundary-workload$/);
    assert.match(parent, /test:kit:Parent::parent$/);
    const policy = one(resources, "RolePolicy");
    assert.equal(policy.name, "a-policy");
    assert.deepEqual(
      statementsOf(policy.inputs["policy"]).map(({ Sid }) => Sid),
      ["Speak"],
    );
  });

  it("calls the policy of a role without the ending after the whole name", async () => {
    assert.equal(one(await role([speak], "a-task"), "RolePolicy").name, "a-task-policy");
  });

  it("makes no policy without statements", async () => {
    assert.deepEqual(ofType(await role([undefined]), "RolePolicy"), []);
  });
});

describe("accountTrust", () => {
  it("binds a service to this account, and to the source where one is given", () => {
    const [bound] = statementsOf(accountTrust(context, "ecs-tasks.amazonaws.com", context.arns.regional("ecs", "*")));
    assert.deepEqual(bound!.Condition, {
      StringEquals: { "aws:SourceAccount": "111122223333" },
      ArnLike: { "aws:SourceArn": "arn:aws:ecs:eu-west-1:111122223333:*" },
    });
    const [unbound] = statementsOf(accountTrust(context, "dlm.amazonaws.com"));
    assert.deepEqual(Object.keys(unbound!.Condition!), ["StringEquals"]);
  });
});

describe("useKey", () => {
  it("names one stack's key by its alias, every stack's by a pattern", () => {
    const own = useKey(context, { purpose: "data", via: "s3" });
    assert.equal(own.Sid, "UseDataKeyThroughS3");
    assert.deepEqual(own.Condition, {
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/cline/acme/tools/data" },
      StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
    });
    assert.deepEqual(useKey(context, { purpose: "logs", stack: "*" }).Condition, {
      "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/cline/acme/*/logs" },
    });
  });
});

describe("logGroup", () => {
  it("is encrypted and keeps what its row of the data-control table says", async () => {
    const short = stackContext({ ...context, retentionDays: { "function-logs": 30 } });
    const resources = await made((parent) =>
      logGroup(
        "l",
        { context: short, groupName: "/a", keys: keyFacts(), retention: "function-logs", tags },
        { parent },
      ),
    );
    const { inputs } = one(resources, "LogGroup");
    assert.deepEqual([inputs["name"], inputs["retentionInDays"]], ["/a", 30]);
    assert.match(String(inputs["kmsKeyId"]), /^arn:aws:kms:/);
  });
});

describe("alarm", () => {
  const alarmed = async (more: Partial<Parameters<typeof alarm>[1]> = {}) => {
    const resources = await made((parent) =>
      alarm(
        "lag",
        {
          description: "The reader is behind",
          runbook: "alarms-of-the-database",
          audience: "infrastructure",
          namespace: "AWS/RDS",
          metricName: "Lag",
          statistic: "Maximum",
          period: 300,
          evaluationPeriods: 3,
          threshold: 10,
          comparisonOperator: "GreaterThanThreshold",
          topicArn: "arn:aws:sns:eu-west-1:111122223333:alarms",
          tags,
          ...more,
        },
        { parent },
      ),
    );
    return one(resources, "MetricAlarm").inputs;
  };
  const topic = "arn:aws:sns:eu-west-1:111122223333:alarms";

  it("tells its audience's topic of begin and end", async () => {
    const inputs = await alarmed();
    assert.deepEqual([inputs["alarmActions"], inputs["okActions"]], [[topic], [topic]]);
    for (const own of ["runbook", "audience", "description", "topicArn"]) assert.ok(!(own in inputs), own);
  });

  it("says in its mail what happened, who acts and where the runbook stands", async () => {
    assert.equal(
      (await alarmed())["alarmDescription"],
      "The reader is behind. For: infrastructure. Runbook: docs/runbooks.md#alarms-of-the-database",
    );
  });

  it("puts other actions first, and keeps silent about the end of an event", async () => {
    const inputs = await alarmed({ actions: ["arn:aws:autoscaling:a"], tellsEnd: false, alarmName: "acme-lag" });
    assert.deepEqual(inputs["alarmActions"], ["arn:aws:autoscaling:a", topic]);
    assert.ok(!("okActions" in inputs));
    assert.equal(inputs["name"], "acme-lag");
  });
});

describe("reach and admit", () => {
  it("make one TCP rule for each place and source, named by its noun", async () => {
    const resources = await made((parent) => {
      const network = networkFacts();
      const group = securityGroup("g-group", { network, description: "Under test", tags }, { parent });
      const rules = { securityGroupId: group.id, label: "Under test", tags };
      const places = {
        ...awsServices(network),
        cache: { securityGroupId: "sg-cache", port: 6379 },
        store: { cidr: "10.0.0.0/16", port: 8443 },
      };
      reach("g", rules, places, { parent });
      admit("g", rules, clientsOn(5432, { app: "sg-app" }), { parent });
      admit(
        "g",
        rules,
        { network: { cidr: "10.0.0.0/16", port: 443, rule: "into-it", description: "All" } },
        { parent },
      );
    });
    const of = (type: string) =>
      ofType(resources, type)
        .map(({ name, inputs: rule }) => [
          name,
          rule["description"],
          rule["ipProtocol"],
          rule["fromPort"],
          rule["toPort"],
          rule["referencedSecurityGroupId"] ?? rule["prefixListId"] ?? rule["cidrIpv4"],
        ])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    assert.deepEqual(of("SecurityGroupEgressRule"), [
      ["g-to-cache", "Under test to cache", "tcp", 6379, 6379, "sg-cache"],
      ["g-to-endpoints", "Under test to endpoints", "tcp", 443, 443, "sg-0a1b2c3d4e5f60701"],
      ["g-to-s3", "Under test to s3", "tcp", 443, 443, "pl-61a54008"],
      ["g-to-store", "Under test to store", "tcp", 8443, 8443, "10.0.0.0/16"],
    ]);
    assert.deepEqual(of("SecurityGroupIngressRule"), [
      ["g-from-app", "Under test from app", "tcp", 5432, 5432, "sg-app"],
      ["g-into-it", "All", "tcp", 443, 443, "10.0.0.0/16"],
    ]);
    assert.equal(one(resources, "SecurityGroup").inputs["revokeRulesOnDelete"], true);
  });
});
