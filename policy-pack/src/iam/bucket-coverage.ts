import { attempt, not, some, type Tri } from "../frame/tri";
import type { Value } from "../frame/value";
import { globMatches, globsOverlap } from "./match";
import type { Statement } from "./statement";

/** Calls on a bucket: on its objects, or on the bucket itself, as listing is. */
export type BucketPart = "objects" | "bucket";

/** Actions that read, write and list, and the part of a bucket that each is made on. */
export const BUCKET_CALLS: readonly (readonly [action: string, part: BucketPart])[] = [
  ["s3:GetObject", "objects"],
  ["s3:PutObject", "objects"],
  ["s3:ListBucket", "bucket"],
];

/**
 * Whether the statement covers all objects of a bucket, or the bucket itself. A resource that is
 * interpolated (`${bucket.arn}/*`) counts as this bucket's.
 * @param bucket the bucket's name; where preview cannot know it, any bucket's ARN counts
 */
export function coversBucket(statement: Statement, part: BucketPart, bucket: Value): Tri {
  const name = attempt(() => /^[a-z0-9.-]+$/.test(bucket.text() ?? "")) === true ? bucket.text() : undefined;
  const excluded = statement.member("NotResource");
  if (excluded.isSet) return not(someOf(excluded, (pattern) => touches(pattern, part, name)));
  const named = statement.member("Resource");
  return named.isAbsent ? true : someOf(named, (pattern) => covers(pattern, part, name));
}

function someOf(list: Value, test: (pattern: string) => boolean): Tri {
  if (list.isUnknown) return "unknown";
  return some(list.items(), (item) => attempt(() => test(item.text() ?? "")));
}

/** Whether the pattern reaches all of the part. */
function covers(pattern: string, part: BucketPart, name: string | undefined): boolean {
  const { whole, own } = arns(pattern, name);
  return globMatches(whole, part === "bucket" ? own : `${own}/*`);
}

/** Whether the pattern reaches any of the part; an IAM policy variable may have any value. */
function touches(pattern: string, part: BucketPart, name: string | undefined): boolean {
  const { whole, own } = arns(pattern, name);
  const widest = whole.replace(VARIABLE, "*");
  return part === "bucket" ? globMatches(widest, own) : globsOverlap(widest, `${own}/*`);
}

/** An IAM policy variable (`${aws:username}`) or an escaped character (`${*}`). */
const VARIABLE = /\$\{(?:[^}]*:[^}]*|[*?$])\}/g;
const REFERENCE = /^(?:arn:[^:]*:s3:::)?\$\{[^}:*?$]+\}/;
const ARN = /^arn:aws[a-z-]*:s3:::/;

/**
 * The whole ARN that the pattern is, and that of the bucket, both in the partition `aws`. The
 * program's own reference at the beginning of a pattern stands for the bucket.
 */
function arns(pattern: string, name: string | undefined): { readonly whole: string; readonly own: string } {
  const plain = pattern.replace(ARN, "arn:aws:s3:::");
  // Of an unknown name no more is known than what the pattern says.
  const own = `arn:aws:s3:::${name ?? /^arn:aws:s3:::([^/$]+)/.exec(plain)?.[1] ?? "bucket"}`;
  return { whole: plain.replace(REFERENCE, () => own), own };
}
