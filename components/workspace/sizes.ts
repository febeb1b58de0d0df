import type { WorkspaceSize } from "../../config";

/** Instance types by size: Graviton instances of the current generations. */
export const instanceTypes: Readonly<Record<WorkspaceSize, string>> = {
  /** 2 vCPU, 4 GiB. */
  small: "t4g.medium",
  /** 2 vCPU, 8 GiB. */
  medium: "t4g.large",
  /** 4 vCPU, 16 GiB. */
  large: "m7g.xlarge",
  /** 8 vCPU, 32 GiB. */
  xlarge: "m7g.2xlarge",
};
