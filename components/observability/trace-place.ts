import type * as pulumi from "@pulumi/pulumi";
import { tracesZone } from "../../config";
import type { AccessFacts, ArtifactFacts, KeyFacts, NetworkFacts } from "../facts";
import type { StackContext } from "../kit";

/** Images of the trace store as digests (`sha256:…`), and the AMI of its hosts. A change rolls the service or replaces the host. */
export interface TraceImages {
  readonly langfuse: string;
  readonly langfuseWorker: string;
  readonly clickHouse: string;
  readonly collector: string;
  /** AMI id of Amazon Linux 2023 for arm64. */
  readonly workspaceAmi: string;
}

/** Where the parts of the trace store run. */
export interface TracePlace {
  readonly context: StackContext;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly artifacts: Pick<ArtifactFacts, "repositoryUrls">;
  readonly images: TraceImages;
  /** SNS topic of the infrastructure team. */
  readonly alarmTopicArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  /** Cloud Map namespace of the traces zone. */
  readonly namespaceId: pulumi.Input<string>;
}

/** DNS name of a service of the trace store, inside the VPC. */
export const traceHost = ({ stack, organization }: StackContext, service: string): string =>
  `${service}.${tracesZone(stack, organization)}`;

/** A mirrored image by digest, from this account's registry. `repository` is its short name. */
export const mirroredImage = (
  { repositoryUrls }: Pick<ArtifactFacts, "repositoryUrls">,
  repository: string,
  digest: string,
): pulumi.Output<string> => repositoryUrls.apply((urls) => `${urls[repository] ?? ""}@${digest}`);
