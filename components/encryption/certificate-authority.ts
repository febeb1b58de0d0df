import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AuthorityPurpose, StackContext } from "../kit";
import { allow, document, type Statement } from "../policy-document";

/** Arguments of {@link certificateAuthority}. */
export interface CertificateAuthorityArgs {
  readonly context: StackContext;
  /** DNS name that the authority vouches for, with the names below it. */
  readonly domain: string;
  /** Purpose in the key's alias, by which its issuer signs. */
  readonly alias: AuthorityPurpose;
  /** Name of the one role that signs. */
  readonly signerRole: string;
}

/**
 * A private certificate authority: a signing key that never leaves KMS, under an alias. Its issuer's role signs with it and nobody else does.
 *
 * Cost: $1 a month (AWS Private CA would be $400).
 */
export function certificateAuthority(
  name: string,
  { context, domain, alias, signerRole }: CertificateAuthorityArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Alias {
  const authority = new aws.kms.Key(
    `${name}-authority`,
    {
      description: `Certificate authority of ${domain}`,
      keyUsage: "SIGN_VERIFY",
      customerMasterKeySpec: "ECC_NIST_P256",
      deletionWindowInDays: 30,
      policy: authorityPolicy(context, signerRole),
      tags: context.tags({ Purpose: alias }),
    },
    opts,
  );
  return new aws.kms.Alias(
    `${name}-authority-alias`,
    { name: context.names.keyAlias(alias), targetKeyId: authority.keyId },
    opts,
  );
}

/** Lets an issuer sign as the authority of this alias. */
export const signAsAuthority = ({ arns, names }: StackContext, alias: AuthorityPurpose): Statement =>
  allow("SignAsAuthority", {
    Action: ["kms:Sign", "kms:GetPublicKey"],
    Resource: arns.regional("kms", "key/*"),
    Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": names.keyAlias(alias) } },
  });

/** The account manages the key; only the issuer's role signs with it, root does not. */
function authorityPolicy({ arns }: StackContext, signerRole: string): string {
  return document(
    allow("AccountManagesTheKey", {
      Principal: { AWS: arns.root },
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
      Principal: { AWS: arns.root },
      Action: "kms:Sign",
      Resource: "*",
      Condition: { ArnEquals: { "aws:PrincipalArn": arns.role(signerRole) } },
    }),
  );
}
