import * as pulumi from "@pulumi/pulumi";
import { tracesZone } from "../../config";
import type { ImageName } from "../artifacts/sources";
import type { AccessFacts, ArtifactFacts, KeyFacts, NetworkFacts } from "../facts";
import type { StackContext } from "../kit";
import type { TraceServer } from "./functions";

/** Images of the trace store as digests (`sha256:…`), and the AMI of its hosts. A change rolls the service or replaces the host. */
export interface TraceImages {
  readonly langfuse: string;
  readonly langfuseWorker: string;
  readonly clickHouse: string;
  readonly collector: string;
  readonly proxy: string;
  /** AMI id of Amazon Linux 2023 for arm64. */
  readonly workspaceAmi: string;
}

/** Keys and certificates of the trace store's servers: the component that makes them. */
export interface Certificates extends pulumi.ComponentResource {
  /** PEM of the authority, for clients that do not read its secret. Known once every server has its certificate. */
  readonly authority: pulumi.Output<string>;
  /** ARN of the secret with the authority's PEM, once it has a value. */
  readonly authoritySecret: pulumi.Output<string>;
  /** ARN of one field of a server's secret as ECS takes it, once it has a value; `bundle` is both in one text. */
  field(server: TraceServer, field: "certificate" | "privateKey" | "bundle"): pulumi.Output<string>;
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
  readonly certificates: Certificates;
}

/** DNS name of a service of the trace store, inside the VPC. */
export const traceHost = ({ stack, organization }: StackContext, service: string): string =>
  `${service}.${tracesZone(stack, organization)}`;

/** A mirrored image by digest, from this account's registry. `repository` is its short name. */
export const mirroredImage = (
  { accountId, region, names }: StackContext,
  repository: ImageName,
  digest: string,
): string => `${accountId}.dkr.ecr.${region}.amazonaws.com/${names.repository(repository)}@${digest}`;

/** The value, known once the images are mirrored: what starts from an image takes one of its inputs through it. */
export const mirrored = <T>(
  { repositoryUrls }: Pick<ArtifactFacts, "repositoryUrls">,
  value: pulumi.Input<T>,
): pulumi.Output<T> => pulumi.all([pulumi.output(value), repositoryUrls]).apply(([known]) => known) as pulumi.Output<T>;
