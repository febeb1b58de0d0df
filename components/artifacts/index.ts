export { ArtifactStore, type ArtifactStoreArgs } from "./artifact-store";
