import type { DeployedStack } from "../../support/deployed";
import { listed } from "../../support/resources";
import { statementsOf } from "../../support/resources";
import { ofKind, texts, type Node } from "./graph";

/** Code with its roles, security groups and subnets, as it runs. */
export interface Code {
  /** What runs, e.g. `function key-rotation`. */
  readonly what: string;
  /** ARNs of its roles. */
  readonly roles: readonly string[];
  /** Ids of its security groups; none outside a network. */
  readonly groups: readonly string[];
  readonly subnets: readonly string[];
  /** Settings in which it finds hosts and names. */
  readonly settings: string;
  /** Log groups that its own resource names. */
  readonly logGroups: readonly string[];
  /** Target groups that send to it. */
  readonly targets: readonly string[];
}

/** A resource whose creation starts code during `up`. */
export interface Start {
  readonly at: Node;
  readonly runs: readonly Code[];
}

type Inputs = Readonly<Record<string, unknown>>;
const record = (value: unknown): Inputs => ((Array.isArray(value) ? (value as unknown[])[0] : value) ?? {}) as Inputs;

function functionCode({ name, inputs }: Node): Code {
  const vpc = record(inputs["vpcConfig"]);
  return {
    what: `function ${name}`,
    roles: texts(inputs["role"]),
    groups: texts(vpc["securityGroupIds"]),
    subnets: texts(vpc["subnetIds"]),
    // Hosts that the certificates' issuer signs for are names to it: it calls none of them.
    settings: JSON.stringify(inputs["environment"] ?? {}).replace(/"SERVERS":"(?:[^"\\]|\\.)*"/, ""),
    logGroups: texts(record(inputs["loggingConfig"])["logGroup"]),
    targets: [],
  };
}

/** Tasks of a definition; `groups` and `subnets` come from whoever starts them. */
function taskCode(
  { name, inputs }: Node,
  groups: readonly string[],
  subnets: readonly string[],
  targets: readonly string[] = [],
): Code {
  const settings = String(inputs["containerDefinitions"]);
  return {
    what: `task ${name}`,
    roles: [...texts(inputs["taskRoleArn"]), ...texts(inputs["executionRoleArn"])],
    groups,
    subnets,
    settings,
    logGroups: [...settings.matchAll(/"awslogs-group":"([^"]+)"/g)].map(([, group = ""]) => group),
    targets,
  };
}

/** Resources of all stacks, by what others name them. */
class Index {
  readonly #all: readonly Node[];
  constructor(stacks: readonly DeployedStack[]) {
    this.#all = stacks.flatMap(({ resources }) => resources);
  }
  /** A resource by a text that contains its ARN, or equals its id or name. */
  find(kind: string, text: unknown): Node | undefined {
    return ofKind(this.#all, kind).find(
      ({ id, inputs, outputs }) => text === id || text === inputs["name"] || text === outputs["arn"],
    );
  }
  /** Resources of a kind whose id, ARN or family stands in a text. */
  named(kind: string, text: string): readonly Node[] {
    return ofKind(this.#all, kind).filter(({ id, inputs, outputs }) =>
      [id, outputs["arn"], inputs["family"]].some(
        (own) => typeof own === "string" && own !== "" && text.includes(`"${own}"`),
      ),
    );
  }
  subnetsOf(text: string): readonly string[] {
    return ofKind(this.#all, "Subnet")
      .map(({ id }) => id)
      .filter((id) => text.includes(id));
  }
  allows(role: string, action: string): readonly string[] {
    const found = ofKind(this.#all, "Role").find(({ outputs }) => outputs["arn"] === role);
    return ofKind(this.#all, "RolePolicy")
      .filter(({ inputs }) => found !== undefined && inputs["role"] === found.inputs["name"])
      .flatMap(({ inputs }) => statementsOf(inputs["policy"]))
      .filter(({ Effect, Action }) => Effect === "Allow" && listed(Action).includes(action))
      .flatMap(({ Resource }) => listed(Resource));
  }
  get all(): readonly Node[] {
    return this.#all;
  }
}

/** A function, and the tasks and builds that it starts with this event. */
function invoked(index: Index, lambda: Node, event: string): readonly Code[] {
  const own = functionCode(lambda);
  const text = `${own.settings} ${event}`.replaceAll("\\", "");
  const passes = own.roles.flatMap((role) => index.allows(role, "iam:PassRole"));
  const tasks = index
    .named("TaskDefinition", text)
    .filter(({ inputs }) => texts(inputs["taskRoleArn"]).some((role) => passes.includes(role)));
  const groups = index.named("SecurityGroup", text).map(({ id }) => id);
  const builds = own.roles.flatMap((role) => index.allows(role, "codebuild:StartBuild"));
  return [
    { ...own, settings: text },
    ...tasks.map((task) => ({ ...taskCode(task, groups, index.subnetsOf(text)), roles: passes })),
    ...builds.flatMap((arn) => {
      const project = index.find("Project", arn);
      if (!project) return [];
      return [
        {
          what: `build ${project.name}`,
          roles: texts(project.inputs["serviceRole"]),
          groups: [],
          subnets: [],
          settings: JSON.stringify(project.inputs["environment"]),
          logGroups: [],
          targets: [],
        },
      ];
    }),
  ];
}

function started(index: Index, at: Node): readonly Code[] {
  const { type, inputs } = at;
  const lambda = (name: unknown, event: unknown) => {
    const found = index.find("Function", name);
    return found ? invoked(index, found, typeof event === "string" ? event : JSON.stringify(event ?? {})) : [];
  };
  switch (type) {
    case "aws:lambda/invocation:Invocation":
      return lambda(inputs["functionName"], inputs["input"]);
    case "aws:secretsmanager/secretRotation:SecretRotation":
      return lambda(inputs["rotationLambdaArn"], {});
    case "aws:scheduler/schedule:Schedule": {
      const target = record(inputs["target"]);
      return lambda(target["arn"], target["input"]);
    }
    case "aws:ecs/service:Service": {
      const network = record(inputs["networkConfiguration"]);
      const definition = index.find("TaskDefinition", inputs["taskDefinition"]);
      const targets = ((inputs["loadBalancers"] ?? []) as readonly Inputs[]).flatMap((each) =>
        texts(each["targetGroupArn"]),
      );
      return definition
        ? [taskCode(definition, texts(network["securityGroups"]), texts(network["subnets"]), targets)]
        : [];
    }
    case "aws:ec2/instance:Instance": {
      const profile = index.all.find(
        (each) => each.type.endsWith(":InstanceProfile") && each.inputs["name"] === inputs["iamInstanceProfile"],
      );
      const role = index.all.find(
        (each) => each.type === "aws:iam/role:Role" && each.inputs["name"] === profile?.inputs["role"],
      );
      return [
        {
          what: `instance ${at.name}`,
          roles: texts(role?.outputs["arn"]),
          groups: texts(inputs["vpcSecurityGroupIds"]),
          subnets: texts(inputs["subnetId"]),
          settings: String(inputs["userData"]),
          logGroups: [],
          targets: [],
        },
      ];
    }
    default:
      return [];
  }
}

/** Everything of one stack that starts code while it is created; the code may be another stack's. */
export function startsOf(stack: DeployedStack, stacks: readonly DeployedStack[]): readonly Start[] {
  const index = new Index(stacks);
  return stack.resources.map((at) => ({ at, runs: started(index, at) })).filter(({ runs }) => runs.length > 0);
}
