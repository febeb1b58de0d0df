import { loadStackFiles, type StackSpec } from "../../../config";
import { planAccessChanges } from "../../../cli/changes/access";
import { replaces } from "../../../cli/changes/replaces";
import { instanceTypes } from "../../../components/workspace/sizes";
import { planTouched, type Side } from "../../../cli/changes/touched";
import {
  planStackCost,
  planStackDifference,
  type Finding,
  type PlannedStack,
  type PreviewDocument,
  type ResourceReport,
} from "../../../reports";
import { departmentConfig, merged, platformConfig, type Config } from "../../support/specs";
import { filesOf, type Configs } from "../../support/stack-files";

/** A platform and two departments, which share from it. */
export const baseConfigs: Configs = {
  platform: platformConfig,
  engineering: departmentConfig,
  design: merged(departmentConfig, {
    "cline:department": {
      lead: "kato",
      monthlyBudgetUsd: 500,
      alertEmails: ["kato@example.com"],
      developers: { tanaka: undefined, suzuki: undefined, arai: {}, mizuno: {} },
    },
  }),
};

/** The base with overrides by stack; `undefined` removes a stack. */
export function changed(overrides: Readonly<Record<string, Config | undefined>>): Configs {
  const names = [...new Set([...Object.keys(baseConfigs), ...Object.keys(overrides)])];
  return Object.fromEntries(
    names
      .filter((name) => !(name in overrides) || overrides[name] !== undefined)
      .map((name) => [name, merged(baseConfigs[name] ?? {}, overrides[name] ?? {})]),
  );
}

export const sideOf = (configs: Configs): Side => ({
  specs: loadStackFiles(filesOf(configs)),
  configOf: (stack) =>
    Object.fromEntries(Object.entries(configs[stack] ?? {}).map(([key, value]) => [key, JSON.stringify(value)])),
});

/**
 * What a small program would register for a stack: a key, and a role, a secret, a home and a machine for each developer. The real one is
 * previewed by the suites; here the words around it are under test.
 */
function plannedOf(spec: StackSpec, spoiled: ReadonlySet<string>): PlannedStack {
  const parent = urnOf(spec.stack, "pulumi:pulumi:Stack", `cline-${spec.stack}`);
  const make = (type: string, name: string, inputs: ResourceReport["inputs"]): ResourceReport => ({
    urn: urnOf(spec.stack, type, name),
    type,
    name,
    parent,
    inputs,
  });
  const department = spec.department;
  const resources = [
    { urn: parent, type: "pulumi:pulumi:Stack", name: `cline-${spec.stack}`, parent: "", inputs: {} },
    make("aws:kms/key:Key", "keys-data", { enableKeyRotation: true, policy: "[unknown]" }),
    make("aws:s3/bucketObject:BucketObject", "declared-state", {
      key: department ? `${department.name}/${department.monthlyBudgetUsd}` : "caps",
      content: JSON.stringify({ caps: spec.platform.caps, keepPromptText: department?.keepPromptText }),
    }),
    ...(department?.developers ?? []).flatMap(({ id, workspace, models, priority }) => [
      make("aws:secretsmanager/secret:Secret", `gateway-${id}-secret`, {
        name: `cline/${id}`,
        secretString: "[secret]",
      }),
      make("aws:ebs/volume:Volume", `${id}-home`, { size: workspace.homeGiB, availabilityZone: "ap-northeast-1a" }),
      make("aws:ec2/instance:Instance", `${id}-instance`, {
        instanceType: instanceTypes[workspace.size],
        tags: { models: models.join(" "), priority, schedule: workspace.schedule ? workspace.schedule.start : "none" },
      }),
    ]),
  ];
  const options = resources.map(({ urn, type }) => {
    const retainOnDelete = type === "aws:ebs/volume:Volume" || type === "aws:kms/key:Key";
    return [urn, { ignoreChanges: [], replaceOnChanges: [], aliases: [], retainOnDelete }] as const;
  });
  const violations = resources.flatMap(({ urn, type, name }): Finding[] =>
    type !== "aws:ec2/instance:Instance"
      ? []
      : [
          {
            policy: "ec2-detailed-monitoring",
            urn,
            level: "advisory",
            severity: "low",
            message: "monitoring is false",
            source: "index.ts:20",
          },
          ...(spoiled.has(name)
            ? [
                {
                  policy: "net-no-public-ssh",
                  urn,
                  level: "mandatory",
                  severity: "critical",
                  message: "ingress[0] admits port 22 from 0.0.0.0/0",
                  remedy: "Remove the rule; use Session Manager.",
                  source: "index.ts:21",
                } as const,
              ]
            : []),
        ],
  );
  const cost = planStackCost({
    region: spec.region,
    people: department?.developers.length ?? 0,
    modelBudgetUsd: (department ?? spec.platform).monthlyBudgetUsd,
    resources: resources.map((resource) => ({ ...resource, propertyDependencies: {} })),
  });
  return {
    report: { stack: spec.stack, resources, outputs: {}, violations, passed: { "kms-cmk-required": 3 }, cost },
    options: new Map(options),
  };
}

const urnOf = (stack: string, type: string, name: string): string => `urn:pulumi:${stack}::cline::${type}::${name}`;

/** The document of `npm run preview -- --base main` over the small program. */
export function comparedDocument(base: Configs, head: Configs, spoiled: readonly string[] = []): PreviewDocument {
  const [before, after] = [sideOf(base), sideOf(head)];
  const touched = planTouched(before, after, []);
  const planned = ({ specs }: Side, bad: readonly string[]): ReadonlyMap<string, PlannedStack> =>
    new Map(specs.map((spec) => [spec.stack, plannedOf(spec, new Set(bad))]));
  const [was, is] = [planned(before, []), planned(after, spoiled)];
  return {
    stacks: touched.stacks.flatMap((stack) => is.get(stack)?.report ?? []),
    comparison: {
      base: "origin/main",
      access: planAccessChanges(before.specs, after.specs),
      stacks: touched.stacks.map((stack) => planStackDifference(stack, was.get(stack), is.get(stack), replaces)),
      reason: touched.reason,
      leftOut: touched.leftOut,
    },
  };
}
