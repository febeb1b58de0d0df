import { randomBytes, randomUUID } from "node:crypto";

/** A department's access to its Langfuse project, as its secret holds it. */
export interface ProjectSecret {
  readonly department: string;
  readonly publicKey: string;
  readonly secretKey: string;
  /** The lead's sign-in. */
  readonly userEmail: string;
  readonly userPassword: string;
  readonly keepPromptText: boolean;
}

/** Project that a department's stack asks for. */
export interface ProjectWish {
  readonly department: string;
  readonly leadEmail: string;
  readonly keepPromptText: boolean;
}

/**
 * A department's secret. Keys and password of an existing secret stay, so that repeating changes
 * nothing.
 */
export function planSecret(wish: ProjectWish, present: ProjectSecret | undefined): ProjectSecret {
  return {
    department: wish.department,
    publicKey: present?.publicKey ?? `pk-lf-${randomUUID()}`,
    secretKey: present?.secretKey ?? `sk-lf-${randomUUID()}`,
    userEmail: wish.leadEmail,
    userPassword: present?.userPassword ?? randomBytes(24).toString("base64url"),
    keepPromptText: wish.keepPromptText,
  };
}

/** Reads a secret's text. @throws Error without repeating the text. */
export function parseSecret(text: string): ProjectSecret {
  let value: Partial<ProjectSecret>;
  try {
    value = JSON.parse(text) as Partial<ProjectSecret>;
  } catch {
    throw new Error("a department's Langfuse secret is not JSON");
  }
  const { department, publicKey, secretKey, userEmail, userPassword, keepPromptText } = value;
  if (!department || !publicKey || !secretKey || !userEmail || !userPassword) {
    throw new Error(`the Langfuse secret of ${department ?? "a department"} lacks a field`);
  }
  return { department, publicKey, secretKey, userEmail, userPassword, keepPromptText: keepPromptText === true };
}

/** A container of ECS, as far as it is changed here. */
export interface ContainerLike {
  readonly name?: string | undefined;
  readonly environment?: { name?: string | undefined; value?: string | undefined }[] | undefined;
  readonly secrets?: { name: string | undefined; valueFrom: string | undefined }[] | undefined;
}

/** The department whose project is made. */
export interface Initialization {
  readonly department: string;
  /** ARN of the department's secret. */
  readonly secretArn: string;
  readonly leadEmail: string;
}

/** Name of the container that is Langfuse's web server; the others serve it. */
const webContainer = "langfuse";

/**
 * Langfuse's web task as a one-off task that makes a department's organization, project, keys and the lead's account: Langfuse does so at
 * every start when LANGFUSE_INIT_* are set. The secret halves are injected by ECS from the department's secret.
 */
export function planInitContainers<C extends ContainerLike>(
  containers: readonly C[],
  { department, secretArn, leadEmail }: Initialization,
): C[] {
  if (!containers.some(({ name }) => name === webContainer)) throw new Error(`no container "${webContainer}"`);
  const environment = {
    LANGFUSE_INIT_ORG_ID: department,
    LANGFUSE_INIT_ORG_NAME: department,
    LANGFUSE_INIT_PROJECT_ID: department,
    LANGFUSE_INIT_PROJECT_NAME: department,
    LANGFUSE_INIT_USER_EMAIL: leadEmail,
    LANGFUSE_INIT_USER_NAME: leadEmail,
  };
  const secrets = {
    LANGFUSE_INIT_PROJECT_PUBLIC_KEY: "publicKey",
    LANGFUSE_INIT_PROJECT_SECRET_KEY: "secretKey",
    LANGFUSE_INIT_USER_PASSWORD: "userPassword",
  };
  const initialized = (web: C): C => ({
    ...web,
    environment: [...(web.environment ?? []), ...Object.entries(environment).map(([name, value]) => ({ name, value }))],
    secrets: [
      ...(web.secrets ?? []),
      ...Object.entries(secrets).map(([name, field]) => ({ name, valueFrom: `${secretArn}:${field}::` })),
    ],
  });
  return containers
    .map((container) => (container.name === webContainer ? initialized(container) : container))
    .map((container) => ({ ...container, portMappings: [] }));
}
