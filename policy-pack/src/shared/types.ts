/**
 * Type tokens that name one kind of resource: Pulumi keeps old modules and names beside the new
 * ones.
 */
const elbv2 = (member: string): string[] => ["lb", "alb"].map((module) => `aws:${module}/${member}`);
const s3 = (name: string): string[] =>
  ["", "V2"].map((suffix) => `aws:s3/${name}${suffix}:${name[0]?.toUpperCase() ?? ""}${name.slice(1)}${suffix}`);

export const LOAD_BALANCERS = elbv2("loadBalancer:LoadBalancer");
export const LISTENERS = elbv2("listener:Listener");
export const TARGET_GROUPS = elbv2("targetGroup:TargetGroup");

export const BUCKETS = s3("bucket");
export const BUCKET_ACLS = s3("bucketAcl");
export const BUCKET_VERSIONINGS = s3("bucketVersioning");
export const BUCKET_LOGGINGS = s3("bucketLogging");
export const BUCKET_LIFECYCLES = s3("bucketLifecycleConfiguration");
export const BUCKET_POLICIES = ["aws:s3/bucketPolicy:BucketPolicy"];
export const PUBLIC_ACCESS_BLOCKS = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"];

/** Stand-alone databases, and clusters, which carry the same settings for their members. */
export const DATABASES = ["aws:rds/instance:Instance", "aws:rds/cluster:Cluster"];
