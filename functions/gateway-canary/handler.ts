import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { setting } from "../shared/environment";
import { gatewayFor, secretText } from "../shared/secrets";
import { probe, type Vitals } from "./probe";

const cloudWatch = new CloudWatchClient({});

/** Probes the gateway and publishes what it found. */
export async function handler(): Promise<Vitals> {
  const vitals = await probe(gatewayFor(await secretText(setting("CANARY_KEY_SECRET_NAME"))));
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
