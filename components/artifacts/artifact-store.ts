import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts, ArtifactFacts, KeyFacts } from "../facts";
import { databaseRootFingerprints } from "../database";
import { after, accountTrust, boundedRole, logGroup, useKey, waitFor, type StackContext } from "../kit";
import { LambdaFunction } from "../lambda";
import { allow, type Statement } from "../policy-document";
import { PrivateBucket } from "../storage";
import { artifactMirror } from "./functions";
import { fileLines, imageLines, type MirroredImage } from "./sources";

/** Arguments of {@link ArtifactStore}. */
export interface ArtifactStoreArgs {
  readonly context: StackContext;
  /** Images to copy, each by digest. */
  readonly images: readonly MirroredImage[];
  /** SHA-256 of the files that workspaces install. */
  readonly files: Parameters<typeof fileLines>[0];
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
}

/** Images per repository; an index for two architectures with attestations takes five. */
const keptImages = 60;

const script = readFileSync(path.join(__dirname, "mirror.sh"), "utf8");

/** Purpose of the build project, its role and its log group. */
const builder = "artifact-builder";

/**
 * Copies of images and files inside the closed network: ECR repositories and a bucket. A build
 * outside every VPC copies images by digest and files by checksum. `up` waits for the build when a
 * digest or version changes, so each image exists before a task uses it.
 *
 * Cost: storage (about 6 GiB), a few cents per build.
 */
export class ArtifactStore extends pulumi.ComponentResource {
  readonly facts: ArtifactFacts;

  constructor(name: string, args: ArtifactStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:artifacts:ArtifactStore", name, {}, opts);
    const { context, keys } = args;
    const builderRole = context.arns.role(context.names.role(builder));
    const bucket = new PrivateBucket(
      `${name}-bucket`,
      { context, purpose: "artifacts", key: keys.data, outsidePrincipals: [builderRole] },
      { parent: this },
    );
    const named = new Map(args.images.map((image) => [image.name, image]));
    const repositories = [...named].map(([image, each]) => [image, this.#repository(name, args, each)] as const);
    const project = this.#project(name, args, bucket);
    const mirrored = this.#mirror(name, args, project, [bucket, ...repositories.map(([, repository]) => repository)]);

    // After the finished build, so that dependents find the image or file.
    const urls = Object.fromEntries(repositories.map(([image, { repositoryUrl }]) => [image, repositoryUrl]));
    this.facts = {
      bucket: after(bucket.bucketName, [mirrored]),
      repositoryUrls: after(pulumi.all(urls), [mirrored]),
    };
    this.registerOutputs({ ...this.facts });
  }

  #repository(name: string, { context, keys }: ArtifactStoreArgs, image: MirroredImage): aws.ecr.Repository {
    const repository = new aws.ecr.Repository(
      `${name}-${image.name}`,
      {
        name: image.repository,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keys.data }],
        // Copies of public images: the next build restores them.
        forceDelete: true,
        tags: context.tags({ Purpose: image.name }),
      },
      { parent: this },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-${image.name}-lifecycle`,
      { repository: repository.name, policy: lifecycle },
      { parent: this },
    );
    return repository;
  }

  #project(name: string, args: ArtifactStoreArgs, bucket: PrivateBucket): aws.codebuild.Project {
    const { context, keys, access } = args;
    const { names } = context;
    const tags = context.tags({ Purpose: builder });
    const child = { parent: this };
    const logs = logGroup(
      `${name}-builder-logs`,
      { context, groupName: names.logGroup(builder), keys, retention: "function-logs", tags },
      child,
    );
    const { role, policies } = boundedRole(
      `${name}-builder-role`,
      {
        roleName: names.role(builder),
        description: "Copies images and files into the closed network",
        trust: accountTrust(context, "codebuild.amazonaws.com"),
        boundaryArn: access.workloadBoundaryArn,
        statements: builderStatements(context),
        tags,
      },
      child,
    );
    return new aws.codebuild.Project(
      `${name}-builder`,
      {
        name: names.build(builder),
        description: "Copies images by digest and files by checksum into ECR and S3",
        serviceRole: role.arn,
        encryptionKey: keys.data,
        artifacts: { type: "NO_ARTIFACTS" },
        source: { type: "NO_SOURCE", buildspec },
        environment: {
          type: "ARM_CONTAINER",
          computeType: "BUILD_GENERAL1_SMALL",
          image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
          privilegedMode: false,
          environmentVariables: [
            { name: "ACCOUNT_ID", value: context.accountId },
            { name: "BUCKET", value: bucket.bucketName },
            { name: "IMAGES", value: imageLines(args.images) },
            { name: "FILES", value: fileLines(args.files) },
            { name: "RDS_ROOTS", value: databaseRootFingerprints(context.region).join(" ") },
          ],
        },
        logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logs.name }, s3Logs: { status: "DISABLED" } },
        // Together less than the 15 minutes that the function waits. A build that ran out of them goes on where it stopped.
        buildTimeout: 9,
        queuedTimeout: 5,
        concurrentBuildLimit: 1,
        tags,
      },
      { ...child, dependsOn: policies },
    );
  }

  /**
   * Runs the build once for each set of digests and versions, and waits for it.
   */
  #mirror(
    name: string,
    args: ArtifactStoreArgs,
    project: aws.codebuild.Project,
    dependsOn: readonly pulumi.Resource[],
  ): aws.lambda.Invocation {
    const { context, keys, access } = args;
    const mirror = new LambdaFunction(
      `${name}-mirror`,
      { context, ...artifactMirror(context), access, keys },
      { parent: this },
    );
    const inputs = createHash("sha256")
      .update(
        JSON.stringify([
          script,
          imageLines(args.images),
          fileLines(args.files),
          databaseRootFingerprints(context.region),
        ]),
      )
      .digest("hex");
    return new aws.lambda.Invocation(
      `${name}-mirrored`,
      {
        functionName: mirror.functionName,
        input: JSON.stringify({ project: context.names.build(builder), inputs }),
        triggers: { inputs },
      },
      { parent: this, dependsOn: [mirror, project, ...dependsOn, ...waitFor(keys)] },
    );
  }
}

const buildspec = JSON.stringify({
  version: 0.2,
  env: { shell: "bash" },
  phases: { build: { commands: [script] } },
});

const lifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "Old versions; what an index refers to stays with it",
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keptImages },
      action: { type: "expire" },
    },
  ],
});

/** Permissions of the build: copy images into the repositories and files into the bucket. */
function builderStatements(context: StackContext): readonly Statement[] {
  const { arns, names } = context;
  const bucketArn = arns.bucket(names.bucket("artifacts"));
  return [
    allow("WriteOwnLogs", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${arns.logGroup(names.logGroup(builder))}:log-stream:*`,
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
      Resource: arns.repository(names.repository("*")),
    }),
    allow("WriteFiles", {
      Action: "s3:PutObject",
      Resource: [`${bucketArn}/workspace/*`, `${bucketArn}/gateway/*`],
    }),
    useKey(context, { purpose: "data", via: "s3" }),
  ];
}
