export { PrivateBucket, type PrivateBucketArgs } from "./private-bucket";
