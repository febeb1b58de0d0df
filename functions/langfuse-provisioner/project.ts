import { randomUUID } from "node:crypto";
import type { Initialization } from "./init-containers";

/** A department's access to its Langfuse project, as its secret holds it. */
export interface ProjectSecret {
  readonly department: string;
  readonly publicKey: string;
  readonly secretKey: string;
  readonly keepPromptText: boolean;
}

/** Project that a department's stack asks for. */
export interface ProjectWish {
  readonly department: string;
  readonly keepPromptText: boolean;
}

/** A department's secret. Keys of an existing secret stay, so that repeating changes nothing. */
export function planSecret(wish: ProjectWish, present: ProjectSecret | undefined): ProjectSecret {
  return {
    department: wish.department,
    publicKey: present?.publicKey ?? `pk-lf-${randomUUID()}`,
    secretKey: present?.secretKey ?? `sk-lf-${randomUUID()}`,
    keepPromptText: wish.keepPromptText,
  };
}

/** Reads a secret's text; fields of earlier releases are left out. @throws Error without repeating the text. */
export function parseSecret(text: string): ProjectSecret {
  let value: Partial<ProjectSecret>;
  try {
    value = JSON.parse(text) as Partial<ProjectSecret>;
  } catch {
    throw new Error("a department's Langfuse secret is not JSON");
  }
  const { department, publicKey, secretKey, keepPromptText } = value;
  if (!department || !publicKey || !secretKey) {
    throw new Error(`the Langfuse secret of ${department ?? "a department"} lacks a field`);
  }
  return { department, publicKey, secretKey, keepPromptText: keepPromptText === true };
}

/** What makes a department's organization, project and keys. @param secretArn of the department's secret */
export const projectInit = ({ department }: ProjectWish, secretArn: string): Initialization => ({
  environment: {
    LANGFUSE_INIT_ORG_ID: department,
    LANGFUSE_INIT_ORG_NAME: department,
    LANGFUSE_INIT_PROJECT_ID: department,
    LANGFUSE_INIT_PROJECT_NAME: department,
  },
  secrets: {
    LANGFUSE_INIT_PROJECT_PUBLIC_KEY: `${secretArn}:publicKey::`,
    LANGFUSE_INIT_PROJECT_SECRET_KEY: `${secretArn}:secretKey::`,
  },
});
