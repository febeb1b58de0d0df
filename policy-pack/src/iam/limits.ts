import { isBroad, parseCidr } from "../net/cidr";
import type { Condition } from "./statement";

/** What the values of a condition key are: each has a part that a stranger cannot choose. */
type Kind = "account" | "organization" | "path" | "arn" | "network" | "address" | "id";

/** Keys that say whose call it is. */
const CALLERS: Readonly<Record<string, Kind>> = {
  "aws:principalaccount": "account",
  "aws:principalarn": "arn",
  "aws:principalorgid": "organization",
  "aws:principalorgpaths": "path",
  "aws:sourceaccount": "account",
  "aws:sourcearn": "arn",
  "aws:sourceorgid": "organization",
  "aws:sourceorgpaths": "path",
  "aws:sourceowner": "account",
  "aws:userid": "id",
  "kms:calleraccount": "account",
  "s3:dataaccesspointaccount": "account",
  "s3:dataaccesspointarn": "arn",
};

/** Keys that say from which network it comes. */
const NETWORKS: Readonly<Record<string, Kind>> = {
  "aws:sourceip": "address",
  "aws:sourcevpc": "network",
  "aws:sourcevpcarn": "arn",
  "aws:sourcevpce": "network",
  "aws:vpceaccount": "account",
  "aws:vpceorgid": "organization",
  "aws:vpceorgpaths": "path",
  "aws:vpcsourceip": "address",
};

/** Keys that say whose resource the call is for. */
const RESOURCES: Readonly<Record<string, Kind>> = {
  "aws:resourceaccount": "account",
  "aws:resourceorgid": "organization",
  "aws:resourceorgpaths": "path",
};

const KINDS = { ...CALLERS, ...NETWORKS, ...RESOURCES };

/**
 * Keys of the conditions by which a policy for everyone is not public. Anybody may use any private
 * address in a network of their own, so that `aws:VpcSourceIp` is none of them. Neither is
 * `aws:username`: anybody may name a user as they like.
 */
const LIMITING: ReadonlySet<string> = new Set(
  [...Object.keys(CALLERS), ...Object.keys(NETWORKS)].filter((key) => key !== "aws:vpcsourceip"),
);

/** Keys by which an endpoint's policy may scope it: whose call, or for whose resource. */
export const SCOPES: ReadonlySet<string> = new Set([...Object.keys(CALLERS), ...Object.keys(RESOURCES)]);

/** Keys by which a call is bound to a private network; addresses of the internet are none. */
export const PRIVATE_NETWORKS: ReadonlySet<string> = new Set(
  Object.keys(NETWORKS).filter((key) => key !== "aws:sourceip"),
);

/**
 * Whether a condition narrows a statement for everyone to callers or networks that a stranger
 * cannot be or choose. ForAllValues and IfExists also hold for requests that lack the key, and
 * negated operators for all but a few.
 */
export function limits(condition: Condition, keys: ReadonlySet<string> = LIMITING): boolean {
  const { operator, ifExists, set, key } = condition;
  const asks = /^(?:string(?:equals|equalsignorecase|like)|arn(?:equals|like)|ipaddress)$/.test(operator);
  return asks && !ifExists && set !== "ForAllValues" && keys.has(key) && namesSome(condition);
}

/**
 * Whether every value of a condition fixes the part that a stranger cannot choose. As in S3's
 * meaning of "public", a wildcard or a policy variable there is no fixed value, whatever the
 * operator. A value that preview cannot know is a resource's own, and so fixed.
 */
export function namesSome({ key, values }: Condition): boolean {
  const kind = KINDS[key];
  if (kind === undefined || values.length === 0) return false;
  const texts = values.flatMap((value) => (value.isUnknown ? [] : (value.text()?.trim() ?? "")));
  return kind === "address" ? namesAddresses(texts) : texts.every((text) => FIXED[kind](text));
}

/** Of the ranges together: two halves of the internet are all of it. */
function namesAddresses(texts: readonly string[]): boolean {
  const written = texts.filter((text) => !isFixed(text) || !text.startsWith("${"));
  const ranges = written.flatMap((text) => parseCidr(text) ?? []);
  return ranges.length === written.length && !isBroad(ranges);
}

const FIXED: Readonly<Record<Exclude<Kind, "address">, (text: string) => boolean>> = {
  account: isFixed,
  organization: isFixed,
  network: isFixed,
  path: (text) => isFixed(text.split("/", 1)[0] ?? ""),
  // The unique id of a user or role, then perhaps the session's name, which its holder chooses.
  id: (text) => isFixed(text.split(":", 1)[0] ?? ""),
  arn: isFixedArn,
};

/** IAM's variables of the resource called: they have its owner's values, not the caller's. */
const OWN = /\$\{aws:Resource(?:Account|OrgID|OrgPaths)\}/gi;

/** A text without wildcards and without IAM policy variables; the program's references are fixed. */
function isFixed(text: string): boolean {
  const rest = text.replace(OWN, "own").replace(/\$\{[^}:*?$]+\}/g, "own");
  return rest !== "" && !/[*?]|\$\{/.test(rest);
}

/**
 * An ARN whose account is fixed. ARNs of buckets and of some other resources have no account: there
 * the name is fixed, but for what is below it.
 */
function isFixedArn(text: string): boolean {
  if (/^\$\{[^}:*?$]+\}/.test(text)) return true;
  const [prefix, , , , account, ...rest] = splitArn(text);
  if (prefix !== "arn") return false;
  if (account !== "") return account !== undefined && isFixed(account);
  return isFixed(rest.join(":").replace(/\/\*+$/, ""));
}

/** The parts of an ARN; the colons of a policy variable divide nothing. */
function splitArn(text: string): string[] {
  return text.split(/:(?![^${}]*\})/);
}

/**
 * Whether a value stands for anything of its kind: `*`, or an ARN of wildcards. Such a value
 * limits nothing, whatever its key.
 */
export function isAnything(value: string): boolean {
  return /^[*?]+$|^arn(?::[*?]*){4}(?::[*?]+)+$|^arn:[^:]*:[^:]*:[^:]*:[*?]*:[*?]+$/.test(value.trim());
}
