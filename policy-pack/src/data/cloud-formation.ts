/**
 * CloudFormation's types, in lower case, whose members mean the same in the provider `aws`: its type,
 * and its inputs by CloudFormation's name. IAM's documents are read in Cloud Control's own form.
 */
export const SAME_MEMBERS: Readonly<Record<string, readonly [type: string, names?: Readonly<Record<string, string>>]>> =
  {
    "aws::ec2::internetgateway": ["aws:ec2/internetGateway:InternetGateway"],
    "aws::ec2::natgateway": ["aws:ec2/natGateway:NatGateway", { connectivityType: "ConnectivityType" }],
    "aws::ec2::egressonlyinternetgateway": ["aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"],
    "aws::ec2::eip": ["aws:ec2/eip:Eip"],
    "aws::ec2::keypair": ["aws:ec2/keyPair:KeyPair"],
    "aws::ec2::route": [
      "aws:ec2/route:Route",
      {
        routeTableId: "RouteTableId",
        destinationCidrBlock: "DestinationCidrBlock",
        destinationIpv6CidrBlock: "DestinationIpv6CidrBlock",
        destinationPrefixListId: "DestinationPrefixListId",
        gatewayId: "GatewayId",
        natGatewayId: "NatGatewayId",
        egressOnlyGatewayId: "EgressOnlyInternetGatewayId",
        vpcPeeringConnectionId: "VpcPeeringConnectionId",
        transitGatewayId: "TransitGatewayId",
        networkInterfaceId: "NetworkInterfaceId",
        vpcEndpointId: "VpcEndpointId",
        carrierGatewayId: "CarrierGatewayId",
        localGatewayId: "LocalGatewayId",
        coreNetworkArn: "CoreNetworkArn",
      },
    ],
    "aws::ec2::subnet": [
      "aws:ec2/subnet:Subnet",
      {
        vpcId: "VpcId",
        cidrBlock: "CidrBlock",
        mapPublicIpOnLaunch: "MapPublicIpOnLaunch",
        assignIpv6AddressOnCreation: "AssignIpv6AddressOnCreation",
      },
    ],
    "aws::ec2::vpcendpoint": [
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      {
        vpcId: "VpcId",
        serviceName: "ServiceName",
        vpcEndpointType: "VpcEndpointType",
        privateDnsEnabled: "PrivateDnsEnabled",
        securityGroupIds: "SecurityGroupIds",
        subnetIds: "SubnetIds",
        routeTableIds: "RouteTableIds",
        policy: "PolicyDocument",
      },
    ],
    "aws::ec2::volume": ["aws:ebs/volume:Volume", { encrypted: "Encrypted", kmsKeyId: "KmsKeyId" }],
    "aws::efs::filesystem": ["aws:efs/fileSystem:FileSystem", { encrypted: "Encrypted", kmsKeyId: "KmsKeyId" }],
    "aws::kms::key": [
      "aws:kms/key:Key",
      {
        policy: "KeyPolicy",
        enableKeyRotation: "EnableKeyRotation",
        deletionWindowInDays: "PendingWindowInDays",
      },
    ],
    "aws::logs::loggroup": [
      "aws:cloudwatch/logGroup:LogGroup",
      {
        name: "LogGroupName",
        kmsKeyId: "KmsKeyId",
        retentionInDays: "RetentionInDays",
      },
    ],
    "aws::sns::topic": ["aws:sns/topic:Topic", { name: "TopicName", kmsMasterKeyId: "KmsMasterKeyId" }],
    "aws::ssm::document": [
      "aws:ssm/document:Document",
      {
        name: "Name",
        content: "Content",
        documentType: "DocumentType",
        documentFormat: "DocumentFormat",
      },
    ],
    "aws::sqs::queue": [
      "aws:sqs/queue:Queue",
      {
        name: "QueueName",
        kmsMasterKeyId: "KmsMasterKeyId",
        sqsManagedSseEnabled: "SqsManagedSseEnabled",
        redrivePolicy: "RedrivePolicy",
        redriveAllowPolicy: "RedriveAllowPolicy",
      },
    ],
  };
