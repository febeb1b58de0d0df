import type { StackContext } from "../kit";
import { securityNamespace } from "./security-alarms";
import { planSecurityFilters } from "./security-filters";

/** Of a widget; CloudWatch's grid is 24 wide. */
const width = 12;
const height = 6;

/** A widget's title and metrics. */
interface Graph {
  readonly title: string;
  readonly metrics: readonly unknown[];
  /** Statistic of metrics that name none; default `Sum`. */
  readonly stat?: string;
}

/** A metric with every value of its dimensions. `period` in seconds. */
const search = (
  namespace: string,
  dimensions: string,
  metric: string,
  stat: string,
  period: number,
  filter = "",
): readonly unknown[] => [
  {
    expression: `SEARCH('{${namespace},${dimensions}} MetricName="${metric}"${filter}', '${stat}', ${String(period)})`,
    id: "e1",
    label: "",
  },
];

const day = 86_400;

const spend: readonly Graph[] = [
  {
    title: "Budget used by department, percent",
    metrics: [search("Cline/Spend", "Department", "BudgetUsedPercent", "Maximum", 300)],
  },
  {
    title: "Expected at the month's end, percent of budget",
    metrics: [search("Cline/Spend", "Department", "ForecastPercent", "Maximum", day)],
  },
  {
    title: "Spend by department and model, US dollars a day",
    metrics: [search("Cline/Spend", "Department,Model", "DailySpendUsd", "Maximum", day)],
  },
];

const models: readonly Graph[] = [
  { title: "Model invocations", metrics: [search("AWS/Bedrock", "ModelId", "Invocations", "Sum", 300)] },
  {
    title: "Model latency, milliseconds (p90)",
    metrics: [search("AWS/Bedrock", "ModelId", "InvocationLatency", "p90", 300)],
  },
  {
    title: "Models: throttles and errors",
    stat: "Sum",
    metrics: ["InvocationThrottles", "InvocationClientErrors", "InvocationServerErrors"].map((name) => [
      "AWS/Bedrock",
      name,
    ]),
  },
];

/** The infrastructure team's dashboard as CloudWatch takes it: spend, models, functions, security, left to right and top to bottom. */
export function planDashboard(context: StackContext): string {
  const { region, organization } = context;
  const ofOrganization = ` FunctionName="${organization}-"`;
  const graphs: readonly Graph[] = [
    ...spend,
    ...models,
    {
      title: "Functions: errors",
      metrics: [search("AWS/Lambda", "FunctionName", "Errors", "Sum", 300, ofOrganization)],
    },
    {
      title: "Security: events found in the trail",
      stat: "Sum",
      metrics: planSecurityFilters(context).map(({ noun }) => [securityNamespace, noun]),
    },
  ];
  return JSON.stringify({
    widgets: graphs.map((graph, index) => ({
      type: "metric",
      x: (index % 2) * width,
      y: Math.floor(index / 2) * height,
      width,
      height,
      properties: { view: "timeSeries", stacked: false, region, period: 300, stat: "Sum", ...graph },
    })),
  });
}
