import type { StackSpec } from "../../config";
import { planSecurityFilters } from "./security-filters";

const width = 12;
const height = 6;

/** The infrastructure team's dashboard as CloudWatch takes it: money, models, gateway, security, from left to right and top to bottom. */
export function planDashboard(spec: StackSpec): string {
  const { region } = spec;
  const { organization } = spec.platform;
  const search = (namespace: string, dimensions: string, metric: string, stat: string, period: number) => ({
    expression: `SEARCH('{${namespace},${dimensions}} MetricName="${metric}"', '${stat}', ${String(period)})`,
    id: "e1",
    label: "",
  });
  const metrics: readonly { readonly title: string; readonly metrics: readonly unknown[]; readonly stat?: string }[] = [
    {
      title: "Budget used by department, percent",
      metrics: [[search("Cline/Spend", "Department", "BudgetUsedPercent", "Maximum", 300)]],
    },
    {
      title: "Expected at the month's end, percent of budget",
      metrics: [[search("Cline/Spend", "Department", "ForecastPercent", "Maximum", 86_400)]],
    },
    {
      title: "Spend by department and model, US dollars a day",
      metrics: [[search("Cline/Spend", "Department,Model", "DailySpendUsd", "Maximum", 86_400)]],
    },
    { title: "Model invocations", metrics: [[search("AWS/Bedrock", "ModelId", "Invocations", "Sum", 300)]] },
    {
      title: "Model latency, milliseconds (p90)",
      metrics: [[search("AWS/Bedrock", "ModelId", "InvocationLatency", "p90", 300)]],
    },
    {
      title: "Models: throttles and errors",
      stat: "Sum",
      metrics: ["InvocationThrottles", "InvocationClientErrors", "InvocationServerErrors"].map((name) => [
        "AWS/Bedrock",
        name,
      ]),
    },
    {
      title: "Functions: errors",
      metrics: [
        [
          {
            ...search("AWS/Lambda", "FunctionName", "Errors", "Sum", 300),
            expression: `SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors" FunctionName="${organization}-"', 'Sum', 300)`,
          },
        ],
      ],
    },
    {
      title: "Security: events found in the trail",
      stat: "Sum",
      metrics: planSecurityFilters(spec).map(({ noun }) => ["Cline/Security", noun]),
    },
  ];
  return JSON.stringify({
    widgets: metrics.map((widget, index) => ({
      type: "metric",
      x: (index % 2) * width,
      y: Math.floor(index / 2) * height,
      width,
      height,
      properties: { view: "timeSeries", stacked: false, region, period: 300, stat: "Sum", ...widget },
    })),
  });
}
