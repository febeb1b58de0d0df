import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tracesZone } from "../../config";
import { certificateAuthority } from "../encryption";
import { after, waitFor } from "../kit";
import { secretKey } from "../secret";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { authoritySecret, certificateSecret, traceCertificates, traceServers, type TraceServer } from "./functions";
import { traceHost, type Certificates, type TracePlace } from "./trace-place";

/** Arguments of {@link TraceCertificates}. */
export interface TraceCertificatesArgs {
  readonly place: Omit<TracePlace, "certificates">;
}

const servers = Object.keys(traceServers) as TraceServer[];

/**
 * The trace store's private authority and the certificates of its servers. The authority's key never leaves KMS, and it vouches for names of
 * the traces zone only. A function makes each server's key and certificate, keeps them in a secret of that server, renews them after 45 of
 * their 90 days and rolls the services that read them at their start.
 *
 * Cost: a KMS key and four secrets, about $2.60 a month.
 */
export class TraceCertificates extends pulumi.ComponentResource implements Certificates {
  readonly authority: pulumi.Output<string>;
  readonly #secrets: Readonly<Record<TraceServer | "authority", pulumi.Output<string>>>;

  constructor(name: string, { place }: TraceCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:TraceCertificates", name, {}, opts);
    const { context, access, keys } = place;
    const plan = traceCertificates(context);
    const child = { parent: this };
    const alias = certificateAuthority(
      name,
      {
        context,
        domain: tracesZone(context.stack, context.organization),
        alias: "traces-authority",
        signerRole: context.names.role(plan.purpose),
      },
      child,
    );
    const secrets = Object.fromEntries(
      [...servers, "authority" as const].map((server) => [server, this.#secret(name, place, server)]),
    ) as Record<TraceServer | "authority", aws.secretsmanager.Secret>;
    const issuer = this.#issuer(name, place);
    const issued = new aws.lambda.Invocation(
      `${name}-issued`,
      {
        functionName: issuer.functionName,
        input: "{}",
        triggers: { servers: JSON.stringify(servers), authority: secrets.authority.arn },
      },
      { ...child, dependsOn: [issuer, alias, ...Object.values(secrets), ...waitFor(keys)] },
    );
    new FunctionSchedule(
      `${name}-renewal`,
      // The clock's runs find what the first run made.
      { context, purpose: plan.purpose, ...plan.schedule, functionArn: after(issuer.arn, [issued]), access, keys },
      child,
    );

    this.authority = issued.result.apply((text) => (JSON.parse(text) as { authority: string }).authority);
    const ready = ({ arn }: aws.secretsmanager.Secret) => pulumi.all([arn, issued.id]).apply(([known]) => known);
    this.#secrets = {
      langfuse: ready(secrets.langfuse),
      collector: ready(secrets.collector),
      clickhouse: ready(secrets.clickhouse),
      authority: ready(secrets.authority),
    };
    this.registerOutputs({ authority: this.authority });
  }

  get authoritySecret(): pulumi.Output<string> {
    return this.#secrets.authority;
  }

  field(server: TraceServer, field: "certificate" | "privateKey" | "bundle"): pulumi.Output<string> {
    return secretKey(this.#secrets[server], field);
  }

  #secret(
    name: string,
    { context, keys }: TraceCertificatesArgs["place"],
    server: TraceServer | "authority",
  ): aws.secretsmanager.Secret {
    const trust = server === "authority";
    return new aws.secretsmanager.Secret(
      `${name}-${server}`,
      {
        name: trust ? authoritySecret(context) : certificateSecret(context, server),
        description: trust
          ? "What the trace store's clients trust: written by its issuer"
          : `Key and certificate of ${server}: written by their issuer`,
        kmsKeyId: keys.secrets,
        recoveryWindowInDays: 0,
        tags: context.tags({ Purpose: trust ? "traces-authority" : `${server}-certificate` }),
      },
      { parent: this },
    );
  }

  #issuer(name: string, place: TraceCertificatesArgs["place"]): LambdaFunction {
    const { context, access, keys, network, alarmTopicArn, clusterName } = place;
    const list = servers.map((server) => ({
      host: traceHost(context, server),
      secret: certificateSecret(context, server),
      ...(traceServers[server].restarts && { service: context.names.service(server) }),
    }));
    return new LambdaFunction(
      `${name}-issuer`,
      {
        context,
        ...traceCertificates(context),
        access,
        keys,
        network,
        environment: {
          AUTHORITY_KEY: context.names.keyAlias("traces-authority"),
          TRUST_ID: authoritySecret(context),
          CLUSTER: clusterName,
          DOMAIN: tracesZone(context.stack, context.organization),
          SERVERS: JSON.stringify(list),
        },
        alarmTopicArn,
      },
      { parent: this },
    );
  }
}
