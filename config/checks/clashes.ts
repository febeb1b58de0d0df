/**
 * Duplicates of values that must be unique: every claim on a value that another owner claims too,
 * with the first of the others.
 * @param valueOf the value claimed; undefined: no claim.
 * @param owner of the claim: two claims of one owner are no clash.
 */
export function clashes<T>(
  claims: readonly T[],
  valueOf: (claim: T) => string | undefined,
  owner: (claim: T) => unknown,
): { readonly claim: T; readonly other: T }[] {
  const byValue = new Map<string, T[]>();
  for (const claim of claims) {
    const value = valueOf(claim);
    if (value === undefined) continue;
    const others = byValue.get(value);
    if (others) others.push(claim);
    else byValue.set(value, [claim]);
  }
  return [...byValue.values()].flatMap((group) =>
    group.flatMap((claim) => {
      const other = group.find((each) => owner(each) !== owner(claim));
      return other === undefined ? [] : [{ claim, other }];
    }),
  );
}
