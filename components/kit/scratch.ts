/**
 * A folder of a container in memory, writable for every user, as ECS takes it under
 * `linuxParameters.tmpfs`. Fargate mounts a volume as root's with mode 0755, unless the image
 * declares a VOLUME at its path; a container of another user cannot write to it. Source: Amazon ECS
 * developer guide, "Use bind mounts with Amazon ECS"; Fargate takes tmpfs since January 2026.
 * @param sizeMiB the most it holds; it counts as the task's memory
 */
export const scratch = (containerPath: string, sizeMiB: number) => ({
  containerPath,
  size: sizeMiB,
  mountOptions: ["rw", "nosuid", "nodev", "mode=1777"],
});
