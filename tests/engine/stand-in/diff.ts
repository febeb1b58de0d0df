import { isObject, SIGNATURE, signatures, UNKNOWN, type Raw, type RawProps } from "../../../offline/values";

/**
 * The paths (`a`, `a.b`, `a[].b`) at which two sets of inputs differ; an unknown differs from everything, since only a deployment tells.
 * Assets are compared by their content's hash.
 */
export function changedPaths(before: RawProps, after: RawProps): string[] {
  const found = new Set<string>();
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of names) compare(before[name], after[name], name, found);
  return [...found].sort();
}

function compare(before: Raw | undefined, after: Raw | undefined, path: string, found: Set<string>): void {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((item: Raw, index) => compare(item, after[index] as Raw, `${path}[]`, found));
    return;
  }
  if (isObject(before) && isObject(after) && !isAsset(before) && !isAsset(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(before[name], after[name], `${path}.${name}`, found);
    return;
  }
  if (after === UNKNOWN || text(before) !== text(after)) found.add(path);
}

const isAsset = (value: Readonly<Record<string, Raw>>): boolean =>
  value[SIGNATURE] === signatures.asset || value[SIGNATURE] === signatures.archive;

function text(value: Raw | undefined): string {
  if (value === undefined || value === null) return "";
  return isObject(value) && isAsset(value) ? `asset ${JSON.stringify(value["hash"])}` : JSON.stringify(value);
}
