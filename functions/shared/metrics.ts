import { CloudWatchClient, PutMetricDataCommand, type MetricDatum } from "@aws-sdk/client-cloudwatch";
import { awsClient } from "./aws";

const cloudWatch = awsClient(new CloudWatchClient({}));

/** Metrics that one call takes. */
const batchSize = 1000;

/** Publishes metrics under one namespace, in as many calls as it takes. */
export async function publish(namespace: string, metrics: readonly MetricDatum[]): Promise<void> {
  for (let at = 0; at < metrics.length; at += batchSize) {
    await cloudWatch.send(
      new PutMetricDataCommand({ Namespace: namespace, MetricData: metrics.slice(at, at + batchSize) }),
    );
  }
}
