import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { certificateAuthority } from "../encryption";
import type { AccessFacts, KeyFacts, ObservabilityFacts } from "../facts";
import { after, type StackContext } from "../kit";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { authorityAlias, certificateIssuer } from "./functions";

/** Arguments of {@link GatewayCertificate}. */
export interface GatewayCertificateArgs {
  readonly context: StackContext;
  /** DNS name that the certificate is for. */
  readonly host: string;
  /** True for a certificate of ACM, where `host` stands under a public domain; default a private one. */
  readonly publicCertificate?: boolean;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly observability: Pick<ObservabilityFacts, "alarmTopicArn">;
}

/**
 * The load balancer's certificate. With a domain: a public one that ACM renews; its DNS validation record goes into the domain's public zone
 * once, and the first `up` waits for it. Without: a private one. Its authority is a KMS key that never leaves KMS and that only the
 * certificate function may sign with; the function makes a new server key every month and hands it to ACM, nothing keeps it.
 *
 * Cost: a KMS key, $1 a month, without a domain (a private CA would be $400); nothing with one.
 */
export class GatewayCertificate extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** PEM of the authority that workspaces and functions trust; undefined with a public certificate. */
  readonly caCertificate: pulumi.Output<string | undefined>;

  constructor(name: string, args: GatewayCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayCertificate", name, {}, opts);
    const made = args.publicCertificate ? this.#public(name, args) : this.#private(name, args);
    this.arn = made.arn;
    this.caCertificate = made.caCertificate;
    this.registerOutputs({ arn: this.arn });
  }

  #public(name: string, { context, host }: GatewayCertificateArgs) {
    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName: host,
        validationMethod: "DNS",
        keyAlgorithm: "EC_prime256v1",
        options: { certificateTransparencyLoggingPreference: "ENABLED" },
        tags: context.tags({ Purpose: "gateway" }),
      },
      { parent: this },
    );
    const validated = new aws.acm.CertificateValidation(
      `${name}-validated`,
      { certificateArn: certificate.arn },
      { parent: this },
    );
    return { arn: validated.certificateArn, caCertificate: pulumi.output<string | undefined>(undefined) };
  }

  #private(name: string, args: GatewayCertificateArgs) {
    const { context, host, access, keys } = args;
    const plan = certificateIssuer(context, host);
    const alias = certificateAuthority(
      name,
      { context, domain: host, alias: "certificate-authority", signerRole: context.names.role(plan.purpose) },
      { parent: this },
    );
    const issuer = new LambdaFunction(
      `${name}-issuer`,
      {
        context,
        ...plan,
        access,
        keys,
        environment: {
          AUTHORITY_KEY: authorityAlias(context),
          CERTIFICATE_HOST: host,
          CERTIFICATE_TAGS: JSON.stringify(context.tags({ Purpose: "gateway" })),
        },
        alarmTopicArn: args.observability.alarmTopicArn,
      },
      { parent: this },
    );
    const issued = new aws.lambda.Invocation(
      `${name}-issued`,
      {
        functionName: issuer.functionName,
        input: JSON.stringify({ host }),
        triggers: { host },
        lifecycleScope: "CRUD",
      },
      { parent: this, dependsOn: [issuer, alias] },
    );
    new FunctionSchedule(
      `${name}-renewal`,
      { context, purpose: plan.purpose, ...plan.schedule, functionArn: after(issuer.arn, [alias]), access, keys },
      { parent: this },
    );
    const result = issued.result.apply((text) => JSON.parse(text) as { certificateArn: string; caCertificate: string });
    return {
      arn: result.apply(({ certificateArn }) => certificateArn),
      caCertificate: result.apply(({ caCertificate }): string | undefined => caCertificate),
    };
  }
}
