import rules from "./replacing.json";

const forcing: Readonly<Record<string, readonly string[]>> = rules;

/**
 * Whether the provider replaces a resource when this property changes. `replacing.json` lists, by
 * type token, the properties that the Terraform AWS provider 6.58.0 marks ForceNew, under Pulumi's
 * names; the SDK's npm packages lack this. Properties that force a replacement only under a
 * condition are not listed: their change is reported as a change. Every input of a random value
 * replaces it.
 * @param path such as `ebsBlockDevices[0].encrypted`
 */
export function replaces(type: string, path: string): boolean {
  if (type.startsWith("random:")) return true;
  const rule = path.replace(/\[\d+\]/g, "[]");
  return (forcing[type] ?? []).some(
    (each) => rule === each || rule.startsWith(`${each}.`) || rule.startsWith(`${each}[`),
  );
}
