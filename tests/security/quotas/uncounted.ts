/** Why no quota of an account counts resources of a type. */
const setting = "a setting: it stands once for each account and Region, or for each thing that has it";
const part = "a part of another resource, which is counted";
const sized = "its size is limited, not its number: limits.test.ts";

/** Types that no quota counts, with the reason. */
export const uncounted: Readonly<Record<string, string>> = {
  "aws:acm/certificateValidation:CertificateValidation": "nothing in AWS: it waits",
  "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration": setting,
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": "one for each organization",
  "aws:costexplorer/anomalySubscription:AnomalySubscription": "one for each organization",
  "aws:ebs/defaultKmsKey:DefaultKmsKey": setting,
  "aws:ebs/encryptionByDefault:EncryptionByDefault": setting,
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": part,
  "aws:ec2/defaultRouteTable:DefaultRouteTable": part,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": part,
  "aws:ec2/flowLog:FlowLog": "one for each VPC",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": part,
  "aws:ec2/volumeAttachment:VolumeAttachment": "one for each workspace",
  "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions": setting,
  "aws:ec2/vpcEndpointService:VpcEndpointService": "one for each gateway that other networks use",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": part,
  "aws:iam/rolePolicy:RolePolicy": sized,
  "aws:lambda/alias:Alias": part,
  "aws:lambda/invocation:Invocation": "nothing in AWS: a call",
  "aws:lambda/permission:Permission": "part of a function's policy, which holds one",
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": "one for each gateway that other networks use",
  "aws:route53/resolverFirewallConfig:ResolverFirewallConfig": setting,
  "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": "one for each VPC",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting,
  "aws:s3/bucketObject:BucketObject": "S3 limits no bucket's objects",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": setting,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting,
  "aws:s3/bucketPolicy:BucketPolicy": sized,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting,
  "aws:s3/bucketVersioning:BucketVersioning": setting,
  "aws:secretsmanager/secretRotation:SecretRotation": part,
  "aws:secretsmanager/secretVersion:SecretVersion": "Secrets Manager ends old versions itself",
  "aws:servicediscovery/service:Service": "one for each service of a private namespace",
  "aws:sns/topicPolicy:TopicPolicy": sized,
  "aws:sns/topicSubscription:TopicSubscription": "SNS takes 12,500,000 for each topic",
  "aws:sqs/queue:Queue": "SQS limits no account's queues",
};
