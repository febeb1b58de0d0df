import assert from "node:assert/strict";
import { actionScope } from "../../../components/actions/scope";
import { functionPlans } from "../../../components/actions/table";
import type { StackSpec } from "../../../config";
import type { DeployedStack } from "../../support/deployed";
import { fetchedFiles } from "../../support/set-up";
import type { WorldRole } from "../world";
import { bundleActions } from "./bundles";
import { lambdaService, programs, services } from "./documented";
import { scriptActions } from "./scripts";

type Resource = DeployedStack["resources"][number];
type Inputs = Readonly<Record<string, unknown>>;

const record = (value: unknown): Inputs => ((Array.isArray(value) ? (value as unknown[])[0] : value) ?? {}) as Inputs;
const actionsOf = (program: string): readonly string[] => {
  const known = programs[program];
  assert.ok(known, `${program}: say in documented.ts what it calls`);
  return known.actions;
};

/** Programs in the mirrored images, by repository: the last part of the image's name. */
const images: Readonly<Record<string, readonly string[]>> = {
  gateway: ["LiteLLM"],
  langfuse: ["Langfuse"],
  "langfuse-worker": ["Langfuse"],
  // Spans go to Langfuse; it has no exporter for AWS.
  collector: [],
  // HAProxy ends TLS beside Langfuse.
  proxy: [],
};

function functionCalls({ inputs }: Resource, spec: StackSpec): readonly string[] {
  const name = String(inputs["name"]);
  const purpose = functionPlans(actionScope(spec)).find(({ purpose, physicalPurpose = purpose }) =>
    name.endsWith(`${spec.stack}-${physicalPurpose}`),
  )?.purpose;
  assert.ok(purpose, `no plan for ${name}`);
  const inVpc = inputs["vpcConfig"] !== undefined;
  return [...bundleActions(purpose), ...lambdaService.always.actions, ...(inVpc ? lambdaService.inVpc.actions : [])];
}

/** A task's own calls: its scripts, and the programs of its images. */
function taskCalls({ inputs }: Resource): readonly string[] {
  const text = String(inputs["containerDefinitions"]);
  const containers = JSON.parse(text) as readonly { readonly entryPoint?: string[]; readonly command?: string[] }[];
  const scripts = containers.flatMap(({ entryPoint = [], command = [] }) => [...entryPoint, ...command]).join("\n");
  const repositories = [...text.matchAll(/"image":"[^"]*\/([a-z-]+)@/g)].map(([, repository = ""]) => repository);
  assert.ok(repositories.length > 0, text.slice(0, 200));
  return [
    ...scriptActions(scripts),
    ...repositories.flatMap((repository) => {
      const known = images[repository];
      assert.ok(known, `${repository}: say here what runs in this image`);
      return known.flatMap(actionsOf);
    }),
  ];
}

/** An instance's calls: its user data, the set-up that it fetches, and the SSM agent where sessions may open. */
function instanceCalls({ inputs }: Resource, resources: readonly Resource[]): readonly string[] {
  const userData = String(inputs["userData"]);
  const text = [userData, ...fetchedFiles(userData, resources).map(({ content }) => content)].join("\n");
  const purpose = record(inputs["tags"])["Purpose"];
  return [
    ...scriptActions(text),
    ...(purpose === "workspace" || purpose === "langfuse-access" ? actionsOf("SSM agent") : []),
    // Shell sessions are logged and encrypted; sessions that forward a port cannot be.
    ...(purpose === "workspace" ? actionsOf("SSM agent, session logs and encryption") : []),
  ];
}

const matches = (glob: string, name: string) => new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(name);

/** What AWS itself does with a role, by the service that its trust policy admits. */
function serviceCalls(role: WorldRole): readonly string[] {
  const trusted = role.trust.document.Statement.map(({ Principal }) => record(Principal)["Service"]);
  const known = Object.entries(services).find(([key]) => {
    const [service = "", purpose = ""] = key.split(" ");
    return trusted.includes(service) && matches(`*${purpose}`, role.name);
  });
  assert.ok(known, `${role.name}: say in documented.ts what ${String(trusted)} does with it`);
  return known[1].actions;
}

/** Actions of everything that runs under a role, read from what is deployed. */
export function callsOf(role: WorldRole, stacks: readonly DeployedStack[]): ReadonlySet<string> {
  const all = stacks.flatMap(({ resources }) => resources);
  const of = (type: string) => all.filter((resource) => resource.type.endsWith(`:${type}`));
  const profiles = of("InstanceProfile").filter(({ inputs }) => inputs["role"] === role.name);
  const functions = stacks.flatMap(({ spec, resources }) =>
    resources
      .filter(({ type, inputs }) => type === "aws:lambda/function:Function" && inputs["role"] === role.arn)
      .map((resource) => functionCalls(resource, spec)),
  );
  const found = [
    ...functions,
    ...of("TaskDefinition")
      .filter(({ inputs }) => inputs["taskRoleArn"] === role.arn)
      .map(taskCalls),
    ...of("TaskDefinition")
      .filter(({ inputs }) => inputs["executionRoleArn"] === role.arn)
      .map(() => actionsOf("ECS agent")),
    ...of("Instance")
      .filter(({ inputs }) => profiles.some((profile) => profile.inputs["name"] === inputs["iamInstanceProfile"]))
      .map((each) => instanceCalls(each, all)),
    ...of("Project")
      .filter(({ inputs }) => inputs["serviceRole"] === role.arn)
      .map(({ inputs }) => [
        ...scriptActions(
          (
            JSON.parse(String(record(inputs["source"])["buildspec"])) as { phases: { build: { commands: string[] } } }
          ).phases.build.commands.join("\n"),
        ),
        ...actionsOf("CodeBuild"),
      ]),
  ];
  // The one-off task that makes a department's project is registered when it is needed.
  if (found.length === 0 && role.name.endsWith("-langfuse-init-execution")) found.push(actionsOf("ECS agent"));
  return new Set(found.length > 0 ? found.flat() : serviceCalls(role));
}
