import { allow, type Statement } from "../policy-document";
import type { StackContext } from "./context";
import type { KeyPurpose } from "./names";

/** Arguments of {@link useKey}. */
export interface KeyUse {
  readonly purpose: KeyPurpose;
  /**
   * The service that calls KMS for the role, e.g. `secretsmanager`; absent: the role calls KMS
   * itself.
   */
  readonly via?: string;
  /** Default: kms:Decrypt and kms:GenerateDataKey. */
  readonly actions?: readonly string[];
  /** The key's stack; default this one. `*` for every stack of the organization. */
  readonly stack?: string;
}

/**
 * Lets a role use a key. Policies name a key by its alias, which preview knows; resources take its
 * ARN from {@link KeyFacts}. The statement takes effect because the key policy delegates to the
 * account.
 */
export function useKey(context: StackContext, use: KeyUse): Statement {
  const { purpose, via, actions = ["kms:Decrypt", "kms:GenerateDataKey"], stack = context.stack } = use;
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  return allow(`Use${capital(purpose)}Key${via === undefined ? "" : `Through${capital(via)}`}`, {
    Action: actions,
    Resource: context.arns.regional("kms", "key/*"),
    Condition: {
      ...hasAlias(context.of(stack), purpose),
      ...(via === undefined ? {} : { StringEquals: { "kms:ViaService": `${via}.${context.region}.amazonaws.com` } }),
    },
  });
}

/** The condition that a key is a stack's key of a purpose; `context.of("*")` for every stack's. */
export function hasAlias(context: StackContext, purpose: KeyPurpose) {
  const operator = context.stack.includes("*") ? "ForAnyValue:StringLike" : "ForAnyValue:StringEquals";
  return { [operator]: { "kms:ResourceAliases": context.names.keyAlias(purpose) } };
}
