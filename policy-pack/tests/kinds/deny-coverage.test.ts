import { s3VpceOnly } from "../../src/baselines/vpc-endpoints-only/s3-vpce-only";
import { s3TlsOnly } from "../../src/controls/s3";
import { document } from "../controls/documents";
import { cases, resource, UNKNOWN, type Inputs } from "../support";

// A Deny protects what it covers: the bucket and its objects, for reading, writing and listing, for
// everyone, with no condition that lets others through (S3 user guide, "Bucket policy examples";
// AWS Config, s3-bucket-ssl-requests-only).
const BUCKET = "arn:aws:s3:::ledger";
const BOTH = [BUCKET, `${BUCKET}/*`];
const PLAIN = { Bool: { "aws:SecureTransport": "false" } };
const deny = (changes: object): object => ({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: BOTH,
  Condition: PLAIN,
  ...changes,
});
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const stackOf = (...statements: object[]) => [
  resource("aws:s3/bucket:Bucket", { bucket: "ledger" }, "b"),
  resource(POLICY, { bucket: "ledger", policy: document(...statements) }, "p"),
];

describe("a Deny without TLS", () => {
  cases(s3TlsOnly, {
    passes: {
      "bucket and objects": stackOf(deny({})),
      "every resource": stackOf(deny({ Resource: "*" })),
      "one pattern for both": stackOf(deny({ Resource: `${BUCKET}*` })),
      "one statement each": stackOf(deny({ Resource: BUCKET }), deny({ Resource: `${BUCKET}/*` })),
      "reading, writing and listing by name": stackOf(
        deny({ Action: ["s3:GetObject*", "s3:PutObject*", "s3:ListBucket*"] }),
      ),
      "every action but one on the bucket's own settings": stackOf(
        deny({ Action: undefined, NotAction: "s3:GetBucketLocation" }),
      ),
      "the principal as a list": stackOf(deny({ Principal: { AWS: ["*"] } })),
      "every service's actions": stackOf(deny({ Action: "*" })),
      "every ARN of S3": stackOf(deny({ Resource: "arn:aws:s3*" })),
      "another partition": stackOf(deny({ Resource: ["arn:aws-cn:s3:::ledger", "arn:aws-cn:s3:::ledger/*"] })),
      "any partition": stackOf(deny({ Resource: "arn:*:s3:::ledger*" })),
      "a reference of the program": stackOf(deny({ Resource: ["${b.arn}", "${b.arn}/*"] })),
      "a reference to its name": stackOf(deny({ Resource: ["arn:aws:s3:::${b.id}", "arn:aws:s3:::${b.id}/*"] })),
      "all but another bucket": stackOf(deny({ Resource: undefined, NotResource: "arn:aws:s3:::other*" })),
    },
    fails: {
      "objects only": stackOf(deny({ Resource: `${BUCKET}/*` })),
      "the bucket only": stackOf(deny({ Resource: BUCKET })),
      "one prefix": stackOf(deny({ Resource: [BUCKET, `${BUCKET}/reports/*`] })),
      "one object": stackOf(deny({ Resource: [BUCKET, `${BUCKET}/index.html`] })),
      "another bucket": stackOf(deny({ Resource: ["arn:aws:s3:::other", "arn:aws:s3:::other/*"] })),
      "all but its objects": stackOf(deny({ Resource: undefined, NotResource: `${BUCKET}/*` })),
      "buckets called after the caller": stackOf(
        deny({ Resource: ["arn:aws:s3:::${aws:username}", "arn:aws:s3:::${aws:username}/*"] }),
      ),
      "the caller's own objects": stackOf(deny({ Resource: [BUCKET, BUCKET + "/${aws:username}/*"] })),
      "all but S3": stackOf(deny({ Resource: undefined, NotResource: "arn:aws:s3*" })),
      "all but secret objects": stackOf(deny({ Resource: undefined, NotResource: "*secret*" })),
      "all but one object, a character open": stackOf(
        deny({ Resource: undefined, NotResource: `${BUCKET}?report.csv` }),
      ),
      "all but tables of such buckets": stackOf(deny({ Resource: undefined, NotResource: "arn:aws:s3:::led*csv" })),
      "all but the caller's own bucket": stackOf(
        deny({ Resource: undefined, NotResource: "arn:aws:s3:::${aws:username}/*" }),
      ),
      "reading only": stackOf(deny({ Action: "s3:GetObject" })),
      "reading and writing, not listing": stackOf(deny({ Action: ["s3:GetObject", "s3:PutObject"] })),
      "writing left out": stackOf(deny({ Action: undefined, NotAction: "s3:PutObject" })),
      "a network as well": stackOf(deny({ Condition: { ...PLAIN, NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } } })),
      "one user only": stackOf(deny({ Condition: { ...PLAIN, StringEquals: { "aws:username": "alice" } } })),
      "all but one principal": stackOf(
        deny({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::111122223333:role/import" } }),
      ),
      "requests with TLS": stackOf(deny({ Condition: { Bool: { "aws:SecureTransport": "true" } } })),
    },
    unknown: { "an unknown resource": stackOf(deny({ Resource: [UNKNOWN, `${UNKNOWN}/*`] })) },
  });
});

const OUTSIDE = { StringNotEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" } };
const only = (changes: object, ...others: object[]): Inputs => ({
  bucket: "ledger",
  policy: document(deny({ Condition: OUTSIDE, ...changes }), ...others),
});

describe("a Deny from outside the VPC", () => {
  cases(s3VpceOnly, {
    type: POLICY,
    passes: {
      "bucket and objects": only({}),
      "every resource": only({ Resource: "*" }),
      "one statement each": only({ Resource: BUCKET }, deny({ Condition: OUTSIDE, Resource: `${BUCKET}/*` })),
      "AWS's services and one role left through": only({
        Condition: {
          ...OUTSIDE,
          Bool: { "aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false" },
          ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin" },
        },
      }),
      "the office's network left through": only({
        Condition: { ...OUTSIDE, NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      }),
      "principals left through by a tag": only({
        Condition: {
          StringNotEqualsIfExists: { "aws:SourceVpc": "vpc-1", "aws:PrincipalTag/network-perimeter-exception": "true" },
        },
      }),
      "the owner of the endpoint": only({ Condition: { StringNotEquals: { "aws:VpceAccount": "111122223333" } } }),
    },
    fails: {
      "objects only": only({ Resource: `${BUCKET}/*` }),
      "the bucket only": only({ Resource: BUCKET }),
      "one prefix": only({ Resource: [BUCKET, `${BUCKET}/private/*`] }),
      "another bucket": only({ Resource: ["arn:aws:s3:::other", "arn:aws:s3:::other/*"] }),
      "reading only": only({ Action: "s3:GetObject" }),
      "one user only": only({ Condition: { ...OUTSIDE, StringEquals: { "aws:username": "alice" } } }),
      "one prefix by condition": only({ Condition: { ...OUTSIDE, StringLike: { "s3:prefix": "private/*" } } }),
      "calls through some endpoint only": only({ Condition: { ...OUTSIDE, Null: { "aws:SourceVpce": "false" } } }),
      "any endpoint": only({ Condition: { StringNotLike: { "aws:SourceVpce": "vpce-*" } } }),
      "a key that internet calls lack": only({
        Condition: { "ForAnyValue:StringNotEquals": { "aws:SourceVpce": "vpce-0123456789abcdef0" } },
      }),
      "every address left through": only({ Condition: { ...OUTSIDE, NotIpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }),
      "every principal left through": only({ Condition: { ...OUTSIDE, ArnNotLike: { "aws:PrincipalArn": "*" } } }),
      "calls by AWS's services only": only({ Condition: { ...OUTSIDE, Bool: { "aws:ViaAWSService": "true" } } }),
    },
    unknown: { "an unknown resource": only({ Resource: UNKNOWN }) },
  });
});
