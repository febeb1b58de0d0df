import { endpointsOf, checkedByAws } from "../../../components/actions/facts";
import { everyFunctionInside } from "../../../components/actions/workloads";
import type { TestStatement } from "../../support/resources";
import { listed, statementsOf } from "../../support/resources";
import { ofKind, texts, type Node } from "./graph";
import type { Code } from "./starts";

/** A resource that must exist before code runs, and the reason. */
export interface Need {
  readonly on: Node;
  readonly why: string;
}

/** Statements of the roles, in whatever stack those are. */
const allowedTo = (resources: readonly Node[], roles: readonly string[]): readonly TestStatement[] =>
  policiesOf(resources, roles)
    .flatMap(({ inputs }) => statementsOf(inputs["policy"]))
    .filter(({ Effect }) => Effect === "Allow");

function policiesOf(resources: readonly Node[], roles: readonly string[]): readonly Node[] {
  const names = ofKind(resources, "Role")
    .filter(({ outputs }) => texts(outputs["arn"]).some((arn) => roles.includes(arn)))
    .map(({ inputs }) => inputs["name"]);
  return ofKind(resources, "RolePolicy").filter(({ inputs }) => names.includes(inputs["role"]));
}

/** Endpoint services of what the roles may do; none for what AWS does with a role from outside. */
const servicesOf = (statements: readonly TestStatement[]): ReadonlySet<string> =>
  new Set(
    statements
      .flatMap(({ Action }) => listed(Action))
      .filter((action) => !checkedByAws.includes(action) && !everyFunctionInside.actions.includes(action))
      .flatMap((action) => endpointsOf(action)),
  );

/** The way out of a network: routes, ACL, names, and the endpoints of what the roles may do. */
function networkNeeds(resources: readonly Node[], { subnets }: Code, services: ReadonlySet<string>): readonly Need[] {
  const own = ofKind(resources, "Subnet").filter(({ id }) => subnets.includes(id));
  const vpcs = new Set(own.map(({ inputs }) => inputs["vpcId"]));
  if (vpcs.size === 0) return [];
  const inSubnets = (value: unknown) => texts(value).some((id) => own.some((subnet) => subnet.id === id));
  const endpoints = ofKind(resources, "VpcEndpoint").filter(({ inputs }) => {
    const service = String(inputs["serviceName"]).replace(/^com\.amazonaws\.[a-z0-9-]+\./, "");
    return vpcs.has(inputs["vpcId"]) && services.has(service);
  });
  const named = (nodes: readonly Node[], why: string) => nodes.map((on) => ({ on, why }));
  return [
    ...named(endpoints, "its calls pass this endpoint, with this policy"),
    ...named(
      ofKind(resources, "RouteTableAssociation").filter(({ inputs }) => inSubnets(inputs["subnetId"])),
      "its route to S3",
    ),
    ...named(
      ofKind(resources, "NetworkAcl").filter(({ inputs }) => inSubnets(inputs["subnetIds"])),
      "its subnet's ACL",
    ),
    ...named(
      ofKind(resources, "ResolverFirewallRuleGroupAssociation").filter(({ inputs }) => vpcs.has(inputs["vpcId"])),
      "the firewall of its names",
    ),
  ];
}

/** Rules on both sides of what the groups reach. `gaps` are ways that the other side does not admit. */
function groupNeeds(
  resources: readonly Node[],
  everywhere: readonly Node[],
  groups: readonly string[],
): { readonly needs: readonly Need[]; readonly gaps: readonly string[] } {
  const gaps: string[] = [];
  const out = ofKind(resources, "SecurityGroupEgressRule").filter(({ inputs }) =>
    groups.includes(String(inputs["securityGroupId"])),
  );
  const far = out.flatMap(({ name, inputs }) => {
    const target = inputs["referencedSecurityGroupId"];
    if (target === undefined) return [];
    const admits = ofKind(everywhere, "SecurityGroupIngressRule").filter(
      (rule) =>
        rule.inputs["securityGroupId"] === target &&
        rule.inputs["fromPort"] === inputs["fromPort"] &&
        (rule.inputs["cidrIpv4"] !== undefined || groups.includes(String(rule.inputs["referencedSecurityGroupId"]))),
    );
    if (admits.length === 0) gaps.push(`${name}: nothing on the other side admits it`);
    return admits.filter((rule) => resources.includes(rule));
  });
  return {
    needs: [
      ...out.map((on) => ({ on, why: "it leaves by this rule" })),
      ...far.map((on) => ({ on, why: "this rule admits it" })),
    ],
    gaps,
  };
}

/** Rules by which load balancers reach tasks: a service is steady only once their health checks pass. */
function balancerNeeds(resources: readonly Node[], { targets, groups }: Code): readonly Need[] {
  const balancers = ofKind(resources, "Listener")
    .filter(({ inputs }) => targets.some((arn) => JSON.stringify(inputs["defaultActions"]).includes(arn)))
    .map(({ inputs }) => inputs["loadBalancerArn"]);
  const fronts = ofKind(resources, "LoadBalancer")
    .filter(({ outputs }) => balancers.includes(outputs["arn"]))
    .flatMap(({ inputs }) => texts(inputs["securityGroups"]));
  const between = (from: readonly string[], to: readonly string[], kind: string) =>
    ofKind(resources, kind).filter(
      ({ inputs }) =>
        from.includes(String(inputs["securityGroupId"])) && to.includes(String(inputs["referencedSecurityGroupId"])),
    );
  return [
    ...between(fronts, groups, "SecurityGroupEgressRule"),
    ...between(groups, fronts, "SecurityGroupIngressRule"),
  ].map((on) => ({ on, why: "the load balancer's health checks pass this rule" }));
}

/** Names of resources in a policy, by the form of their ARN. */
const forms: readonly (readonly [RegExp, string, string])[] = [
  [/^arn:aws:logs:[^:]*:[^:]*:log-group:([^:*]+)/, "LogGroup", "name"],
  [/^arn:aws:s3:::([^/*]+)(?:\/|$)/, "Bucket", "bucket"],
  [/^arn:aws:secretsmanager:[^:]*:[^:]*:secret:(.+)-\?{6}$/, "Secret", "name"],
  [/^arn:aws:ecr:[^:]*:[^:]*:repository\/(.+)$/, "Repository", "name"],
  [/^arn:aws:sqs:[^:]*:[^:]*:(.+)$/, "Queue", "name"],
];

/** Resources that a role's policy names, and what they are only whole with. */
function policyNeeds(resources: readonly Node[], statements: readonly TestStatement[]): readonly Need[] {
  const arns = statements.flatMap(({ Resource }) => listed(Resource));
  const named = forms.flatMap(([form, kind, key]) => {
    const wanted = arns.map((arn) => form.exec(arn)?.[1]).filter((name) => name !== undefined);
    return ofKind(resources, kind).filter(({ inputs }) =>
      wanted.some((name) => name === inputs[key] || (kind === "Repository" && name.endsWith("*"))),
    );
  });
  const aliases = statements.flatMap(({ Condition }) =>
    listed(Condition?.["ForAnyValue:StringEquals"]?.["kms:ResourceAliases"]),
  );
  const reads =
    arns.length > 0 && statements.some(({ Action }) => listed(Action).includes("secretsmanager:GetSecretValue"));
  const parts = named.flatMap(({ id, inputs }) => [
    ...ofKind(resources, "BucketPolicy", "BucketServerSideEncryptionConfiguration").filter(
      (part) => inputs["bucket"] !== undefined && part.inputs["bucket"] === inputs["bucket"],
    ),
    ...(reads ? ofKind(resources, "SecretVersion").filter((part) => part.inputs["secretId"] === id) : []),
  ]);
  return [
    ...named,
    ...parts,
    ...ofKind(resources, "Alias").filter(({ inputs }) => aliases.includes(String(inputs["name"]))),
  ].map((on) => ({
    on,
    why: "its policy names it",
  }));
}

/** Hosts in its settings: DNS records, and services that register themselves in a private zone. */
function hostNeeds(resources: readonly Node[], { settings, groups }: Code): readonly Need[] {
  // Another stack's code finds the names of its own network.
  if (!ofKind(resources, "SecurityGroup").some(({ id }) => groups.includes(id))) return [];
  const records = ofKind(resources, "Record").filter(({ inputs }) => settings.includes(String(inputs["name"])));
  const zones = new Map(ofKind(resources, "PrivateDnsNamespace").map(({ id, inputs }) => [id, String(inputs["name"])]));
  const names = resources.filter(({ type, inputs }) => {
    if (type !== "aws:servicediscovery/service:Service") return false;
    const zone = zones.get(String((inputs["dnsConfig"] as { readonly namespaceId?: string } | undefined)?.namespaceId));
    return zone !== undefined && new RegExp(`[/@"]${String(inputs["name"])}\\.${zone}[:/"]`).test(settings);
  });
  const behind = names.flatMap(({ id, outputs }) =>
    resources.filter(
      ({ type, inputs }) =>
        (type === "aws:servicediscovery/instance:Instance" && inputs["serviceId"] === id) ||
        (type === "aws:ecs/service:Service" &&
          JSON.stringify(inputs["serviceRegistries"] ?? "").includes(String(outputs["arn"]))),
    ),
  );
  return [...records, ...behind].map((on) => ({ on, why: "its settings name this host" }));
}

/** Repositories of the images in its settings, and the build that fills them. */
function imageNeeds(resources: readonly Node[], { settings }: Code): readonly Need[] {
  const pulled = ofKind(resources, "Repository").filter(({ outputs }) =>
    texts(outputs["repositoryUrl"]).some((url) => settings.includes(`${url}@`)),
  );
  if (pulled.length === 0) return [];
  const projects = ofKind(resources, "Project").map(({ inputs }) => `"project":"${String(inputs["name"])}"`);
  const builds = ofKind(resources, "Invocation").filter(({ inputs }) =>
    projects.some((project) => String(inputs["input"]).includes(project)),
  );
  return [...pulled, ...builds].map((on) => ({ on, why: "its image comes from here" }));
}

/**
 * What must exist in a stack before its code runs. `everywhere` are the resources of all stacks:
 * roles and functions may be another's.
 */
export function needsOf(
  resources: readonly Node[],
  everywhere: readonly Node[],
  code: Code,
): { readonly needs: readonly Need[]; readonly gaps: readonly string[] } {
  const statements = allowedTo(everywhere, code.roles);
  const { needs, gaps } = groupNeeds(resources, everywhere, code.groups);
  return {
    needs: [
      ...policiesOf(resources, code.roles).map((on) => ({ on, why: "its role's policy" })),
      ...ofKind(resources, "LogGroup")
        .filter(({ inputs }) => code.logGroups.includes(String(inputs["name"])))
        .map((on) => ({ on, why: "its log group" })),
      ...networkNeeds(resources, code, servicesOf(statements)),
      ...needs,
      ...balancerNeeds(resources, code),
      ...policyNeeds(resources, statements),
      ...hostNeeds(resources, code),
      ...imageNeeds(resources, code),
    ],
    gaps,
  };
}
