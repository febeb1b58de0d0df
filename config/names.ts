import { createHash } from "node:crypto";

/**
 * Physical names that a user or a policy document must know before the resource exists. All other
 * resources keep Pulumi's autoname. All names have the organization's prefix. All functions are
 * pure: the same spec gives the same names in every stack.
 */

/**
 * Joins `parts` with hyphens. A result longer than `max` keeps its beginning and ends in a hash of
 * the whole, so it stays unique.
 */
export function fit(max: number, ...parts: readonly string[]): string {
  const whole = parts.join("-");
  if (whole.length <= max) return whole;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  return `${whole.slice(0, max - digest.length - 1).replace(/-+$/, "")}-${digest}`;
}

/**
 * IAM path of all of this program's roles and policies: quotas and documents match `role/cline/*`,
 * never lists.
 */
export const iamPath = "/cline/";

/**
 * Alias of the key administration by which operators invoke it; a lead does by their department's. No
 * department can have this name.
 */
export const operatorsAlias = "_operators";

/**
 * Names of one organization, for functions and for `context.names` of the kit, which components
 * use. `stack` is the resource's stack.
 */
export function names(organization: string) {
  const role = (...parts: readonly string[]) => fit(64, organization, ...parts);
  return {
    /**
     * Role of a workload of a stack, e.g. `role("platform", "gateway-task")`. 64 characters at
     * most.
     */
    role,
    /**
     * A developer's instance role and instance profile. A person belongs to one department, so the
     * id is enough.
     */
    workspaceRole: (developer: string) => role("ws", developer),
    /** The role developers of a department assume to open sessions. */
    sessionRole: (department: string) => role(department, "session"),
    leadRole: (department: string) => role(department, "lead"),
    operatorRole: () => role("operator"),
    auditorRole: () => role("auditor"),
    /** May assume the deployer's role; assuming it raises an alarm. */
    breakGlassRole: () => role("break-glass"),
    /** Managed policy used as permission boundary, e.g. `boundary("workload")`. */
    boundary: (kind: "human" | "workload" | "gateway" | "bedrock-batch" | "deployment") => role("boundary", kind),
    /**
     * Secrets Manager name of a developer's virtual key. Secrets Manager appends a hyphen and six
     * characters to the ARN.
     */
    virtualKey: (department: string, developer: string) =>
      `cline/${organization}/${department}/${developer}/virtual-key`,
    /** Secrets Manager name of a lead's or deputy's account at Langfuse. */
    langfuseAccount: (department: string, person: string) =>
      `cline/${organization}/${department}/${person}/langfuse-account`,
    /** Any other secret of a stack. */
    secret: (stack: string, purpose: string) => `cline/${organization}/${stack}/${purpose}`,
    /** ECR repository of a mirrored image. */
    repository: (image: string) => `cline/${organization}/${image}`,
    /** KMS alias of a stack's key. */
    keyAlias: (stack: string, purpose: string) => `alias/cline/${organization}/${stack}/${purpose}`,
    /** CloudWatch log group of a stack. */
    logGroup: (stack: string, purpose: string) => `/cline/${organization}/${stack}/${purpose}`,
    /**
     * Session documents: `shell`, `code-server`, `ssh`; `langfuse` on a stack with observability.
     */
    sessionDocument: (platform: string, kind: "shell" | "code-server" | "ssh" | "langfuse") =>
      fit(128, organization, platform, kind),
    /** S3 bucket: globally unique through account and region; 63 characters at most. */
    bucket: (stack: string, purpose: string, accountId: string, region: string) =>
      fit(63, organization, stack, purpose, accountId, region),
  };
}

/**
 * DNS name of a stack's gateway, served by a private hosted zone of exactly this name. With a
 * domain the certificate is public, so the name is under the domain. Without one it is under
 * `cline.internal`, which no public name server answers.
 */
export function gatewayHost(
  stack: string,
  platform: { readonly organization: string; readonly domain?: string },
): string {
  return platform.domain === undefined
    ? `gateway.${stack}.${platform.organization}.cline.internal`
    : `gateway.${stack}.${platform.domain}`;
}

/**
 * DNS zone of a stack's Langfuse, collector and trace store inside its VPC, e.g.
 * `collector.traces.platform.example.internal`.
 */
export const tracesZone = (stack: string, organization: string): string => `traces.${stack}.${organization}.internal`;
