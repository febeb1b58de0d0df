import assert from "node:assert/strict";
import path from "node:path";
import { judge } from "../../offline/judge";
import { startPack, type PolicyPack } from "../../offline/pack-client";
import { fixturesDeployed, previewFiles, type DeployedStack } from "../support/deployed";
import { fixtureStacks } from "../support/project";

type Inputs = Readonly<Record<string, unknown>>;

/** Texts that stay unknown in a preview: their hash is an input of its own, which must not be the mark's. */
const hashed = /::(?:gateway-declared-state) content$/;

const isUnknown = (value: unknown): boolean => value === "[unknown]" || value === undefined;

const parsed = (value: unknown): unknown => {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
};

/** Each leaf of the deployed value with the preview's, texts of JSON opened; an unknown hides what is below it. */
function compare(
  previewed: unknown,
  deployed: unknown,
  at: string,
  found: (at: string, a: unknown, b: unknown) => void,
) {
  const document = parsed(deployed);
  if (document !== undefined) {
    if (isUnknown(previewed)) found(at, previewed, deployed);
    else compare(parsed(previewed), document, at, found);
  } else if (typeof deployed === "object" && deployed !== null && !isUnknown(previewed)) {
    for (const [key, value] of Object.entries(deployed as Inputs))
      compare((previewed as Inputs)[key], value, `${at}.${key}`, found);
  } else found(at, previewed, deployed);
}

describe("what a preview knows", () => {
  let previews: readonly DeployedStack[];
  let deployed: Map<string, Inputs>;
  let pack: PolicyPack;
  before(async () => {
    previews = await previewFiles(fixtureStacks());
    deployed = new Map((await fixturesDeployed()).flatMap(({ resources }) => resources.map((r) => [r.urn, r.inputs])));
    pack = await startPack(path.join(__dirname, "../../policy-pack"));
  });
  after(() => pack.close());

  const each = (found: (at: string, a: unknown, b: unknown) => void) => {
    for (const { resources } of previews)
      for (const { urn, inputs } of resources)
        for (const [property, value] of Object.entries(deployed.get(urn)!))
          compare(inputs[property], value, `${urn} ${property}`, found);
  };

  it("is what is deployed: no value is known too early, and wrong", () => {
    let known = 0;
    const wrong: string[] = [];
    each((at, preview, value) => {
      if (isUnknown(preview) || (typeof preview === "string" && preview.includes("[unknown]"))) return;
      known += 1;
      if (preview !== value) wrong.push(`${at}: ${String(preview)} then ${String(value)}`);
    });
    assert.deepEqual(wrong, []);
    assert.ok(known > 5000, String(known));
  });

  it("is every document's structure, around what is not known", () => {
    let texts = 0;
    const whole: string[] = [];
    each((at, preview, value) => {
      if (parsed(value) === undefined) return;
      texts += 1;
      if (!hashed.test(at)) whole.push(at);
    });
    assert.deepEqual(whole, []);
    assert.ok(texts > 0, "no text is left out: the exception is gone");
  });

  it("is enough for the policies on containers: each definition is judged, but for its secrets' ARNs", async () => {
    const policies = [
      "ecs-image-digest",
      "ecs-logging",
      "ecs-no-host-namespace",
      "ecs-no-plaintext-secrets",
      "ecs-no-privileged",
      "ecs-no-root-user",
      "ecs-readonly-root",
    ];
    let count = 0;
    for (const { spec, resources } of previews) {
      const definitions = resources.filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
      count += definitions.length;
      const { evidence } = await judge(
        pack,
        resources.map(({ raw }) => raw),
        spec.region,
      );
      for (const policy of policies) {
        const { passed, violated, exempt, undeterminable } = evidence[policy]!;
        assert.deepEqual(undeterminable, [], policy);
        assert.equal(passed.length + violated.length + exempt.length, definitions.length, policy);
      }
    }
    // The gateway's service and migration, Langfuse's web and worker, the collector.
    assert.equal(count, 5);
  });
});
