export { PrivateBucket, type PrivateBucketArgs } from "./private-bucket";
export type { BucketStatement } from "./bucket-policy";
