import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "../../policy-document";
import { noDefaultUser } from "../../workspace/no-default-user";
import { privateHost } from "../../kit";
import { hostProfile } from "../host";
import { HostGroup } from "../host-group";
import { traceHost, type TracePlace } from "../trace-place";

/** Tag `Purpose` of the access node: a lead's role opens sessions to instances that carry it, with Langfuse's session document only. */
export const accessNodePurpose = "langfuse-access";

/** Arguments of {@link AccessNode}. */
export interface AccessNodeArgs {
  readonly place: Pick<TracePlace, "context" | "network" | "keys" | "access" | "images">;
  /** Security group of Langfuse's tasks. */
  readonly langfuse: HostGroup;
  /** Port of Langfuse's web service. */
  readonly port: number;
}

/** What the Session Manager agent calls. */
const agentStatement: Statement = allow("SessionManagerAgent", {
  Action: [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  Resource: "*",
});

/** Cloud-config of a host that runs nothing but the Session Manager agent. */
const userData = `#cloud-config\n${JSON.stringify({
  users: noDefaultUser,
  ssh_pwauth: false,
  write_files: [{ path: "/etc/sudoers.d/zz-cline", permissions: "0440", content: "ssm-user ALL=(ALL) !ALL\n" }],
  runcmd: [["systemctl", "disable", "--now", "sshd"]],
})}\n`;

/** A session document that forwards a local port to one host and port, both fixed. */
const planDocument = (host: string, port: number): string =>
  JSON.stringify({
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
      host,
      type: "LocalPortForwarding",
      localPortNumber: "{{ localPortNumber }}",
    },
  });

/**
 * How people see Langfuse: an empty host in the network, and a session document that forwards a local port through it to Langfuse, fixed to
 * that host and port. The session asks for MFA as any other.
 *
 * Cost: a t4g.nano, about $4 a month in Tokyo.
 */
export class AccessNode extends pulumi.ComponentResource {
  constructor(name: string, args: AccessNodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:AccessNode", name, {}, opts);
    const { place, langfuse, port } = args;
    const { context, network, access } = place;
    const child = { parent: this };
    const purpose = accessNodePurpose;

    const group = new HostGroup(name, { context, purpose, network }, child);
    group.reach({ langfuse: { securityGroupId: langfuse.id, port } });
    langfuse.admit({ "access-node": { securityGroupId: group.id, port } });
    const host = hostProfile(
      name,
      { context, purpose, description: "Host that forwards to Langfuse", access, statements: [agentStatement] },
      child,
    );
    this.#instance(name, place, { ...host, group });
    new aws.ssm.Document(
      `${name}-document`,
      {
        name: context.names.sessionDocument("langfuse"),
        documentType: "Session",
        documentFormat: "JSON",
        content: planDocument(traceHost(context, "langfuse"), port),
        tags: context.tags({ Purpose: purpose }),
      },
      child,
    );
    this.registerOutputs({});
  }

  #instance(
    name: string,
    { context, network, keys, images }: AccessNodeArgs["place"],
    { profile, policies, group }: ReturnType<typeof hostProfile> & { readonly group: HostGroup },
  ): void {
    const tags = context.tags({ Purpose: accessNodePurpose });
    new aws.ec2.Instance(
      `${name}-instance`,
      {
        ami: images.workspaceAmi,
        instanceType: "t4g.nano",
        subnetId: network.subnetIds.apply((ids) => ids.at(-1) ?? ""),
        vpcSecurityGroupIds: [group.id],
        iamInstanceProfile: profile.name,
        ...privateHost(keys, 8, tags),
        creditSpecification: { cpuCredits: "standard" },
        userData,
        userDataReplaceOnChange: true,
        tags: { ...tags, Name: `${context.stack}/${accessNodePurpose}` },
      },
      { parent: this, dependsOn: policies },
    );
  }
}
