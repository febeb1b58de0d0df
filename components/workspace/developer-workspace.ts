import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { iamPath, names, tags, type DeveloperSpec, type ScheduleSpec, type StackSpec } from "../../config";
import type { AccessFacts, ArtifactFacts, GatewayFacts, KeyFacts, NetworkFacts } from "../facts";
import { batchBucketName } from "../gateway/batch-policies";
import { serviceTrust } from "../policy-document";
import { planInstancePolicy, workspaceLogGroup } from "./instance-policy";
import { planZone } from "./placement";
import { sourceNoun, type SourceEndpoints } from "./source-endpoints";
import { instanceTypes } from "./sizes";
import { snapshotTag } from "./workspace-operations";
import { planUserData } from "./user-data";

/** Arguments of {@link DeveloperWorkspace}. */
export interface DeveloperWorkspaceArgs {
  readonly spec: StackSpec;
  readonly developer: DeveloperSpec;
  readonly network: NetworkFacts;
  readonly gateway: GatewayFacts;
  readonly access: AccessFacts;
  readonly artifacts: ArtifactFacts;
  readonly keys: KeyFacts;
  /** The department's endpoints for source code; this workspace reaches those that its `sources` name. */
  readonly sources: SourceEndpoints;
}

/** GiB of the root volume: the system and what the developer installs outside the home, gone with the instance. */
const rootGiB = 16;

/** A schedule as a tag's value (EC2 takes no comma): `08:00-20:00 mon tue wed thu fri`. */
export function scheduleTag(schedule: ScheduleSpec): string {
  return `${schedule.start}-${schedule.stop} ${schedule.days.join(" ")}`;
}

/**
 * One developer's workspace: a private instance with code-server and Cline, reached by Session Manager only, that may read one secret,
 * its own virtual key. The home volume outlives the instance and the stack. The instance is replaced when its image or set-up changes; the size,
 * schedule and idle time change in place (a size change stops it for a minute).
 *
 * Cost: the instance while it runs, 16 GiB plus the home as gp3, and $0.40 a month for the key's secret.
 */
export class DeveloperWorkspace extends pulumi.ComponentResource {
  readonly developer: string;
  readonly instanceId: pulumi.Output<string>;

  constructor(name: string, args: DeveloperWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:workspace:DeveloperWorkspace", name, {}, opts);
    const { spec, developer, network, gateway, access, keys } = args;
    const { workspace } = developer;
    const known = names(spec.platform.organization);
    const child = { parent: this };
    const own = (purpose: string) => tags(spec, { Owner: developer.signIn, Purpose: purpose });

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: known.workspaceRole(developer.id),
        path: iamPath,
        description: `Workspace of ${developer.id}`,
        assumeRolePolicy: serviceTrust("ec2.amazonaws.com"),
        permissionsBoundary: access.workloadBoundaryArn,
        tags: own("workspace"),
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, name: "workspace", policy: planInstancePolicy(spec, developer.id) },
      child,
    );
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { name: known.workspaceRole(developer.id), path: iamPath, role: role.name, tags: own("workspace") },
      child,
    );

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: workspaceLogGroup(spec, developer.id),
        retentionInDays: spec.dataControl["workspace-logs"].retentionDays,
        kmsKeyId: keys.logs,
        tags: own("workspace-logs"),
      },
      child,
    );

    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      {
        description: `Workspace of ${developer.id}: nothing in, gateway and endpoints out`,
        vpcId: network.vpcId,
        revokeRulesOnDelete: true,
        tags: own("workspace"),
      },
      child,
    );
    const https = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443 } as const;
    const egress = (
      to: string,
      description: string,
      target: Partial<aws.vpc.SecurityGroupEgressRuleArgs>,
    ): aws.vpc.SecurityGroupEgressRule =>
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-${to}`,
        { ...https, ...target, description, tags: own("workspace") },
        child,
      );
    egress("endpoints", "AWS services through their endpoints", {
      referencedSecurityGroupId: network.endpointSecurityGroupId,
    });
    egress("s3", "S3 through its gateway endpoint", { prefixListId: network.s3PrefixListId });
    // A network of one's own reaches a shared gateway through an interface endpoint, which the first rule covers.
    if (spec.network === undefined || spec.gateway !== undefined) {
      egress("gateway", "The model gateway", { referencedSecurityGroupId: gateway.loadBalancerSecurityGroupId });
    }
    for (const source of workspace.sources) {
      const referencedSecurityGroupId = args.sources.securityGroupIds[source];
      if (referencedSecurityGroupId === undefined) throw new pulumi.ResourceError(`no endpoint for ${source}`, this);
      egress(sourceNoun(source), "Source code through its endpoint", { referencedSecurityGroupId });
    }

    const zone = pulumi.output(network.zones).apply((zones) => planZone(developer.id, zones));
    const pick = (values: pulumi.Output<string[]>) =>
      pulumi.all([values, zone]).apply(([list, index]) => {
        const value = list[index];
        if (value === undefined) throw new pulumi.ResourceError(`no subnet or zone number ${String(index)}`, this);
        return value;
      });
    const type = instanceTypes[workspace.size];
    const instance = new aws.ec2.Instance(
      `${name}-instance`,
      {
        ami: spec.images.workspaceAmi,
        instanceType: type,
        subnetId: pick(network.subnetIds),
        vpcSecurityGroupIds: [group.id],
        iamInstanceProfile: profile.name,
        associatePublicIpAddress: false,
        ebsOptimized: true,
        monitoring: false,
        instanceInitiatedShutdownBehavior: "stop",
        ...(type.startsWith("t4g.") && { creditSpecification: { cpuCredits: "standard" } }),
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "disabled",
        },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: rootGiB,
          encrypted: true,
          kmsKeyId: keys.data,
          deleteOnTermination: true,
          tags: { ...own("workspace-root"), Name: `${spec.stack}/${developer.id}` },
        },
        userData: pulumi
          .all([gateway.url, gateway.caCertificate, args.artifacts.bucket])
          .apply(([gatewayUrl, caCertificate, artifactBucket]) =>
            planUserData({
              region: spec.region,
              gatewayUrl,
              caCertificate,
              keySecret: known.virtualKey(spec.department?.name ?? spec.stack, developer.id),
              artifactBucket,
              batchBucket: batchBucketName(spec),
              batchOwner: `${spec.department?.name ?? spec.stack}/${developer.id}`,
              logGroup: workspaceLogGroup(spec, developer.id),
              sshPublicKey: developer.sshPublicKey,
            }),
          ),
        userDataReplaceOnChange: true,
        tags: {
          ...own("workspace"),
          Name: `${spec.stack}/${developer.id}`,
          IdleMinutes: String(workspace.idleMinutes),
          ...(workspace.schedule && { Schedule: scheduleTag(workspace.schedule) }),
        },
      },
      { ...child, dependsOn: [policy, logGroup] },
    );

    const home =
      developer.homeVolume ??
      new aws.ebs.Volume(
        `${name}-home`,
        {
          availabilityZone: pick(network.zones),
          type: "gp3",
          size: workspace.homeGiB,
          encrypted: true,
          kmsKeyId: keys.data,
          tags: { ...own("workspace-home"), Snapshots: snapshotTag(spec), Name: `${spec.stack}/${developer.id}/home` },
        },
        // Kept, not protected: a protected volume would make the removal of a person fail.
        { ...child, retainOnDelete: true },
      ).id;
    new aws.ec2.VolumeAttachment(
      `${name}-home-attachment`,
      { instanceId: instance.id, volumeId: home, deviceName: "/dev/sdf", stopInstanceBeforeDetaching: true },
      { ...child, deleteBeforeReplace: true },
    );

    this.developer = developer.id;
    this.instanceId = instance.id;
    this.registerOutputs({ instanceId: this.instanceId, homeVolumeId: home });
  }
}
