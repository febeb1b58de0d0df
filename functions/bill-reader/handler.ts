import { CostExplorerClient, GetCostAndUsageCommand } from "@aws-sdk/client-cost-explorer";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import { billedByDepartment, monthUntil, type CostGroup } from "./bill";

const costs = awsClient(new CostExplorerClient({ region: "us-east-1" }));
const s3 = awsClient(new S3Client({}));

/**
 * Reads this month's bill by department and stores it in the report bucket.
 * Cost Explorer has no endpoint in the VPC, so this function runs outside it.
 */
export async function handler(): Promise<Readonly<Record<string, number>>> {
  const groups: CostGroup[] = [];
  let token: string | undefined;
  do {
    const page = await costs.send(
      new GetCostAndUsageCommand({
        TimePeriod: monthUntil(new Date()),
        Granularity: "MONTHLY",
        Metrics: ["UnblendedCost"],
        GroupBy: [{ Type: "TAG", Key: "Department" }],
        NextPageToken: token,
      }),
    );
    groups.push(...(page.ResultsByTime ?? []).flatMap((result) => result.Groups ?? []));
    token = page.NextPageToken;
  } while (token !== undefined);
  const billed = billedByDepartment(groups);
  await s3.send(
    new PutObjectCommand({
      Bucket: setting("REPORT_BUCKET"),
      Key: "bill/current.json",
      Body: JSON.stringify({ readAt: new Date().toISOString(), billedUsd: billed }),
      ContentType: "application/json",
    }),
  );
  return billed;
}
