import type { Policy } from "../frame/policy";
import { apigwDomainTls } from "./apigateway/apigw-domain-tls";
import { apigwExecutionLogging } from "./apigateway/apigw-execution-logging";
import { apigwStageWaf } from "./apigateway/apigw-stage-waf";
import { bedrockAgentGuardrail } from "./bedrock/bedrock-agent-guardrail";
import { bedrockGuardrail } from "./bedrock/bedrock-guardrail";
import { bedrockIamModelAllowlist } from "./bedrock/bedrock-iam-model-allowlist";
import { bedrockInvocationLogging } from "./bedrock/bedrock-invocation-logging";
import { bedrockInvokeThroughEndpoint } from "./bedrock/bedrock-invoke-through-endpoint";
import { bedrockLoggingNoText } from "./bedrock/bedrock-logging-no-text";
import { bedrockNoMantle } from "./bedrock/bedrock-no-mantle";
import { bedrockNoMarketplace } from "./bedrock/bedrock-no-marketplace";
import { bedrockOnlyGatewayInvokes } from "./bedrock/bedrock-only-gateway-invokes";
import { bedrockProfileTagged } from "./bedrock/bedrock-profile-tagged";
import { cognitoMfa } from "./cognito/cognito-mfa";
import { cognitoNoGuests } from "./cognito/cognito-no-guests";
import { budgetNotifications } from "./cost/budget-notifications";
import { budgetPresent } from "./cost/budget-present";
import { costAnomalyNotifies } from "./cost/cost-anomaly-notifies";
import { tagsCostAllocation } from "./cost/tags-cost-allocation";
import { ec2AsgLaunchTemplate } from "./ec2/ec2-asg-launch-template";
import { ec2DetailedMonitoring } from "./ec2/ec2-detailed-monitoring";
import { ec2EbsGp3 } from "./ec2/ec2-ebs-gp3";
import { ec2ImdsHopLimit } from "./ec2/ec2-imds-hop-limit";
import { ec2Imdsv2 } from "./ec2/ec2-imdsv2";
import { ec2InstanceProfile } from "./ec2/ec2-instance-profile";
import { ec2InstanceTypeAllowed } from "./ec2/ec2-instance-type-allowed";
import { ec2NoSecretsInUserdata } from "./ec2/ec2-no-secrets-in-userdata";
import { ecrImmutable } from "./ecr/ecr-immutable";
import { ecrLifecycle } from "./ecr/ecr-lifecycle";
import { ecrNoPublicPolicy } from "./ecr/ecr-no-public-policy";
import { ecrScan } from "./ecr/ecr-scan";
import { ecsContainerInsights } from "./ecs/ecs-container-insights";
import { ecsEfsTransit } from "./ecs/ecs-efs-transit";
import { ecsExecEncrypted } from "./ecs/ecs-exec-encrypted";
import { ecsExecLogged } from "./ecs/ecs-exec-logged";
import { ecsExecOff } from "./ecs/ecs-exec-off";
import { ecsFargatePlatform } from "./ecs/ecs-fargate-platform";
import { ecsImageDigest } from "./ecs/ecs-image-digest";
import { ecsLogging } from "./ecs/ecs-logging";
import { ecsNoHostNamespace } from "./ecs/ecs-no-host-namespace";
import { ecsNoPlaintextSecrets } from "./ecs/ecs-no-plaintext-secrets";
import { ecsNoPrivileged } from "./ecs/ecs-no-privileged";
import { ecsNoRootUser } from "./ecs/ecs-no-root-user";
import { ecsReadonlyRoot } from "./ecs/ecs-readonly-root";
import { ecsSeparateRoles } from "./ecs/ecs-separate-roles";
import { elasticacheAuth } from "./elasticache/elasticache-auth";
import { elasticacheBackup } from "./elasticache/elasticache-backup";
import { elasticacheFailover } from "./elasticache/elasticache-failover";
import { elasticacheTransit } from "./elasticache/elasticache-transit";
import { iamBoundaryRequired } from "./iam/iam-boundary-required";
import { iamNoAdmin } from "./iam/iam-no-admin";
import { iamNoBedrockApiKeys } from "./iam/iam-no-bedrock-api-keys";
import { iamNoConsoleUsers } from "./iam/iam-no-console-users";
import { iamNoCredentialExposure } from "./iam/iam-no-credential-exposure";
import { iamNoDataExfiltration } from "./iam/iam-no-data-exfiltration";
import { iamNoDecryptAll } from "./iam/iam-no-decrypt-all";
import { iamNoEveryAction } from "./iam/iam-no-every-action";
import { iamNoIamFullAccess } from "./iam/iam-no-iam-full-access";
import { iamNoServiceWildcard } from "./iam/iam-no-service-wildcard";
import { iamNoUserPolicies } from "./iam/iam-no-user-policies";
import { iamNoUsers } from "./iam/iam-no-users";
import { iamNoWildcardOnAll } from "./iam/iam-no-wildcard-on-all";
import { iamTrustAccountConditioned } from "./iam/iam-trust-account-conditioned";
import { iamTrustNotPublic } from "./iam/iam-trust-not-public";
import { iamTrustOidcSubject } from "./iam/iam-trust-oidc-subject";
import { iamTrustServiceSource } from "./iam/iam-trust-service-source";
import { kmsKeyLogServiceGrant } from "./kms/kms-key-log-service-grant";
import { kmsKeyPolicyDefined } from "./kms/kms-key-policy-defined";
import { lambdaConcurrency } from "./lambda/lambda-concurrency";
import { lambdaDlq } from "./lambda/lambda-dlq";
import { lambdaNotPublic } from "./lambda/lambda-not-public";
import { lambdaRuntime } from "./lambda/lambda-runtime";
import { lambdaTracing } from "./lambda/lambda-tracing";
import { albAccessLogs } from "./lb/alb-access-logs";
import { albDeletionProtection } from "./lb/alb-deletion-protection";
import { albDesync } from "./lb/alb-desync";
import { albDropHeaders } from "./lb/alb-drop-headers";
import { albHttpsOnly } from "./lb/alb-https-only";
import { albNoPlainHttp } from "./lb/alb-no-plain-http";
import { albTlsPolicy } from "./lb/alb-tls-policy";
import { albWaf } from "./lb/alb-waf";
import { lbTargetGroupTls } from "./lb/lb-target-group-tls";
import { alarmActions } from "./logs/alarm-actions";
import { cisMetricAlarms } from "./logs/cis-metric-alarms";
import { logGroupRetention } from "./logs/log-group-retention";
import { logGroupRetentionMinimum } from "./logs/log-group-retention-minimum";
import { eventbridgeBusPolicy } from "./messaging/eventbridge-bus-policy";
import { snsNoCrossAccount } from "./messaging/sns-no-cross-account";
import { snsNoPublicPolicy } from "./messaging/sns-no-public-policy";
import { sqsDlq } from "./messaging/sqs-dlq";
import { sqsNoEveryAction } from "./messaging/sqs-no-every-action";
import { sqsNoPublicPolicy } from "./messaging/sqs-no-public-policy";
import { sqsSnsTlsOnly } from "./messaging/sqs-sns-tls-only";
import { netNaclNoAllPorts } from "./net/net-nacl-no-all-ports";
import { netNoPeeringWide } from "./net/net-no-peering-wide";
import { netNoPublicAdminPorts } from "./net/net-no-public-admin-ports";
import { netNoPublicHttp } from "./net/net-no-public-http";
import { netNoPublicIngressAny } from "./net/net-no-public-ingress-any";
import { netSgDescription } from "./net/net-sg-description";
import { netVpcFlowLogs } from "./net/net-vpc-flow-logs";
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
import { s3NoAnyPrincipal } from "./s3/s3-no-any-principal";
import { s3PublicAccessBlock } from "./s3/s3-public-access-block";
import { s3PublicAccessBlockFlags } from "./s3/s3-public-access-block-flags";
import { s3TlsOnly } from "./s3/s3-tls-only";
import { s3Versioning } from "./s3/s3-versioning";
import { secretNoPlaintext } from "./secrets/secret-no-plaintext";
import { secretPolicyNotPublic } from "./secrets/secret-policy-not-public";
import { secretRotation } from "./secrets/secret-rotation";
import { secretRotationInterval } from "./secrets/secret-rotation-interval";
import { ssmParameterSecure } from "./ssm/ssm-parameter-secure";
import { protectStateful } from "./stack/protect-stateful";
import { regionAllowList } from "./stack/region-allow-list";
import { trailBedrockDataEvents } from "./trail/trail-bedrock-data-events";
import { trailCloudwatch } from "./trail/trail-cloudwatch";
import { trailLogging } from "./trail/trail-logging";
import { trailMultiRegion } from "./trail/trail-multi-region";
import { trailValidation } from "./trail/trail-validation";
import { wafHasRules } from "./waf/waf-has-rules";
import { wafKnownBadInputs } from "./waf/waf-known-bad-inputs";
import { wafLogging } from "./waf/waf-logging";

/** The wider controls of the services this system uses, by area. */
export const controls: readonly Policy[] = [
  apigwDomainTls,
  apigwExecutionLogging,
  apigwStageWaf,
  bedrockAgentGuardrail,
  bedrockGuardrail,
  bedrockIamModelAllowlist,
  bedrockInvocationLogging,
  bedrockInvokeThroughEndpoint,
  bedrockLoggingNoText,
  bedrockNoMantle,
  bedrockNoMarketplace,
  bedrockOnlyGatewayInvokes,
  bedrockProfileTagged,
  cognitoMfa,
  cognitoNoGuests,
  budgetNotifications,
  budgetPresent,
  costAnomalyNotifies,
  tagsCostAllocation,
  ec2AsgLaunchTemplate,
  ec2DetailedMonitoring,
  ec2EbsGp3,
  ec2ImdsHopLimit,
  ec2Imdsv2,
  ec2InstanceProfile,
  ec2InstanceTypeAllowed,
  ec2NoSecretsInUserdata,
  ecrImmutable,
  ecrLifecycle,
  ecrNoPublicPolicy,
  ecrScan,
  ecsContainerInsights,
  ecsEfsTransit,
  ecsExecEncrypted,
  ecsExecLogged,
  ecsExecOff,
  ecsFargatePlatform,
  ecsImageDigest,
  ecsLogging,
  ecsNoHostNamespace,
  ecsNoPlaintextSecrets,
  ecsNoPrivileged,
  ecsNoRootUser,
  ecsReadonlyRoot,
  ecsSeparateRoles,
  elasticacheAuth,
  elasticacheBackup,
  elasticacheFailover,
  elasticacheTransit,
  iamBoundaryRequired,
  iamNoAdmin,
  iamNoBedrockApiKeys,
  iamNoConsoleUsers,
  iamNoCredentialExposure,
  iamNoDataExfiltration,
  iamNoDecryptAll,
  iamNoEveryAction,
  iamNoIamFullAccess,
  iamNoServiceWildcard,
  iamNoUserPolicies,
  iamNoUsers,
  iamNoWildcardOnAll,
  iamTrustAccountConditioned,
  iamTrustNotPublic,
  iamTrustOidcSubject,
  iamTrustServiceSource,
  kmsKeyLogServiceGrant,
  kmsKeyPolicyDefined,
  lambdaConcurrency,
  lambdaDlq,
  lambdaNotPublic,
  lambdaRuntime,
  lambdaTracing,
  albAccessLogs,
  albDeletionProtection,
  albDesync,
  albDropHeaders,
  albHttpsOnly,
  albNoPlainHttp,
  albTlsPolicy,
  albWaf,
  lbTargetGroupTls,
  alarmActions,
  cisMetricAlarms,
  logGroupRetention,
  logGroupRetentionMinimum,
  eventbridgeBusPolicy,
  snsNoCrossAccount,
  snsNoPublicPolicy,
  sqsDlq,
  sqsNoEveryAction,
  sqsNoPublicPolicy,
  sqsSnsTlsOnly,
  netNaclNoAllPorts,
  netNoPeeringWide,
  netNoPublicAdminPorts,
  netNoPublicHttp,
  netNoPublicIngressAny,
  netSgDescription,
  netVpcFlowLogs,
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
  s3NoAnyPrincipal,
  s3PublicAccessBlock,
  s3PublicAccessBlockFlags,
  s3TlsOnly,
  s3Versioning,
  secretNoPlaintext,
  secretPolicyNotPublic,
  secretRotation,
  secretRotationInterval,
  ssmParameterSecure,
  protectStateful,
  regionAllowList,
  trailBedrockDataEvents,
  trailCloudwatch,
  trailLogging,
  trailMultiRegion,
  trailValidation,
  wafHasRules,
  wafKnownBadInputs,
  wafLogging,
];
