export { DeveloperWorkspace, type DeveloperWorkspaceArgs } from "./developer-workspace";
export { SourceEndpoints, type SourceEndpointsArgs } from "./source-endpoints";
export { WorkspaceOperations, type WorkspaceOperationsArgs } from "./workspace-operations";
export { workspaceUser } from "./user-data";
