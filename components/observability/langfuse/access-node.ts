import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { iamPath, names, tags, tracesZone, type StackSpec } from "../../../config";
import type { AccessFacts, KeyFacts, NetworkFacts } from "../../facts";
import { allow, document, serviceTrust } from "../../policy-document";
import { HostGroup } from "../host-group";
import { noDefaultUser } from "../../workspace/no-default-user";

/** Tag `Purpose` of the access node: a lead's role may open sessions to instances that carry it, with {@link langfuseDocument} only. */
export const accessNodePurpose = "langfuse-access";

/** Name of the session document that forwards Langfuse's port, and nothing else. */
export const langfuseDocument = (spec: StackSpec): string =>
  names(spec.platform.organization).sessionDocument(spec.stack, "langfuse");

/** Arguments of {@link AccessNode}. */
export interface AccessNodeArgs {
  readonly spec: StackSpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly langfuse: HostGroup;
  readonly port: number;
}

/**
 * How people see Langfuse: a small host in the network with nothing on it, and a session document that forwards a local port through it to
 * Langfuse, fixed to that host and port. The session asks for MFA as any other.
 *
 * Cost: a t4g.nano, about $4 a month in Tokyo.
 */
export class AccessNode extends pulumi.ComponentResource {
  constructor(name: string, args: AccessNodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:AccessNode", name, {}, opts);
    const { spec, network, keys, langfuse, port } = args;
    const known = names(spec.platform.organization);
    const child = { parent: this };
    const purpose = accessNodePurpose;
    const tagged = { tags: tags(spec, { Purpose: purpose }) };

    const group = new HostGroup(name, { spec, purpose, network }, child);
    group.reach("langfuse", port, { referencedSecurityGroupId: langfuse.id });
    langfuse.admit("access-node", port, group.id);

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: known.role(spec.stack, purpose),
        path: iamPath,
        description: "Host that forwards to Langfuse",
        assumeRolePolicy: serviceTrust("ec2.amazonaws.com"),
        permissionsBoundary: args.access.workloadBoundaryArn,
        ...tagged,
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: document(
          allow("SessionManagerAgent", {
            Action: [
              "ssm:UpdateInstanceInformation",
              "ssmmessages:CreateControlChannel",
              "ssmmessages:CreateDataChannel",
              "ssmmessages:OpenControlChannel",
              "ssmmessages:OpenDataChannel",
            ],
            Resource: "*",
          }),
        ),
      },
      child,
    );
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { name: known.role(spec.stack, purpose), path: iamPath, role: role.name, ...tagged },
      child,
    );
    new aws.ec2.Instance(
      `${name}-instance`,
      {
        ami: spec.images.workspaceAmi,
        instanceType: "t4g.nano",
        subnetId: network.subnetIds.apply((ids) => ids.at(-1) ?? ""),
        vpcSecurityGroupIds: [group.id],
        iamInstanceProfile: profile.name,
        associatePublicIpAddress: false,
        ebsOptimized: true,
        monitoring: false,
        creditSpecification: { cpuCredits: "standard" },
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "disabled",
        },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: 8,
          encrypted: true,
          kmsKeyId: keys.data,
          deleteOnTermination: true,
          ...tagged,
        },
        userData: `#cloud-config\n${JSON.stringify({
          users: noDefaultUser,
          ssh_pwauth: false,
          write_files: [{ path: "/etc/sudoers.d/zz-cline", permissions: "0440", content: "ssm-user ALL=(ALL) !ALL\n" }],
          runcmd: [["systemctl", "disable", "--now", "sshd"]],
        })}\n`,
        userDataReplaceOnChange: true,
        tags: { ...tagged.tags, Name: `${spec.stack}/${purpose}` },
      },
      { ...child, dependsOn: policy },
    );
    new aws.ssm.Document(
      `${name}-document`,
      {
        name: langfuseDocument(spec),
        documentType: "Session",
        documentFormat: "JSON",
        content: JSON.stringify({
          schemaVersion: "1.0",
          description: "Forwards a local port to Langfuse",
          sessionType: "Port",
          parameters: {
            localPortNumber: {
              type: "String",
              description: "Port on your own machine; Langfuse signs you in on 3000 only",
              allowedPattern: "^([0-9]|[1-9][0-9]{1,4})$",
              default: String(port),
            },
          },
          properties: {
            portNumber: String(port),
            host: `langfuse.${tracesZone(spec.stack, spec.platform.organization)}`,
            type: "LocalPortForwarding",
            localPortNumber: "{{ localPortNumber }}",
          },
        }),
        ...tagged,
      },
      child,
    );
    this.registerOutputs({});
  }
}
