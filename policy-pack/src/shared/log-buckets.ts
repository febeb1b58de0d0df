import { attempt, some, type Tri } from "../frame/tri";
import type { ResourceView, StackView } from "../frame/view";
import { BUCKET_LOGGINGS, BUCKETS, LOAD_BALANCERS } from "./types";
import { effective } from "./effective";

interface Writer {
  readonly types: readonly string[];
  /** The input that names the bucket. */
  readonly path: string;
  readonly writes?: (resource: ResourceView) => boolean;
}

/** Network load balancers write under a key of one's own; they do not count. */
const isApplication = (balancer: ResourceView): boolean =>
  effective(balancer, "loadBalancerType").text() === "application";

/**
 * Writers of logs into buckets that AWS supports under S3's own keys alone. Sources: ELB user guides,
 * "Access logs"; S3 user guide, "Logging requests with server access logging".
 */
const WRITERS: readonly Writer[] = [
  ...["accessLogs.bucket", "connectionLogs.bucket"].map((path) => ({
    types: LOAD_BALANCERS,
    path,
    writes: isApplication,
  })),
  { types: ["aws:elb/loadBalancer:LoadBalancer"], path: "accessLogs.bucket" },
  { types: BUCKET_LOGGINGS, path: "targetBucket" },
  { types: BUCKETS, path: "logging.targetBucket" },
];

/** Whether the bucket receives logs that AWS writes under S3's own keys alone. */
export function takesOwnKeysOnly(stack: StackView, bucket: ResourceView): Tri {
  return some(WRITERS, ({ types, path, writes }) =>
    some(stack.ofType(...types), (writer) =>
      attempt(() => writer.at(path).isSet && writes?.(writer) !== false && stack.refers(writer, path, bucket)),
    ),
  );
}
