import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "../../policy-document";
import { accessNodePurpose } from "../../traces";
import { noDefaultUser } from "../../workspace/no-default-user";
import { after, instanceTimeouts, privateHost, useKey, type StackContext } from "../../kit";
import { authoritySecret } from "../functions";
import { hostProfile } from "../host";
import { HostGroup } from "../host-group";
import { planProxyConfig } from "../tls-proxy";
import { traceHost, type TracePlace } from "../trace-place";
import { webPort } from "./tls";

/** Arguments of {@link AccessNode}. */
export interface AccessNodeArgs {
  readonly place: Pick<TracePlace, "context" | "network" | "keys" | "access" | "images" | "certificates">;
  /** Zones that the network was made with: the node stands in the last of them. */
  readonly zones: number;
  /** Security group of Langfuse's tasks. */
  readonly langfuse: HostGroup;
  /** Port of Langfuse's web service, with TLS. */
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

/** Lets the node read what it trusts. */
const planAuthorityStatements = (context: StackContext): readonly Statement[] => [
  allow("ReadAuthority", {
    Action: "secretsmanager:GetSecretValue",
    Resource: context.arns.secret(authoritySecret(context)),
  }),
  useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
];

/** Where a lead's session ends on the node, and Langfuse's own local address: Langfuse signs in under it only. */
const localPort = webPort;

const folder = "/etc/cline/access";

/** What the node forwards to. */
export interface AccessTarget {
  /** DNS name of Langfuse's web service. */
  readonly host: string;
  readonly port: number;
  readonly region: string;
  /** Secrets Manager name of the PEM of its certificate's authority. */
  readonly authoritySecret: string;
}

/**
 * Cloud-config of a host that runs the Session Manager agent and HAProxy: what a session forwards to its loopback goes on by TLS, verified.
 * Its one step is a unit that systemd starts again until it succeeds.
 */
export function planAccessData({ host, port, region, authoritySecret }: AccessTarget): string {
  const authorities = `${folder}/authority.pem`;
  const config = planProxyConfig({ onward: [{ name: "langfuse", localPort, host, port, authorities }] });
  const unit = (...text: readonly string[]) => `${text.join("\n")}\n`;
  const file = (path: string, content: string, permissions = "0644") => ({ path, permissions, content });
  return `#cloud-config\n${JSON.stringify({
    users: noDefaultUser,
    ssh_pwauth: false,
    write_files: [
      file("/etc/sudoers.d/zz-cline", "ssm-user ALL=(ALL) !ALL\n", "0440"),
      // Fetched at each start, so that a renewed authority needs no new host.
      file(
        "/usr/local/sbin/cline-access-authority",
        unit(
          "#!/bin/bash",
          "set -euo pipefail",
          `aws secretsmanager get-secret-value --region ${region} --secret-id '${authoritySecret}' --query SecretString --output text > ${authorities}.new`,
          `mv ${authorities}.new ${authorities}`,
        ),
        "0700",
      ),
      file(`${folder}/haproxy.cfg`, config),
      file(
        "/etc/systemd/system/cline-access.service",
        unit(
          "[Unit]",
          "Description=TLS to Langfuse for forwarded ports",
          "Wants=network-online.target",
          "After=network-online.target",
          "StartLimitIntervalSec=0",
          "[Service]",
          "ExecStartPre=/usr/local/sbin/cline-access-authority",
          "ExecStartPre=/usr/bin/dnf --quiet --assumeyes install haproxy",
          `ExecStart=/usr/sbin/haproxy -db -f ${folder}/haproxy.cfg`,
          "Restart=always",
          "RestartSec=30",
          "TimeoutStartSec=600",
          "[Install]",
          "WantedBy=multi-user.target",
        ),
      ),
    ],
    runcmd: [
      ["systemctl", "disable", "--now", "sshd"],
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "--no-block", "cline-access.service"],
    ],
  })}\n`;
}

/** A session document that forwards a local port to one fixed port of the node's loopback. */
const planDocument = (): string =>
  JSON.stringify({
    schemaVersion: "1.0",
    description: "Forwards a local port to Langfuse",
    sessionType: "Port",
    parameters: {
      localPortNumber: {
        type: "String",
        description: "Port on your own machine; Langfuse signs you in on 3000 only",
        allowedPattern: "^([0-9]|[1-9][0-9]{1,4})$",
        default: String(localPort),
      },
    },
    properties: {
      portNumber: String(localPort),
      type: "LocalPortForwarding",
      localPortNumber: "{{ localPortNumber }}",
    },
  });

/**
 * How people see Langfuse: a host in the network that opens verified TLS to Langfuse and nothing else, and a session document that forwards a
 * local port to that host's end of it. The session asks for MFA as any other.
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
    langfuse.admit({ "access-node": { securityGroupId: group.id, port } });
    group.reach({ langfuse: { securityGroupId: after(langfuse.id, langfuse.rules), port } });
    const host = hostProfile(
      name,
      {
        context,
        purpose,
        description: "Host that forwards to Langfuse",
        access,
        statements: [agentStatement, ...planAuthorityStatements(context)],
      },
      child,
    );
    this.#instance(name, args, { ...host, group });
    new aws.ssm.Document(
      `${name}-document`,
      {
        name: context.names.sessionDocument("langfuse"),
        documentType: "Session",
        documentFormat: "JSON",
        content: planDocument(),
        tags: context.tags({ Purpose: purpose }),
      },
      child,
    );
    this.registerOutputs({});
  }

  #instance(
    name: string,
    { place, port, zones }: AccessNodeArgs,
    { profile, policies, group }: ReturnType<typeof hostProfile> & { readonly group: HostGroup },
  ): void {
    const { context, network, keys, images, certificates } = place;
    const tags = context.tags({ Purpose: accessNodePurpose });
    new aws.ec2.Instance(
      `${name}-instance`,
      {
        ami: images.workspaceAmi,
        instanceType: "t4g.nano",
        subnetId: network.subnetIds.apply((ids) => ids[zones - 1] ?? ""),
        vpcSecurityGroupIds: [group.id],
        iamInstanceProfile: profile.name,
        ...privateHost(keys, 8, tags),
        creditSpecification: { cpuCredits: "standard" },
        userData: planAccessData({
          host: traceHost(context, "langfuse"),
          port,
          region: context.region,
          authoritySecret: authoritySecret(context),
        }),
        userDataReplaceOnChange: true,
        tags: { ...tags, Name: `${context.stack}/${accessNodePurpose}` },
      },
      { parent: this, dependsOn: [...policies, ...group.rules, certificates], customTimeouts: instanceTimeouts },
    );
  }
}
