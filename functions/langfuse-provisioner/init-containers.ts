/** A container of ECS, as far as it is changed here. */
export interface ContainerLike {
  readonly name?: string | undefined;
  readonly environment?: { name?: string | undefined; value?: string | undefined }[] | undefined;
  readonly secrets?: { name: string | undefined; valueFrom: string | undefined }[] | undefined;
}

/** What Langfuse is told to make at its start: variables LANGFUSE_INIT_*. */
export interface Initialization {
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs as ECS takes them, `ARN:KEY::`. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Name of the container that is Langfuse's web server; the others serve it. */
const webContainer = "langfuse";

/**
 * Langfuse's web task as a one-off task: at every start it makes what LANGFUSE_INIT_* name and it does not know yet, and leaves the rest as it
 * is. One start makes one organization with one project, one pair of keys and one user at most. Secrets are injected by ECS.
 */
export function planInitContainers<C extends ContainerLike>(
  containers: readonly C[],
  { environment, secrets }: Initialization,
): C[] {
  if (!containers.some(({ name }) => name === webContainer)) throw new Error(`no container "${webContainer}"`);
  const initialized = (web: C): C => ({
    ...web,
    environment: [...(web.environment ?? []), ...Object.entries(environment).map(([name, value]) => ({ name, value }))],
    secrets: [...(web.secrets ?? []), ...Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom }))],
  });
  return containers
    .map((container) => (container.name === webContainer ? initialized(container) : container))
    .map((container) => ({ ...container, portMappings: [] }));
}
