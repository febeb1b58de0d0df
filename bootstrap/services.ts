/** IAM service prefixes whose actions the provider calls for a module of its resource types. */
const prefixes: Readonly<Record<string, readonly string[]>> = {
  acm: ["acm"],
  appautoscaling: ["application-autoscaling"],
  bedrock: ["bedrock"],
  bedrockmodel: ["bedrock"],
  budgets: ["budgets"],
  cloudtrail: ["cloudtrail"],
  cloudwatch: ["cloudwatch", "events", "logs"],
  codebuild: ["codebuild"],
  costexplorer: ["ce"],
  dlm: ["dlm"],
  ebs: ["ec2"],
  ec2: ["ec2"],
  ecr: ["ecr"],
  ecs: ["ecs"],
  elasticache: ["elasticache"],
  iam: ["iam"],
  kms: ["kms"],
  lambda: ["lambda"],
  lb: ["elasticloadbalancing"],
  rds: ["rds"],
  route53: ["route53", "route53resolver"],
  s3: ["s3"],
  scheduler: ["scheduler"],
  secretsmanager: ["secretsmanager"],
  servicediscovery: ["servicediscovery"],
  sns: ["sns"],
  sqs: ["sqs"],
  ssm: ["ssm"],
  vpc: ["ec2"],
};

/**
 * IAM service prefixes that a resource type needs, e.g. `["rds"]` for `aws:rds/cluster:Cluster`;
 * none for types of other providers. `undefined`: the table lacks the type's module.
 */
export function servicesOf(type: string): readonly string[] | undefined {
  const [, module] = /^aws:([a-z0-9]+)\//.exec(type) ?? [];
  return module === undefined ? [] : prefixes[module];
}

/** Services that the deployer manages without a narrower statement of their own: `*` of each. */
export const whollyManaged: readonly string[] = [
  "acm",
  "application-autoscaling",
  "budgets",
  "cloudtrail",
  "cloudwatch",
  "codebuild",
  "dlm",
  "ec2",
  "ecr",
  "ecs",
  "elasticache",
  "elasticloadbalancing",
  "events",
  "lambda",
  "logs",
  "rds",
  "route53",
  "route53resolver",
  "scheduler",
  "servicediscovery",
  "sns",
  "sqs",
];
