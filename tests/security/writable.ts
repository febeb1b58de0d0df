import { planInitContainers } from "../../functions/langfuse-provisioner/init-containers";

/** A container definition, as far as it says who writes where. */
export interface Container {
  readonly name: string;
  readonly user?: string;
  readonly readonlyRootFilesystem?: boolean;
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: string }[];
  readonly linuxParameters?: {
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
    readonly tmpfs?: readonly Scratch[];
  };
  readonly mountPoints?: readonly Mount[];
  readonly environment?: { name: string; value: string }[];
  readonly secrets?: { name: string; valueFrom: string }[];
}
interface Scratch {
  readonly containerPath: string;
  readonly size?: number;
  readonly mountOptions?: readonly string[];
}
interface Mount {
  readonly sourceVolume: string;
  readonly containerPath: string;
  readonly readOnly?: boolean;
}

/** Variables by which a program of our images is told where to write. */
const writingVariables = [
  "CONFIG_FOLDER",
  "HOME",
  "LITELLM_MIGRATION_DIR",
  "PROMETHEUS_MULTIPROC_DIR",
  "TMPDIR",
  "XDG_CACHE_HOME",
];

/** Fargate's volume: root's, mode 0755, empty. No image of this program declares a VOLUME. */
const isRoot = ({ user }: Container): boolean => user?.split(":")[0] === "0";

const within = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);

/**
 * Whatever a task's containers could not write on Fargate, or could write and should not: one text
 * for each fault.
 * @param volumes names of the task's volumes
 */
export function writingFaults(containers: readonly Container[], volumes: readonly string[]): string[] {
  const mounted = containers.flatMap(({ mountPoints = [] }) => mountPoints.map(({ sourceVolume }) => sourceVolume));
  return [
    ...containers.flatMap((container) =>
      containerFaults(container, containers).map((text) => `${container.name}: ${text}`),
    ),
    ...volumes.filter((volume) => !mounted.includes(volume)).map((volume) => `nobody mounts the volume ${volume}`),
    ...mounted.filter((volume) => !volumes.includes(volume)).map((volume) => `the task has no volume ${volume}`),
  ];
}

function containerFaults(container: Container, all: readonly Container[]): string[] {
  const { readonlyRootFilesystem, linuxParameters = {}, mountPoints = [], environment = [] } = container;
  const { capabilities, tmpfs = [] } = linuxParameters;
  const writable = [
    ...tmpfs.map(({ containerPath }) => containerPath),
    ...mountPoints.filter(({ readOnly }) => readOnly !== true).map(({ containerPath }) => containerPath),
  ];
  const told = environment.filter(({ name }) => writingVariables.includes(name));
  return [
    ...(readonlyRootFilesystem === true ? [] : ["its root file system is writable"]),
    ...(capabilities?.drop?.includes("ALL") === true && (capabilities.add ?? []).length === 0
      ? []
      : ["it keeps capabilities: with them root may write anywhere"]),
    ...tmpfs
      .filter(({ size, mountOptions = [] }) => !((size ?? 0) > 0 && mountOptions.includes("mode=1777")))
      .map(({ containerPath }) => `${containerPath} is no tmpfs with a size that every user may write to`),
    ...mountPoints.flatMap((mount) => mountFaults(mount, container, all)),
    ...told
      .filter(({ value }) => !writable.some((folder) => within(folder, value)))
      .map(({ name, value }) => `${name} is ${value}, where it cannot write`),
  ];
}

/** A volume is written by root alone, and read by containers that wait until it has been. */
function mountFaults(mount: Mount, container: Container, all: readonly Container[]): string[] {
  const { sourceVolume, readOnly } = mount;
  if (readOnly !== true) {
    return isRoot(container)
      ? []
      : [`${sourceVolume} belongs to root, and user ${container.user ?? "of the image"} writes`];
  }
  const waitsFor = (container.dependsOn ?? [])
    .filter(({ condition }) => condition === "SUCCESS")
    .map(({ containerName }) => containerName);
  const filled = all.some(
    (other) =>
      waitsFor.includes(other.name) &&
      (other.mountPoints ?? []).some((each) => each.sourceVolume === sourceVolume && each.readOnly !== true),
  );
  return filled ? [] : [`nobody has filled ${sourceVolume} when it starts`];
}

/** The containers of a task definition, and of the one-off task that a function makes of it. */
export function tasksOf(family: string, definitions: string): (readonly Container[])[] {
  const containers = JSON.parse(definitions) as readonly Container[];
  const of = { environment: { LANGFUSE_INIT_ORG_ID: "engineering" }, secrets: {} };
  return family.endsWith("langfuse") ? [containers, planInitContainers(containers, of)] : [containers];
}
