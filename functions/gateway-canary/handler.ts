import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import { gatewayFor, managementFor, secretText } from "../shared/secrets";
import { probe, type Vitals } from "./probe";

const cloudWatch = awsClient(new CloudWatchClient({}));

/** Probes the gateway and publishes what it found. */
export async function handler(): Promise<Vitals> {
  const key = await secretText(setting("CANARY_KEY_SECRET_NAME"));
  const vitals = await probe(gatewayFor(key), managementFor(key));
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: setting("METRIC_NAMESPACE"),
      MetricData: Object.entries(vitals).map(([MetricName, Value]) => ({
        MetricName,
        Value: Value as number,
        Dimensions: [{ Name: "Stack", Value: setting("METRIC_STACK") }],
      })),
    }),
  );
  return vitals;
}
