import { account, arn, region, stranger, type Row } from "../simulate";
import type { World } from "../world";

const own = { "aws:ResourceAccount": account };
const foreign = { "aws:ResourceAccount": stranger };

/** A call that each endpoint lets pass: on a resource of the account, and where there is one, on none. */
const calls: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  bedrock: [
    ["bedrock:StopModelInvocationJob", arn("bedrock", "model-invocation-job/abc")],
    ["bedrock:ListModelInvocationJobs", "*"],
  ],
  ec2: [
    ["ec2:StartInstances", arn("ec2", "instance/i-1")],
    ["ec2:DescribeInstances", "*"],
  ],
  "ecr.api": [
    ["ecr:BatchGetImage", arn("ecr", "repository/cline/example/gateway")],
    ["ecr:GetAuthorizationToken", "*"],
  ],
  "ecr.dkr": [
    ["ecr:BatchGetImage", arn("ecr", "repository/cline/example/gateway")],
    ["ecr:GetAuthorizationToken", "*"],
  ],
  ecs: [
    ["ecs:UpdateService", arn("ecs", "service/c/s")],
    ["ecs:DescribeTaskDefinition", "*"],
  ],
  kms: [["kms:Decrypt", arn("kms", "key/1")]],
  logs: [
    ["logs:PutLogEvents", arn("logs", "log-group:/cline/example/platform/gateway:log-stream:1")],
    ["logs:DescribeLogGroups", "*"],
  ],
  monitoring: [["cloudwatch:PutMetricData", "*"]],
  s3: [["s3:GetObject", "arn:aws:s3:::example-platform-artifacts-111122223333-ap-northeast-1/workspace/x"]],
  secretsmanager: [
    ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:cline/example/platform/x-AbCdEf")],
    ["secretsmanager:ListSecrets", "*"],
  ],
  ssm: [["ssm:UpdateInstanceInformation", "*"]],
  ssmmessages: [["ssmmessages:OpenDataChannel", "*"]],
  sts: [["sts:GetCallerIdentity", "*"]],
};

function endpoints(world: World): Row[] {
  const services = [...world.endpoints.keys()].filter((service) => service !== "bedrock-runtime");
  return services.flatMap((through) => {
    const known = calls[through];
    if (known === undefined) throw new Error(`the endpoint ${through}: say here what it is for`);
    return known.flatMap(([does, on]): Row[] => {
      const pass = (title: string, as: Row["as"], context: Row["with"], allowed: boolean): Row => ({
        title: `the endpoint ${through} ${allowed ? "passes" : "stops"} ${does} ${title}`,
        as,
        does,
        on,
        through,
        alone: "endpoint",
        ...(context && { with: context }),
        allowed,
      });
      const role = "example-platform-usage-report";
      // Another account may have a role of the same name.
      const twin = {
        "aws:PrincipalArn": `arn:aws:iam::${stranger}:role/cline/example-platform-usage-report`,
        "aws:PrincipalAccount": stranger,
      };
      return [
        pass("of a role of this organization", role, own, true),
        // The simulator never refuses this one call.
        ...(does === "sts:GetCallerIdentity"
          ? []
          : [
              pass("of another account's role of the same name", role, { ...own, ...twin }, false),
              pass("of an administrator", { admin: true }, own, false),
            ]),
        ...(on === "*" ? [] : [pass("on another account's resource", role, foreign, false)]),
      ];
    });
  });
}

function s3Endpoint(): Row[] {
  const get = (title: string, bucket: string, allowed: boolean, does = "s3:GetObject"): Row => ({
    title: `S3's endpoint ${allowed ? "passes" : "stops"} ${title}`,
    as: "example-ws-tanaka",
    does,
    on: `arn:aws:s3:::${bucket}/x`,
    through: "s3",
    alone: "endpoint",
    with: foreign,
    allowed,
  });
  return [
    get("packages of Amazon Linux", `al2023-repos-${region}-de612dc2`, true),
    get("image layers", `prod-${region}-starport-layer-bucket`, true),
    get("the agent's updates", `amazon-ssm-${region}`, true),
    get("writing to AWS's buckets", `amazon-ssm-${region}`, false, "s3:PutObject"),
    get("an attacker's bucket", "attackers-bucket", false),
    get("writing to an attacker's bucket", "attackers-bucket", false, "s3:PutObject"),
    get("another account's bucket of our prefix", "example-platform-artifacts-999988887777", false, "s3:PutObject"),
  ];
}

function buckets(world: World): Row[] {
  return (
    [...world.resourcePolicies.keys()]
      // The state's bucket has other readers and no network: rows/deployment.ts.
      .filter((on) => on.startsWith("arn:aws:s3:::") && !on.includes("-platform-state-"))
      .flatMap((bucket): Row[] => {
        const get = (
          title: string,
          as: Row["as"],
          context: Readonly<Record<string, string>>,
          allowed: boolean,
        ): Row => ({
          title: `${bucket.slice(13).replace(/-\d.*/, "")} ${allowed ? "lets" : "does not let"} ${title}`,
          as,
          does: "s3:GetObject",
          on: `${bucket}/x`,
          with: { "aws:SecureTransport": "true", "aws:ViaAWSService": "false", ...context },
          alone: "resource",
          allowed,
        });
        const anybody = "example-platform-usage-report";
        const inside = { "aws:VpceAccount": account };
        return [
          get("a role read through the account's endpoints", anybody, inside, true),
          get("a role read without TLS", anybody, { ...inside, "aws:SecureTransport": "false" }, false),
          get("a role read from the internet", anybody, {}, false),
          get("a role read through another account's endpoint", anybody, { "aws:VpceAccount": stranger }, false),
          get("a service read on a role's behalf", anybody, { "aws:ViaAWSService": "true" }, true),
          get("AWS's own services past the network's wall", anybody, { "aws:PrincipalIsAWSService": "true" }, true),
          get(
            "the deployer read from its workflow",
            { admin: true },
            {
              "aws:PrincipalArn": `arn:aws:iam::${account}:role/cline/example-deployer`,
            },
            true,
          ),
        ];
      })
  );
}

/** What passes the endpoints and the buckets' own walls. */
export function network(world: World): readonly Row[] {
  return [...endpoints(world), ...s3Endpoint(), ...buckets(world)];
}
