import type { KeyFacts } from "../facts";

/** Settings of a private instance: no public address, IMDSv2 with one hop, and an encrypted root volume that ends with it. */
export const privateHost = (keys: Pick<KeyFacts, "data">, rootGiB: number, tags: Record<string, string>) => ({
  associatePublicIpAddress: false,
  ebsOptimized: true,
  monitoring: false,
  metadataOptions: {
    httpEndpoint: "enabled",
    httpTokens: "required",
    httpPutResponseHopLimit: 1,
    instanceMetadataTags: "disabled",
  },
  rootBlockDevice: {
    volumeType: "gp3",
    volumeSize: rootGiB,
    encrypted: true,
    kmsKeyId: keys.data,
    deleteOnTermination: true,
    tags,
  },
});
