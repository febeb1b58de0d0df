export { DeveloperWorkspace, type DeveloperWorkspaceArgs } from "./developer-workspace";
export { WorkspaceSetUp, type WorkspaceSetUpArgs } from "./workspace-set-up";
export { WorkspaceOperations, type WorkspaceOperationsArgs } from "./workspace-operations";
export { workspaceUser } from "./user";
