import type { Policy } from "../frame/policy";
import { ec2AsgLaunchTemplate } from "./ec2/ec2-asg-launch-template";
import { ec2DetailedMonitoring } from "./ec2/ec2-detailed-monitoring";
import { ec2EbsGp3 } from "./ec2/ec2-ebs-gp3";
import { ec2ImdsHopLimit } from "./ec2/ec2-imds-hop-limit";
import { ec2Imdsv2 } from "./ec2/ec2-imdsv2";
import { ec2InstanceProfile } from "./ec2/ec2-instance-profile";
import { ec2InstanceTypeAllowed } from "./ec2/ec2-instance-type-allowed";
import { ec2NoSecretsInUserdata } from "./ec2/ec2-no-secrets-in-userdata";
import { elasticacheAuth } from "./elasticache/elasticache-auth";
import { elasticacheBackup } from "./elasticache/elasticache-backup";
import { elasticacheFailover } from "./elasticache/elasticache-failover";
import { elasticacheTransit } from "./elasticache/elasticache-transit";
import { rdsBackup } from "./rds/rds-backup";
import { rdsBackupRetention } from "./rds/rds-backup-retention";
import { rdsClusterMultiAz } from "./rds/rds-cluster-multi-az";
import { rdsCopyTags } from "./rds/rds-copy-tags";
import { rdsDeletionProtection } from "./rds/rds-deletion-protection";
import { rdsEnhancedMonitoring } from "./rds/rds-enhanced-monitoring";
import { rdsIamAuth } from "./rds/rds-iam-auth";
import { rdsLogging } from "./rds/rds-logging";
import { rdsManagedPassword } from "./rds/rds-managed-password";
import { rdsMinorUpgrade } from "./rds/rds-minor-upgrade";
import { rdsMultiAz } from "./rds/rds-multi-az";
import { rdsTls } from "./rds/rds-tls";
import { s3AccessLogging } from "./s3/s3-access-logging";
import { s3AclDisabled } from "./s3/s3-acl-disabled";
import { s3AclNoPublicPermissions } from "./s3/s3-acl-no-public-permissions";
import { s3AclNoPublicRead } from "./s3/s3-acl-no-public-read";
import { s3AclNoPublicWrite } from "./s3/s3-acl-no-public-write";
import { s3Lifecycle } from "./s3/s3-lifecycle";
import { s3LifecycleAbortUploads } from "./s3/s3-lifecycle-abort-uploads";
import { s3PublicAccessBlock } from "./s3/s3-public-access-block";
import { s3PublicAccessBlockFlags } from "./s3/s3-public-access-block-flags";
import { s3Versioning } from "./s3/s3-versioning";
import { secretNoPlaintext } from "./secrets/secret-no-plaintext";
import { secretRotation } from "./secrets/secret-rotation";
import { secretRotationInterval } from "./secrets/secret-rotation-interval";

/** The wider controls of the services this system uses, by area. */
export const controls: readonly Policy[] = [
  ec2AsgLaunchTemplate,
  ec2DetailedMonitoring,
  ec2EbsGp3,
  ec2ImdsHopLimit,
  ec2Imdsv2,
  ec2InstanceProfile,
  ec2InstanceTypeAllowed,
  ec2NoSecretsInUserdata,
  elasticacheAuth,
  elasticacheBackup,
  elasticacheFailover,
  elasticacheTransit,
  rdsBackup,
  rdsBackupRetention,
  rdsClusterMultiAz,
  rdsCopyTags,
  rdsDeletionProtection,
  rdsEnhancedMonitoring,
  rdsIamAuth,
  rdsLogging,
  rdsManagedPassword,
  rdsMinorUpgrade,
  rdsMultiAz,
  rdsTls,
  s3AccessLogging,
  s3AclDisabled,
  s3AclNoPublicPermissions,
  s3AclNoPublicRead,
  s3AclNoPublicWrite,
  s3Lifecycle,
  s3LifecycleAbortUploads,
  s3PublicAccessBlock,
  s3PublicAccessBlockFlags,
  s3Versioning,
  secretNoPlaintext,
  secretRotation,
  secretRotationInterval,
];
