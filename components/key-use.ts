import { arns, names, type StackSpec } from "../config";
import { allow, type Statement } from "./policy-document";

/** Arguments of {@link useKey}. */
export interface KeyUse {
  /** The key's purpose: `data`, `logs` or `secrets`. */
  readonly purpose: string;
  /** The service that calls KMS for the role, e.g. `secretsmanager`; absent: the role calls KMS itself. */
  readonly via?: string;
  /** Default: kms:Decrypt and kms:GenerateDataKey. */
  readonly actions?: readonly string[];
  /** The stack whose key it is; default this one. `*` for every stack of the organization. */
  readonly stack?: string;
}

/**
 * Lets a role use a key. A key's ARN is decided by AWS, so the key is named by its alias, which preview can read; the account's root
 * delegation in the key's own policy makes this statement count.
 */
export function useKey(spec: StackSpec, use: KeyUse): Statement {
  const { purpose, via, actions = ["kms:Decrypt", "kms:GenerateDataKey"], stack = spec.stack } = use;
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const alias = names(spec.platform.organization).keyAlias(stack, purpose);
  return allow(`Use${capital(purpose)}Key${via === undefined ? "" : `Through${capital(via)}`}`, {
    Action: actions,
    Resource: arns(spec).regional("kms", "key/*"),
    Condition: {
      [stack.includes("*") ? "ForAnyValue:StringLike" : "ForAnyValue:StringEquals"]: { "kms:ResourceAliases": alias },
      ...(via === undefined ? {} : { StringEquals: { "kms:ViaService": `${via}.${spec.region}.amazonaws.com` } }),
    },
  });
}
