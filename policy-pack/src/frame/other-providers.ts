import { SAME_MEMBERS } from "../data/cloud-formation";
import { isRecord, Secret, UNKNOWN, UNKNOWN_SENTINELS } from "./wire";

/** A resource of the provider `aws` that comes to the same. */
export interface Equivalent {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** True of a companion: this input refers to the resource itself. */
  readonly refersBy?: string;
}

const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";

/** Whether the type may be one of another provider's that the pack reads. */
export function isForeign(type: string): boolean {
  return type === CLOUD_CONTROL || type.startsWith("aws-native:");
}

/**
 * What a resource of AWS Native or Cloud Control is in the words of the provider `aws`: itself,
 * and the companions that the other provider keeps inside. Empty where no mapping is certain.
 */
export function equivalents(type: string, inputs: unknown): readonly Equivalent[] {
  if (type === CLOUD_CONTROL) {
    const [name, state] = [member(inputs, "typeName"), parsed(member(inputs, "desiredState"))];
    return typeof name === "string" && isRecord(state) ? (MAPPINGS[name.toLowerCase()]?.(state) ?? []) : [];
  }
  const [, module = "", name = ""] = /^aws-native:([^:/]+)[^:]*:(\w+)$/.exec(type) ?? [];
  const mapped = MAPPINGS[`aws::${module}::${name}`.toLowerCase()]?.(inputs);
  if (mapped !== undefined || !IDENTITY_MODULES.includes(module)) return mapped ?? [];
  return [{ type: CLOUD_CONTROL, inputs: { typeName: `AWS::${module.toUpperCase()}::${name}`, desiredState: inputs } }];
}

/** Modules of AWS Native whose policies are read as Cloud Control has them. */
const IDENTITY_MODULES = ["iam", "sso"];

function parsed(state: unknown): unknown {
  if (state instanceof Secret) return parsed(state.value);
  if (typeof state !== "string" || isUnknown(state)) return state;
  try {
    return JSON.parse(state) as unknown;
  } catch {
    return undefined;
  }
}

function isUnknown(value: unknown): boolean {
  return typeof value === "string" && UNKNOWN_SENTINELS.has(value);
}

/** The member of that name in any letter case: below an unknown value unknown, in a secret secret. */
function member(from: unknown, name: string): unknown {
  if (isUnknown(from)) return UNKNOWN;
  if (from instanceof Secret) return new Secret(member(from.value, name));
  if (!isRecord(from)) return undefined;
  const key = Object.keys(from).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : from[key];
}

function each(list: unknown, map: (item: unknown) => unknown): unknown {
  return Array.isArray(list) ? list.map((item) => (isUnknown(item) ? UNKNOWN : map(item))) : list;
}

/** One value as a list of it; nothing as nothing. */
function list(value: unknown): unknown {
  return value === undefined ? undefined : [value];
}

function tags(from: unknown): unknown {
  const given = member(from, "Tags");
  if (!Array.isArray(given)) return given;
  return Object.fromEntries(given.map((tag) => [String(member(tag, "Key")), member(tag, "Value")]));
}

type Mapping = (from: unknown) => readonly Equivalent[];

/** A mapping of members of the same meaning, by the name in `aws` and that of CloudFormation. */
const plain =
  (type: string, names: Readonly<Record<string, string>> = {}): Mapping =>
  (from) => {
    const same = Object.entries(names).map(([name, theirs]) => [name, member(from, theirs)] as const);
    return [{ type, inputs: { ...Object.fromEntries(same), tags: tags(from) } }];
  };

function rule(from: unknown): Record<string, unknown> {
  const prefixList = member(from, "SourcePrefixListId") ?? member(from, "DestinationPrefixListId");
  return {
    protocol: member(from, "IpProtocol"),
    fromPort: member(from, "FromPort"),
    toPort: member(from, "ToPort"),
    cidrBlocks: list(member(from, "CidrIp")),
    ipv6CidrBlocks: list(member(from, "CidrIpv6")),
    prefixListIds: list(prefixList),
    description: member(from, "Description"),
  };
}

/** CloudFormation leaves AWS's rule in place, which lets everything out, where none is given. */
const ALL_OUT = [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }];

const securityGroup: Mapping = (from) => [
  {
    type: "aws:ec2/securityGroup:SecurityGroup",
    inputs: {
      name: member(from, "GroupName"),
      description: member(from, "GroupDescription"),
      vpcId: member(from, "VpcId"),
      ingress: each(member(from, "SecurityGroupIngress"), rule),
      egress: each(member(from, "SecurityGroupEgress"), rule) ?? ALL_OUT,
      tags: tags(from),
    },
  },
];

const groupRule =
  (direction: "ingress" | "egress"): Mapping =>
  (from) => [
    {
      type: "aws:ec2/securityGroupRule:SecurityGroupRule",
      inputs: { ...rule(from), type: direction, securityGroupId: member(from, "GroupId") },
    },
  ];

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const bucket: Mapping = (from) => {
  const encryption = member(member(from, "BucketEncryption"), "ServerSideEncryptionConfiguration");
  const rules = each(encryption, (one) => {
    const applied = member(one, "ServerSideEncryptionByDefault");
    return {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: member(applied, "SSEAlgorithm"),
        kmsMasterKeyId: member(applied, "KMSMasterKeyID"),
      },
    };
  });
  const block = member(from, "PublicAccessBlockConfiguration");
  const target = member(member(from, "LoggingConfiguration"), "DestinationBucketName");
  const status = member(member(from, "VersioningConfiguration"), "Status");
  const companion = (type: string, name: string, inputs: Record<string, unknown>): Equivalent => ({
    type: `aws:s3/${type}:${name}`,
    inputs: { bucket: member(from, "BucketName"), ...inputs },
    refersBy: "bucket",
  });
  const versioning = isUnknown(status) ? UNKNOWN : { enabled: status === "Enabled" };
  return [
    { type: "aws:s3/bucket:Bucket", inputs: { bucket: member(from, "BucketName"), versioning, tags: tags(from) } },
    ...(rules === undefined
      ? []
      : [
          companion("bucketServerSideEncryptionConfiguration", "BucketServerSideEncryptionConfiguration", {
            rules,
          }),
        ]),
    ...(block === undefined
      ? []
      : [
          companion(
            "bucketPublicAccessBlock",
            "BucketPublicAccessBlock",
            Object.fromEntries(BLOCKS.map((name) => [name, member(block, name)])),
          ),
        ]),
    ...(target === undefined ? [] : [companion("bucketLogging", "BucketLogging", { targetBucket: target })]),
  ];
};

/** By CloudFormation's types, in lower case. */
const MAPPINGS: Readonly<Record<string, Mapping>> = {
  "aws::ec2::securitygroup": securityGroup,
  "aws::ec2::securitygroupingress": groupRule("ingress"),
  "aws::ec2::securitygroupegress": groupRule("egress"),
  "aws::s3::bucket": bucket,
  ...Object.fromEntries(Object.entries(SAME_MEMBERS).map(([name, [type, names]]) => [name, plain(type, names)])),
};
