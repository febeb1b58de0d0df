import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { iamPath, type DeveloperSpec, type GatewayRoute, type ScheduleSpec } from "../../config";
import type { AccessFacts, ArtifactFacts, GatewayFacts, KeyFacts, NetworkFacts } from "../facts";
import {
  awsServices,
  boundedRole,
  logGroup,
  privateHost,
  reach,
  securityGroup,
  waitFor,
  type Reach,
  type StackContext,
  detachTimeouts,
  instanceTimeouts,
} from "../kit";
import { idleSeconds } from "../gateway/load-balancer";
import { sourceNoun } from "../network/source-endpoints";
import { serviceTrust } from "../policy-document";
import { planInstanceStatements, workspaceLogGroup, type WorkspaceBatches } from "./instance-policy";
import { planZone } from "./placement";
import { setUp } from "./set-up";
import { instanceTypes } from "./sizes";
import { snapshotTag } from "./snapshots";
import { planUserData } from "./user-data";

/** Arguments of {@link DeveloperWorkspace}. */
export interface DeveloperWorkspaceArgs {
  /** The department's stack: its name is part of the virtual key's name. */
  readonly context: StackContext;
  /**
   * Id, sign-in name, machine, and the developer's adopted resources. A change of id creates
   * another workspace.
   */
  readonly developer: Pick<DeveloperSpec, "id" | "signIn" | "workspace" | "sshPublicKey" | "homeVolume">;
  /** Routes of the gateway that clients here may use. A change replaces the instance; the home stays. */
  readonly routes: readonly GatewayRoute[];
  /** AMI id of Amazon Linux 2023 for arm64. A change replaces the instance; the home stays. */
  readonly imageId: string;
  readonly network: NetworkFacts;
  /** The number of the network's first zones that homes stand in, 2 or 3; never changes. */
  readonly homeZones: number;
  readonly gateway: Pick<GatewayFacts, "host" | "caCertificate" | "loadBalancerSecurityGroupId">;
  /**
   * False where the network reaches the gateway through an interface endpoint; default true, by the
   * load balancer's group.
   */
  readonly gatewayInNetwork?: boolean;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn" | "sessionLogGroupName" | "sessionLogBucket">;
  readonly artifacts: Pick<ArtifactFacts, "bucket">;
  readonly keys: Pick<KeyFacts, "data" | "logs" | "usable">;
  /** The stack with the session logs and artifacts; default this one. */
  readonly foundation?: StackContext;
  /** The stack whose daily snapshots keep the home; default this one. */
  readonly snapshots?: StackContext;
  readonly batches: WorkspaceBatches;
  /** Secrets Manager name of the developer's virtual key. */
  readonly keySecret: pulumi.Input<string>;
  /** Key of the set-up among the artifacts; known when it is stored. */
  readonly setUpKey: pulumi.Input<string>;
}

/**
 * Size of the root volume in GiB: the system and the developer's installations outside the home. It
 * is deleted with the instance.
 */
const rootGiB = 16;

/** A schedule as a tag's value (EC2 takes no comma): `08:00-20:00 mon tue wed thu fri`. */
export function scheduleTag(schedule: ScheduleSpec): string {
  return `${schedule.start}-${schedule.stop} ${schedule.days.join(" ")}`;
}

/** The home volume and its zone. */
interface Home {
  readonly volumeId: pulumi.Input<string>;
  readonly zone: pulumi.Output<string>;
}

/** Instance profile, security group, zone and dependencies of the instance. */
interface Surroundings {
  readonly profile: aws.iam.InstanceProfile;
  readonly groupId: pulumi.Input<string>;
  readonly zone: pulumi.Output<string>;
  readonly dependsOn: pulumi.Resource[];
}

/**
 * One developer's workspace: a private instance with code-server and Cline, reached by Session
 * Manager only. It may read one secret, its own virtual key. The home volume outlives the instance
 * and the stack. A change of image or set-up replaces the instance; size, schedule and idle time
 * change in place (a size change stops it for a minute).
 *
 * Cost: the instance while it runs, 16 GiB plus the home as gp3, and $0.40 a month for the key's
 * secret.
 */
export class DeveloperWorkspace extends pulumi.ComponentResource {
  readonly developer: string;
  readonly instanceId: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: DeveloperWorkspaceArgs;

  constructor(name: string, args: DeveloperWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:workspace:DeveloperWorkspace", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const { profile, policies } = this.#identity();
    const logs = this.#logs();
    const { groupId, rules } = this.#wayOut();
    const home = this.#home();
    const dependsOn = [...policies, logs, ...rules, ...waitFor(args.keys)];
    const instance = this.#instance({ profile, groupId, zone: home.zone, dependsOn });
    this.#attach(home, instance);

    this.developer = args.developer.id;
    this.instanceId = instance.id;
    this.registerOutputs({ instanceId: this.instanceId, homeVolumeId: home.volumeId });
  }

  /** Tags of the developer's own: session permissions compare `Owner` with the caller. */
  #tags(purpose: string): Record<string, string> {
    const { context, developer } = this.#args;
    return context.tags({ Owner: developer.signIn, Purpose: purpose });
  }

  #identity() {
    const { context, developer, access, foundation = context, batches } = this.#args;
    const roleName = context.names.workspaceRole(developer.id);
    const tags = this.#tags("workspace");
    const { role, policies } = boundedRole(
      `${this.#name}-role`,
      {
        roleName,
        description: `Workspace of ${developer.id}`,
        trust: serviceTrust("ec2.amazonaws.com"),
        boundaryArn: access.workloadBoundaryArn,
        policyName: "workspace",
        statements: planInstanceStatements({ context, developer: developer.id, foundation, batches }),
        tags,
      },
      { parent: this },
    );
    const profile = new aws.iam.InstanceProfile(
      `${this.#name}-profile`,
      { name: roleName, path: iamPath, role: role.name, tags },
      { parent: this },
    );
    return { profile, policies };
  }

  #logs(): aws.cloudwatch.LogGroup {
    const { context, developer, keys } = this.#args;
    const groupName = workspaceLogGroup(context, developer.id);
    return logGroup(
      `${this.#name}-logs`,
      { context, groupName, keys, retention: "workspace-logs", tags: this.#tags("workspace-logs") },
      { parent: this },
    );
  }

  /**
   * The security group: no ingress; egress to AWS's services, the gateway and the declared sources.
   */
  #wayOut() {
    const { developer, network, gateway, gatewayInNetwork = true } = this.#args;
    const tags = this.#tags("workspace");
    const description = `Workspace of ${developer.id}: nothing in, gateway and endpoints out`;
    const group = securityGroup(`${this.#name}-group`, { network, description, tags }, { parent: this });
    const { endpoints, s3 } = awsServices(network);
    const places: Record<string, Reach> = {
      endpoints: { ...endpoints, description: "AWS services through their endpoints" },
      s3: { ...s3, description: "S3 through its gateway endpoint" },
      ...(gatewayInNetwork && {
        gateway: {
          securityGroupId: gateway.loadBalancerSecurityGroupId,
          port: 443,
          description: "The model gateway",
        },
      }),
      ...Object.fromEntries(developer.workspace.sources.map((source) => [sourceNoun(source), this.#source(source)])),
    };
    const rules = reach(this.#name, { securityGroupId: group.id, label: "Workspace", tags }, places, { parent: this });
    return { groupId: group.id, rules };
  }

  #source(source: string): Reach {
    const securityGroupId = this.#args.network.sourceGroupIds.apply((groups) => {
      const group = groups[source];
      if (group !== undefined) return group;
      throw new pulumi.ResourceError(
        `the network has no endpoint for ${source} yet; run the network's stack first`,
        this,
      );
    });
    return { securityGroupId, port: 443, description: "Source code through its endpoint" };
  }

  /** The zone that the developer's home is made in. */
  #zone(): pulumi.Output<string> {
    const { developer, network, homeZones } = this.#args;
    return network.zones.apply((zones) => {
      const made = zones.slice(0, homeZones);
      const zone = made[planZone(developer.id, made)];
      if (zone === undefined) throw new pulumi.ResourceError("the network has no zones", this);
      return zone;
    });
  }

  /** The network's subnet in a zone. */
  #subnet(zone: pulumi.Output<string>): pulumi.Output<string> {
    const { subnetIds, zones } = this.#args.network;
    return pulumi.all([subnetIds, zones, zone]).apply(([ids, names, home]) => {
      const id = ids[names.indexOf(home)];
      if (id === undefined)
        throw new pulumi.ResourceError(`the network has no subnet in ${home}, the home's zone`, this);
      return id;
    });
  }

  #instance({ profile, groupId, zone, dependsOn }: Surroundings): aws.ec2.Instance {
    const { context, developer, imageId, keys, access } = this.#args;
    const { workspace } = developer;
    const instanceType = instanceTypes[workspace.size];
    const Name = `${context.stack}/${developer.id}`;
    return new aws.ec2.Instance(
      `${this.#name}-instance`,
      {
        ami: imageId,
        instanceType,
        subnetId: this.#subnet(zone),
        vpcSecurityGroupIds: [groupId],
        // After the session logs, which the agent writes to.
        iamInstanceProfile: pulumi
          .all([profile.name, access.sessionLogGroupName, access.sessionLogBucket])
          .apply(([profileName]) => profileName),
        ...privateHost(keys, rootGiB, { ...this.#tags("workspace-root"), Name }),
        instanceInitiatedShutdownBehavior: "stop",
        ...(instanceType.startsWith("t4g.") && { creditSpecification: { cpuCredits: "standard" } }),
        userData: this.#userData(),
        userDataReplaceOnChange: true,
        tags: {
          ...this.#tags("workspace"),
          Name,
          IdleMinutes: String(workspace.idleMinutes),
          ...(workspace.schedule && { Schedule: scheduleTag(workspace.schedule) }),
        },
      },
      { parent: this, dependsOn, customTimeouts: instanceTimeouts },
    );
  }

  #userData(): pulumi.Output<string> {
    const { context, developer, routes, gateway, artifacts, batches } = this.#args;
    return pulumi
      .all([gateway.host, gateway.caCertificate, artifacts.bucket, this.#args.keySecret, this.#args.setUpKey])
      .apply(([gatewayHost, caCertificate, artifactBucket, keySecret, key]) =>
        planUserData({
          region: context.region,
          department: context.stack,
          gatewayHost,
          routes,
          idleSeconds,
          setUp: { key, sha256: setUp.sha256 },
          caCertificate,
          keySecret,
          artifactBucket,
          batchBucket: batches.bucketName,
          batchOwner: `${context.stack}/${developer.id}`,
          logGroup: workspaceLogGroup(context, developer.id),
          sshPublicKey: developer.sshPublicKey,
        }),
      );
  }

  /** The home: an adopted volume, or a new one. */
  #home(): Home {
    const { context, developer, keys, snapshots = context } = this.#args;
    const zone = this.#zone();
    if (developer.homeVolume !== undefined) return { volumeId: developer.homeVolume, zone };
    const volume = new aws.ebs.Volume(
      `${this.#name}-home`,
      {
        availabilityZone: zone,
        type: "gp3",
        size: developer.workspace.homeGiB,
        encrypted: true,
        kmsKeyId: keys.data,
        tags: {
          ...this.#tags("workspace-home"),
          Snapshots: snapshotTag(snapshots),
          Name: `${context.stack}/${developer.id}/home`,
        },
      },
      // Retained, not protected: a protected volume would make the removal of a developer fail. A
      // home stays in the zone that it was made in, and the instance follows it there.
      { parent: this, retainOnDelete: true, ignoreChanges: ["availabilityZone"] },
    );
    return { volumeId: volume.id, zone: volume.availabilityZone };
  }

  #attach({ volumeId }: Home, instance: aws.ec2.Instance): void {
    new aws.ec2.VolumeAttachment(
      `${this.#name}-home-attachment`,
      { instanceId: instance.id, volumeId, deviceName: "/dev/sdf", stopInstanceBeforeDetaching: true },
      { parent: this, deleteBeforeReplace: true, customTimeouts: detachTimeouts },
    );
  }
}
