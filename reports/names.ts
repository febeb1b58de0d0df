/**
 * A type token as a program writes it: `aws:ec2/subnet:Subnet` becomes `aws.ec2.Subnet`,
 * `cline:network:Network` stays the same.
 */
export function typeName(token: string): string {
  const [, pkg, module, name] = /^([^:]+):([^:/]+)\/[^:]+:([^:]+)$/.exec(token) ?? [];
  return pkg !== undefined && module !== undefined && name !== undefined
    ? [pkg, ...(module === "index" ? [] : [module]), name].join(".")
    : token;
}

/**
 * A text without characters that move the cursor, end a line or reverse the reading direction: each
 * becomes its escape, `\\u{a}`. A resource's name is anybody's text.
 */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`);

/** The logical name at the end of a URN. A name may itself hold `::`, a type cannot. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The resource's own type token in a URN, without its parents' types. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Display name of a resource: `aws.ec2.Subnet network-private-a`. */
export function resourceTitle(urn: string): string {
  return visible(urn.startsWith("urn:") ? `${typeName(typeOf(urn))} ${nameOf(urn)}`.trim() : urn);
}

/** `1 resource`, `2 resources`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
