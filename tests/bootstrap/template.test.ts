import assert from "node:assert/strict";
import { planBackend, planTemplate, renderTemplate } from "../../bootstrap";
import type { Resource, Value } from "../../bootstrap/cloudformation";
import { contextOf } from "../../components/context-of";
import { loadStackFiles } from "../../config";
import { departmentConfig, fileText, merged, platformConfig, platformSpec, type Config } from "../support/specs";

const gitHub = { "cline:platform": { repository: { url: "https://github.com/Example/cline" } } };
const template = (overrides: Config = gitHub) => {
  const spec = platformSpec(overrides);
  return planTemplate(spec, [spec]);
};
const of = (type: string, from = template()): readonly (readonly [string, Resource])[] =>
  Object.entries(from.Resources).filter(([, { Type }]) => Type === type);
const text = (value: unknown): string => JSON.stringify(value);

/** The trust policy's statement for the workflow. */
const workflow = (role: string, from = template()): Record<string, unknown> => {
  const trust = from.Resources[role]?.Properties["AssumeRolePolicyDocument"] as {
    Statement: Record<string, unknown>[];
  };
  return trust.Statement[0] ?? {};
};

describe("the bootstrap's template", () => {
  it("names role, bucket and key as the program's own policies do", () => {
    const { names } = contextOf(platformSpec());
    assert.deepEqual(
      of("AWS::IAM::Role").map(([, { Properties }]) => [Properties["Path"], Properties["RoleName"]]),
      [names.deployerRole(), names.auditWorkflowRole(), names.breakGlassRole()].map((name) => ["/cline/", name]),
    );
    const backend = planBackend(contextOf(platformSpec()));
    assert.equal(of("AWS::S3::Bucket")[0]?.[1].Properties["BucketName"], backend.bucket);
    assert.equal(of("AWS::KMS::Alias")[0]?.[1].Properties["AliasName"], backend.keyAlias);
    assert.deepEqual(backend, {
      bucket: "example-platform-state-111122223333-ap-northeast-1",
      keyAlias: "alias/cline/example/platform/state",
      url: "s3://example-platform-state-111122223333-ap-northeast-1?region=ap-northeast-1",
      secretsProvider: "awskms://alias/cline/example/platform/state?region=ap-northeast-1",
    });
  });

  it("keeps what holds data or is shared, and nothing else, when its stack is deleted", () => {
    const kept = Object.entries(template().Resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === "Retain");
    assert.deepEqual(
      kept.map(([id]) => id),
      ["StateKey", "StateKeyAlias", "StateBucket", "StateBucketPolicy", "IdentityProvider"],
    );
    for (const [id, { UpdateReplacePolicy }] of kept) assert.equal(UpdateReplacePolicy, "Retain", id);
  });

  it("makes every bucket private, versioned and encrypted by its own key, and refuses plain HTTP", () => {
    const buckets = of("AWS::S3::Bucket");
    assert.equal(buckets.length, 1);
    for (const [id, { Properties }] of buckets) {
      assert.deepEqual(
        new Set(Object.values(Properties["PublicAccessBlockConfiguration"] as object)),
        new Set([true]),
        id,
      );
      assert.equal(Object.keys(Properties["PublicAccessBlockConfiguration"] as object).length, 4, id);
      assert.equal(text(Properties["VersioningConfiguration"]), '{"Status":"Enabled"}', id);
      assert.match(
        text(Properties["BucketEncryption"]),
        /"SSEAlgorithm":"aws:kms","KMSMasterKeyID":\{"Fn::GetAtt":\["StateKey","Arn"\]\}/,
      );
      assert.match(text(Properties["OwnershipControls"]), /BucketOwnerEnforced/);
      const policy = of("AWS::S3::BucketPolicy").find(
        ([, each]) => text(each.Properties["Bucket"]) === text({ Ref: id }),
      );
      assert.match(
        text(policy?.[1]),
        /"Effect":"Deny","Principal":"\*","Action":"s3:\*".*"aws:SecureTransport":"false"/,
      );
    }
  });

  it("rotates its key every year, and waits 30 days before it is gone", () => {
    const [[, { Properties }] = ["", { Properties: {} as Record<string, Value> }]] = of("AWS::KMS::Key");
    assert.deepEqual(
      [Properties["EnableKeyRotation"], Properties["RotationPeriodInDays"], Properties["PendingWindowInDays"]],
      [true, 365, 30],
    );
  });

  it("puts every role under the deployment's boundary, and gives no policy but its own", () => {
    for (const [id, { Properties }] of of("AWS::IAM::Role")) {
      assert.deepEqual(Properties["PermissionsBoundary"], { Ref: "Boundary" }, id);
      assert.doesNotMatch(text(Properties), /arn:aws:iam::aws:policy/, id);
    }
  });

  it("fits IAM's limits and CloudFormation's", () => {
    for (const overrides of [
      gitHub,
      { "cline:platform": { ...gitHub["cline:platform"], organization: "twelve-chars" } },
    ]) {
      const made = template(overrides);
      for (const [id, { Properties }] of of("AWS::IAM::ManagedPolicy", made))
        assert.ok(
          text(Properties["PolicyDocument"]).length <= 6144,
          `${id}: ${text(Properties["PolicyDocument"]).length}`,
        );
      for (const [id, { Properties }] of of("AWS::IAM::Role", made))
        assert.ok(text(Properties["AssumeRolePolicyDocument"]).length <= 2048, id);
    }
    const spec = platformSpec(gitHub);
    assert.ok(renderTemplate(spec, [spec], "bootstrap.yaml").length < 51_200, "a template without a bucket for it");
  });
});

describe("the workflow that the bootstrap trusts", () => {
  const condition = (role: string, repository: object) =>
    (workflow(role, template({ "cline:platform": { repository } }))["Condition"] as Record<string, unknown>)[
      "StringEquals"
    ];

  it("is one environment of one repository, whole, by role", () => {
    for (const [role, environment] of [
      ["DeployerRole", "production"],
      ["AuditWorkflowRole", "audit"],
    ] as const)
      assert.deepEqual(condition(role, { url: "https://github.com/Example/cline" }), {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": `repo:Example/cline:environment:${environment}`,
      });
  });

  it("carries GitHub's ids where the repository's tokens do", () => {
    const ids = { url: "https://github.com/Example/cline", ownerId: 123, repositoryId: 456 };
    assert.match(text(condition("DeployerRole", ids)), /"repo:Example@123\/cline@456:environment:production"/);
  });

  it("is main's protected environment on a GitLab", () => {
    const [deploy, audit] = ["DeployerRole", "AuditWorkflowRole"].map((role) =>
      text(condition(role, { url: "https://gitlab.example.com/infra/tools/cline" })),
    );
    const main = "project_path:infra/tools/cline:ref_type:branch:ref:main";
    assert.match(
      deploy ?? "",
      new RegExp(`"gitlab.example.com:sub":"${main}:environment_protected:true:deployment_tier:production"`),
    );
    assert.match(
      audit ?? "",
      new RegExp(`"gitlab.example.com:sub":"${main}:environment_protected:false:deployment_tier:other"`),
    );
  });

  it("is nobody's without a repository: a person with MFA is left", () => {
    const made = template({});
    assert.deepEqual(of("AWS::IAM::OIDCProvider", made), []);
    assert.deepEqual(
      of("AWS::IAM::Role", made).map(([id]) => id),
      ["DeployerRole", "BreakGlassRole"],
    );
    assert.doesNotMatch(text(made), /WebIdentity/);
  });

  it("is never named by a wildcard, in any trust", () => {
    for (const [id, { Properties }] of of("AWS::IAM::Role")) {
      const trust = text(Properties["AssumeRolePolicyDocument"]);
      assert.doesNotMatch(trust, /\*/, id);
      assert.doesNotMatch(trust, /StringLike|ArnLike/, id);
    }
  });
});

describe("the break-glass role", () => {
  it("asks for an MFA of fifteen minutes in both modes of IAM users, and names the operators", () => {
    for (const mfaMode of ["assume-role", "iam-user"]) {
      const made = template({ "cline:platform": { mfaMode } });
      const trust = text(made.Resources["BreakGlassRole"]?.Properties["AssumeRolePolicyDocument"]);
      assert.match(trust, /"aws:MultiFactorAuthPresent":"true".*"aws:MultiFactorAuthAge":"900"/, mfaMode);
      assert.match(trust, /"aws:username":\["mori"\]/, mfaMode);
    }
  });
});

describe("a department in an account of its own", () => {
  it("gets the roles there, and its deployer is admitted to the platform's state", () => {
    const specs = loadStackFiles({
      "Pulumi.platform.yaml": fileText(merged(platformConfig, gitHub)),
      "Pulumi.engineering.yaml": fileText(
        merged(departmentConfig, {
          "aws:allowedAccountIds": ["444455556666"],
          "cline:network": { cidr: "10.65.0.0/20", zones: 2 },
          "cline:gateway": { minTasks: 2, maxTasks: 4 },
          "cline:observability": { logRetentionDays: 365 },
        }),
      ),
    });
    const made = (name: string) =>
      planTemplate(
        specs.find(({ stack }) => stack === name)!,
        specs,
      );
    assert.deepEqual(Object.keys(made("engineering").Resources), [
      "IdentityProvider",
      "Boundary",
      "DeployerServices",
      "DeployerIdentity",
      "DeployerRole",
      "AuditWorkflowRole",
      "BreakGlassRole",
    ]);
    const deployer = "arn:aws:iam::444455556666:role/cline/example-deployer";
    for (const id of ["StateKey", "StateBucketPolicy"])
      assert.ok(text(made("platform").Resources[id]).includes(deployer), id);
    assert.match(
      text(made("engineering").Resources["DeployerIdentity"]),
      /example-platform-state-111122223333-ap-northeast-1/,
    );
    assert.doesNotMatch(text(template().Resources["StateBucketPolicy"]), /OtherAccounts/);
  });
});
