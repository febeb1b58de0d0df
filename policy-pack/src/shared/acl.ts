import type { Report } from "../frame/report";
import type { Value } from "../frame/value";
import type { ResourceView, StackView } from "../frame/view";
import { BUCKETS, BUCKET_ACLS, PUBLIC_ACCESS_BLOCKS } from "./types";

/** The groups of an ACL that mean everyone, with an AWS account or without. */
const EVERYONE = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/;

/** The permissions of each canned ACL for everyone. */
const CANNED: ReadonlyMap<string, readonly string[]> = new Map([
  ["public-read", ["READ"]],
  ["public-read-write", ["READ", "WRITE"]],
  ["authenticated-read", ["READ"]],
  ["website", ["READ"]],
]);

/**
 * Reports permissions of these kinds that the ACLs of a stack's buckets grant to everyone. A bucket
 * whose public access block ignores public ACLs is safe from them.
 */
export function reportOpenAcls(stack: StackView, report: Report, permissions: readonly string[]): void {
  const acls = stack.ofType(...BUCKET_ACLS);
  report.eachResource([...stack.ofType(...BUCKETS), ...acls], (resource) =>
    reportOpenGrants(resource, report, permissions, () => isShielded(stack, resource)),
  );
}

/**
 * Reports the permissions that the ACL of one resource grants to everyone, unless it is shielded.
 */
export function reportOpenGrants(
  resource: ResourceView,
  report: Report,
  permissions: readonly string[],
  isSafe = () => false,
): void {
  report.each(grantsOf(resource), ({ where, to }) => {
    const open = to().filter((permission) => permissions.includes(permission) || permission === "FULL_CONTROL");
    if (open.length > 0 && !isSafe()) report.violation(`${where} gives everyone ${open.join(" and ")}`);
  });
}

interface Grant {
  readonly where: string;
  readonly to: () => readonly string[];
}

function grantsOf(resource: ResourceView): Grant[] {
  const canned = resource.at("acl");
  const grants = [...elements(resource.at("grants")), ...elements(resource.at("accessControlPolicy.grants"))];
  return [
    { where: "acl", to: () => CANNED.get(canned.text() ?? "") ?? [] },
    ...grants.map((grant) => ({
      where: grant.path,
      to: () => {
        const group = grant.at("grantee.uri").text() ?? grant.at("uri").text() ?? "";
        const permissions = grant.at("permission").isSet ? grant.at("permission") : grant.at("permissions");
        return EVERYONE.test(group) ? permissions.items().map((permission) => permission.text() ?? "") : [];
      },
    })),
  ];
}

/**
 * The elements of a list; an unknown list is one unknown element, which is judged like any other.
 */
function elements(list: Value): Value[] {
  return list.isUnknown ? [list] : list.items();
}

function isShielded(stack: StackView, resource: ResourceView): boolean {
  const shields = (block: ResourceView): boolean =>
    block.at("ignorePublicAcls").flag() === true || block.at("blockPublicAcls").flag() === true;
  const blocks = stack.ofType(...PUBLIC_ACCESS_BLOCKS);
  const buckets = BUCKETS.includes(resource.type)
    ? [resource]
    : stack.ofType(...BUCKETS).filter((bucket) => stack.refers(resource, "bucket", bucket));
  return buckets.some((bucket) => blocks.some((block) => stack.refers(block, "bucket", bucket) && shields(block)));
}
