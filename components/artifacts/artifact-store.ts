import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, ArtifactFacts, KeyFacts } from "../facts";
import { useKey } from "../kit";
import { LambdaFunction } from "../lambda";
import { allow, document, serviceTrust } from "../policy-document";
import { PrivateBucket } from "../storage";
import { artifactMirror, builderProject } from "./functions";
import { imageLines, planImages, workspaceFiles } from "./sources";

/** Arguments of {@link ArtifactStore}. */
export interface ArtifactStoreArgs {
  readonly spec: StackSpec;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
}

/** Images kept in a repository; an index for two architectures with attestations is five. */
const keptImages = 60;

const script = readFileSync(path.join(__dirname, "mirror.sh"), "utf8");

/**
 * What got into the closed network: ECR repositories and a bucket, filled by a build outside every VPC that copies images by digest and
 * files by checksum. `up` waits for it whenever a digest or version changes, so nothing starts before its image is there.
 *
 * Cost: storage (about 6 GiB), a few cents per build.
 */
export class ArtifactStore extends pulumi.ComponentResource {
  readonly facts: ArtifactFacts;

  constructor(name: string, args: ArtifactStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:artifacts:ArtifactStore", name, {}, opts);
    const { spec, keys } = args;
    const child = { parent: this };
    const images = planImages(spec);
    const builder = names(spec.platform.organization).role(spec.stack, "artifact-builder");

    const bucket = new PrivateBucket(
      `${name}-bucket`,
      { context: contextOf(spec), purpose: "artifacts", key: keys.data, outsidePrincipals: [arns(spec).role(builder)] },
      child,
    );
    const repositories = images.map((image) => {
      const repository = new aws.ecr.Repository(
        `${name}-${image.name}`,
        {
          name: image.repository,
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keys.data }],
          // Copies of public images: what is lost comes back with the next build.
          forceDelete: true,
          tags: tags(spec, { Purpose: image.name }),
        },
        child,
      );
      new aws.ecr.LifecyclePolicy(
        `${name}-${image.name}-lifecycle`,
        {
          repository: repository.name,
          policy: JSON.stringify({
            rules: [
              {
                rulePriority: 1,
                description: "Old versions; what an index refers to stays with it",
                selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keptImages },
                action: { type: "expire" },
              },
            ],
          }),
        },
        child,
      );
      return [image.name, repository.repositoryUrl] as const;
    });
    const project = this.#project(name, args, builder, bucket);
    const mirrored = this.#mirror(name, args, project, [bucket]);

    // Through the finished build, so that what starts from an image or file finds it.
    this.facts = {
      bucket: pulumi.all([bucket.bucketName, mirrored]).apply(([bucketName]) => bucketName),
      repositoryUrls: pulumi.all([pulumi.all(Object.fromEntries(repositories)), mirrored]).apply(([urls]) => urls),
    };
    this.registerOutputs({ ...this.facts });
  }

  #project(name: string, args: ArtifactStoreArgs, builder: string, bucket: PrivateBucket): aws.codebuild.Project {
    const { spec, keys, access } = args;
    const known = names(spec.platform.organization);
    const logGroupName = known.logGroup(spec.stack, "artifact-builder");
    const bucketArn = arns(spec).bucket(known.bucket(spec.stack, "artifacts", spec.accountId, spec.region));
    const tagged = { tags: tags(spec, { Purpose: "artifact-builder" }) };
    const child = { parent: this };

    const logs = new aws.cloudwatch.LogGroup(
      `${name}-builder-logs`,
      {
        name: logGroupName,
        kmsKeyId: keys.logs,
        retentionInDays: spec.dataControl["function-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-builder-role`,
      {
        name: builder,
        path: iamPath,
        description: "Copies images and files into the closed network",
        assumeRolePolicy: serviceTrust("codebuild.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": spec.accountId },
        }),
        permissionsBoundary: access.workloadBoundaryArn,
        ...tagged,
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-builder-policy`,
      {
        role: role.name,
        policy: document(
          allow("WriteOwnLogs", {
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${arns(spec).logGroup(logGroupName)}:log-stream:*`,
          }),
          allow("SignInToRegistry", { Action: "ecr:GetAuthorizationToken", Resource: "*" }),
          allow("CopyImages", {
            Action: [
              "ecr:BatchCheckLayerAvailability",
              "ecr:BatchGetImage",
              "ecr:CompleteLayerUpload",
              "ecr:DescribeImages",
              "ecr:GetDownloadUrlForLayer",
              "ecr:InitiateLayerUpload",
              "ecr:PutImage",
              "ecr:UploadLayerPart",
            ],
            Resource: arns(spec).regional("ecr", `repository/${known.repository("*")}`),
          }),
          allow("WriteFiles", {
            Action: "s3:PutObject",
            Resource: [`${bucketArn}/workspace/*`, `${bucketArn}/gateway/*`],
          }),
          useKey(contextOf(spec), { purpose: "data", via: "s3" }),
        ),
      },
      child,
    );
    return new aws.codebuild.Project(
      `${name}-builder`,
      {
        name: known.lambda(spec.stack, "artifact-builder"),
        description: "Copies images by digest and files by checksum into ECR and S3",
        serviceRole: role.arn,
        encryptionKey: keys.data,
        artifacts: { type: "NO_ARTIFACTS" },
        source: {
          type: "NO_SOURCE",
          buildspec: JSON.stringify({
            version: 0.2,
            env: { shell: "bash" },
            phases: { build: { commands: [script] } },
          }),
        },
        environment: {
          type: "ARM_CONTAINER",
          computeType: "BUILD_GENERAL1_SMALL",
          image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
          privilegedMode: false,
          environmentVariables: [
            { name: "ACCOUNT_ID", value: spec.accountId },
            { name: "BUCKET", value: bucket.bucketName },
            { name: "IMAGES", value: imageLines(planImages(spec)) },
            { name: "CODE_SERVER_VERSION", value: workspaceFiles.codeServer },
            { name: "CLINE_VERSION", value: workspaceFiles.cline },
          ],
        },
        logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logs.name }, s3Logs: { status: "DISABLED" } },
        buildTimeout: 14,
        queuedTimeout: 5,
        concurrentBuildLimit: 1,
        ...tagged,
      },
      { ...child, dependsOn: [policy] },
    );
  }

  #mirror(
    name: string,
    args: ArtifactStoreArgs,
    project: aws.codebuild.Project,
    dependsOn: pulumi.Resource[],
  ): pulumi.Output<string> {
    const { spec, keys, access } = args;
    const mirror = new LambdaFunction(
      `${name}-mirror`,
      { context: contextOf(spec), ...artifactMirror(spec), access, keys },
      { parent: this },
    );
    const inputs = createHash("sha256")
      .update(JSON.stringify([script, imageLines(planImages(spec)), workspaceFiles]))
      .digest("hex");
    return new aws.lambda.Invocation(
      `${name}-mirrored`,
      {
        functionName: mirror.functionName,
        input: JSON.stringify({ project: builderProject(spec), inputs }),
        triggers: { inputs },
      },
      { parent: this, dependsOn: [mirror, project, ...dependsOn] },
    ).id;
  }
}
