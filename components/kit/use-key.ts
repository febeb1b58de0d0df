import type { Resource } from "@pulumi/pulumi";
import type { KeyFacts } from "../facts";
import { keptKeys } from "../../config";
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

/**
 * The condition that a key is a stack's key of a purpose, or a kept one that the stack uses for it;
 * `context.of("*")` for every stack's, whose pattern also matches aliases of kept keys.
 */
export function hasAlias({ stack, names, kept }: StackContext, purpose: KeyPurpose) {
  const operator = stack.includes("*") ? "ForAnyValue:StringLike" : "ForAnyValue:StringEquals";
  const own = names.keyAlias(purpose);
  const others = keptKeys(kept).flatMap((key) => (key.purpose === purpose ? names.keptKeyAlias(key.arn, purpose) : []));
  return { [operator]: { "kms:ResourceAliases": others.length === 0 ? own : [own, ...others] } };
}

/**
 * What a task, instance or build depends on whose role uses one of these keys: the wait until KMS
 * admits the role by alias.
 */
export const waitFor = ({ usable }: Pick<KeyFacts, "usable">): Resource[] => (usable ? [usable] : []);
