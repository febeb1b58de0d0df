import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, names, tags, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, KeyFacts, ObservabilityFacts } from "../facts";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { allow, document } from "../policy-document";
import { authorityAlias, certificateIssuer } from "./functions";

/** Arguments of {@link GatewayCertificate}. */
export interface GatewayCertificateArgs {
  readonly spec: StackSpec;
  readonly host: string;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly observability: ObservabilityFacts;
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
    const made = args.spec.platform.domain === undefined ? this.#private(name, args) : this.#public(name, args);
    this.arn = made.arn;
    this.caCertificate = made.caCertificate;
    this.registerOutputs({ arn: this.arn });
  }

  #public(name: string, { spec, host }: GatewayCertificateArgs) {
    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName: host,
        validationMethod: "DNS",
        keyAlgorithm: "EC_prime256v1",
        options: { certificateTransparencyLoggingPreference: "ENABLED" },
        tags: tags(spec, { Purpose: "gateway" }),
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

  #private(name: string, { spec, host, keys, access, observability }: GatewayCertificateArgs) {
    const known = names(spec.platform.organization);
    const plan = certificateIssuer(spec);
    const alias = authorityAlias(spec);
    const signer = known.role(spec.stack, plan.purpose);
    const child = { parent: this };

    const authority = new aws.kms.Key(
      `${name}-authority`,
      {
        description: `Certificate authority of ${host}`,
        keyUsage: "SIGN_VERIFY",
        customerMasterKeySpec: "ECC_NIST_P256",
        deletionWindowInDays: 30,
        policy: authorityPolicy(spec, signer),
        tags: tags(spec, { Purpose: "certificate-authority" }),
      },
      child,
    );
    const named = new aws.kms.Alias(`${name}-authority-alias`, { name: alias, targetKeyId: authority.keyId }, child);
    const issuer = new LambdaFunction(
      `${name}-issuer`,
      {
        context: contextOf(spec),
        ...plan,
        access,
        keys,
        environment: {
          AUTHORITY_KEY: alias,
          CERTIFICATE_HOST: host,
          CERTIFICATE_TAGS: JSON.stringify(tags(spec, { Purpose: "gateway" })),
        },
        alarmTopicArn: observability.alarmTopicArn,
      },
      child,
    );
    const issued = new aws.lambda.Invocation(
      `${name}-issued`,
      {
        functionName: issuer.functionName,
        input: JSON.stringify({ host }),
        triggers: { host },
        lifecycleScope: "CRUD",
      },
      { ...child, dependsOn: [issuer, named] },
    );
    new FunctionSchedule(
      `${name}-renewal`,
      { context: contextOf(spec), purpose: plan.purpose, ...plan.schedule, functionArn: issuer.arn, access, keys },
      child,
    );
    const result = issued.result.apply((text) => JSON.parse(text) as { certificateArn: string; caCertificate: string });
    return {
      arn: result.apply(({ certificateArn }) => certificateArn),
      caCertificate: result.apply(({ caCertificate }): string | undefined => caCertificate),
    };
  }
}

/** The account manages the key; only the certificate function's role signs with it, root does not. */
function authorityPolicy(spec: StackSpec, signerRole: string): string {
  return document(
    allow("AccountManagesTheKey", {
      Principal: { AWS: arns(spec).root },
      Action: [
        "kms:CancelKeyDeletion",
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:Describe*",
        "kms:Get*",
        "kms:List*",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
      ],
      Resource: "*",
    }),
    allow("OnlyTheIssuerSigns", {
      Principal: { AWS: arns(spec).root },
      Action: "kms:Sign",
      Resource: "*",
      Condition: { ArnEquals: { "aws:PrincipalArn": arns(spec).role(signerRole) } },
    }),
  );
}
