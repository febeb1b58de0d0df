import { kmsS3BucketHasSse } from "../../../src/baselines/kms-everywhere/kms-s3-bucket-has-sse";
import { cases, resource, UNKNOWN, type Inputs } from "../../support";
import { KEY } from "./shapes";

describe("KMS everywhere: buckets", () => {
  const BUCKET = "aws:s3/bucket:Bucket";
  const SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
  const rule = (changes: Inputs = {}): Inputs => ({
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY, ...changes },
  });
  const apart = (changes: Inputs = {}, bucket: unknown = "b") => [
    resource(BUCKET, { bucket: "b" }),
    resource(SSE, { bucket, rules: [rule(changes)] }, "sse"),
  ];
  cases(kmsS3BucketHasSse, {
    passes: {
      "a configuration apart": apart(),
      "dual-layer encryption": apart({ sseAlgorithm: "aws:kms:dsse" }),
      "a key that is not known": apart({ kmsMasterKeyId: UNKNOWN }),
      "a configuration inline": [resource(BUCKET, { serverSideEncryptionConfiguration: { rule: rule() } })],
      "a configuration of the older kind": [
        resource("aws:s3/bucketV2:BucketV2", {
          serverSideEncryptionConfigurations: [
            { rules: [{ applyServerSideEncryptionByDefaults: [{ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }] }] },
          ],
        }),
      ],
    },
    fails: {
      none: [resource(BUCKET, { bucket: "b" })],
      "that of another bucket": [...apart(), resource(BUCKET, { bucket: "c" }, "second")],
      AES256: apart({ sseAlgorithm: "AES256" }),
      "KMS without a key": apart({ kmsMasterKeyId: undefined }),
      "AWS's key": apart({ kmsMasterKeyId: "alias/aws/s3" }),
      "no algorithm": apart({ sseAlgorithm: undefined }),
    },
    unknown: { "a configuration of a bucket that is not known": apart({}, UNKNOWN) },
  });
});
