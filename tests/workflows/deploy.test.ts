import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { planTemplate } from "../../bootstrap";
import { platformSpec } from "../support/specs";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number>>;
}
interface Job {
  readonly environment?: string;
  readonly needs?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

const folder = path.join(__dirname, "../../.github/workflows");
const jobs = readdirSync(folder).flatMap((file) =>
  Object.entries((parse(readFileSync(path.join(folder, file), "utf8")) as { jobs: Record<string, Job> }).jobs).map(
    ([name, job]) => ({ name: `${file} ${name}`, job }),
  ),
);
const credentials = ({ steps }: Job) =>
  steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"))?.with;
const withAws = jobs.filter(({ job }) => credentials(job) !== undefined);

describe("the workflows that touch AWS", () => {
  const spec = platformSpec({ "cline:platform": { repository: { url: "https://github.com/example/cline" } } });
  const roles = planTemplate(spec, [spec]).Resources;
  const roleOf: Readonly<Record<string, string>> = {
    AUDIT_ROLE_ARN: "AuditWorkflowRole",
    DEPLOY_ROLE_ARN: "DeployerRole",
  };

  it("run in the environment whose subject their role trusts", () => {
    assert.ok(withAws.length >= 3);
    for (const { name, job } of withAws) {
      const variable = /vars\.(\w+)/.exec(String(credentials(job)?.["role-to-assume"]))?.[1] ?? "";
      const trust = JSON.stringify(roles[roleOf[variable] ?? ""]?.Properties["AssumeRolePolicyDocument"]);
      assert.ok(trust.includes(`:environment:${job.environment ?? "none"}"`), `${name}: ${variable}`);
    }
  });

  it("end before their credentials do, which no role's longest session exceeds", () => {
    for (const { name, job } of withAws) {
      const seconds = Number(credentials(job)?.["role-duration-seconds"] ?? 3600);
      const role = String(credentials(job)?.["role-to-assume"]).includes("DEPLOY")
        ? "DeployerRole"
        : "AuditWorkflowRole";
      const longest = Number(roles[role]?.Properties["MaxSessionDuration"] ?? 3600);
      assert.ok(
        (job["timeout-minutes"] ?? 360) * 60 <= seconds,
        `${name} runs for ${String(job["timeout-minutes"])} minutes`,
      );
      assert.ok(seconds <= longest, name);
    }
  });

  it("apply with the deployer only what a job before them planned", () => {
    const applying = withAws.filter(({ job }) => job.environment === "production");
    assert.equal(applying.length, 1);
    for (const { name, job } of applying) {
      const script = job.steps.map(({ run }) => run).join("\n");
      assert.equal(job.needs, "plan", name);
      assert.match(script, /sha256sum --check/, name);
      assert.match(script, /npm run --silent deploy -- --plans plans/, name);
      assert.doesNotMatch(script, /pulumi up/, name);
    }
  });
});
