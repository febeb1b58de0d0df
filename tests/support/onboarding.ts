import { parseDocument } from "yaml";
import type { StackFiles } from "../../config";

/** A change of the stack files. */
export type Edit = (files: StackFiles) => StackFiles;

/** Sets one value of a stack's file by its path below `config`; `undefined` removes it. */
const set =
  (stack: string, path: readonly string[], value: unknown): Edit =>
  (files) => {
    const name = `Pulumi.${stack}.yaml`;
    const file = parseDocument(files[name] ?? "");
    if (value === undefined) file.deleteIn(["config", ...path]);
    else file.setIn(["config", ...path], file.createNode(value));
    return { ...files, [name]: file.toString({ defaultKeyType: "PLAIN", defaultStringType: "QUOTE_DOUBLE" }) };
  };

const all =
  (...edits: readonly Edit[]): Edit =>
  (files) =>
    edits.reduce((edited, edit) => edit(edited), files);

const department = (path: readonly string[], value: unknown): Edit =>
  set("engineering", ["cline:department", ...path], value);
const platform = (path: readonly string[], value: unknown): Edit => set("platform", ["cline:platform", ...path], value);

const copied: Edit = all(
  (files) => ({ ...files, "Pulumi.design.yaml": files["Pulumi.data-science.yaml"] ?? "" }),
  set("design", ["cline:department", "lead"], "kato"),
  set("design", ["cline:department", "developers"], { mizuno: {}, arai: { monthlyBudgetUsd: 300, models: ["light"] } }),
);
const removed: Edit = (files) =>
  Object.fromEntries(Object.entries(files).filter(([name]) => name !== "Pulumi.data-science.yaml"));

const alone: Edit = all(
  ({ "Pulumi.platform.yaml": text = "" }) => ({ "Pulumi.platform.yaml": text }),
  platform(["caps", "engineering"], undefined),
  platform(["extraBudgets"], undefined),
);

/** The changes in the tables of docs/onboarding.md, each as an edit of the fixture stack files. */
export const wishes: Readonly<Record<string, Edit>> = {
  "a new developer": department(["developers", "endo"], {}),
  "somebody leaves": department(["developers", "nakamura"], undefined),
  "somebody comes back": department(["developers", "endo"], { homeVolume: "vol-0123456789abcdef0" }),
  "more or less for the department": department(["monthlyBudgetUsd"], 900),
  "a share for one person": department(["developers", "tanaka"], { monthlyBudgetUsd: 200 }),
  "pause somebody": department(["developers", "tanaka"], { monthlyBudgetUsd: 0 }),
  "other models or slower limits for one person": department(["developers", "tanaka"], { models: ["light"], rpm: 60 }),
  "working hours": department(["workspace", "schedule"], { start: "09:30", stop: "18:00" }),
  "a higher cap": all(copied, platform(["caps", "design"], { monthlyBudgetUsd: 1500 })),
  "more money until a date": platform(
    ["extraBudgets"],
    [{ department: "data-science", amountUsd: 250, reason: "a workshop", approvedBy: "mori", until: "2027-03-31" }],
  ),
  "a bigger organization budget": platform(["monthlyBudgetUsd"], 20_000),
  "another model behind a tier": platform(["models"], { light: "nova-2-lite" }),
};

const digest = (digit: number) => `sha256:${String(digit).repeat(64)}`;

/** The document's other instructions. */
export const steps: Readonly<Record<string, Edit>> = {
  "a department by copy, with lead and people of its own": copied,
  "a department less": removed,
  "no department": alone,
  "the salt that pulumi stack init writes": (files) =>
    Object.fromEntries(
      Object.entries(files).map(([name, text], at) => [name, `encryptionsalt: v1:k7Dp0m4sQ${at}c=:v1:Xy8\n${text}`]),
    ),
  "images of the company's own": set("platform", ["cline:images"], {
    workspaceAmi: "ami-0fedcba9876543210",
    gateway: digest(1),
    langfuse: digest(2),
    langfuseWorker: digest(3),
    clickHouse: digest(4),
    collector: digest(5),
    proxy: digest(6),
    codeServer: digest(7),
    clineExtension: digest(8),
    clineCommandLine: digest(9),
  }),
  "account, region, organization, people and caps of the company's own": all(
    ...["platform", "engineering", "data-science"].map((stack) => set(stack, ["aws:region"], "us-east-1")),
    set("platform", ["aws:allowedAccountIds"], ["444455556666"]),
    set("platform", ["cline:network", "cidr"], "10.96.0.0/16"),
    platform(["organization"], "acme"),
    platform(["residency"], "us"),
    platform(["timeZone"], "America/New_York"),
    platform(["operators"], ["ada", "grace"]),
    platform(["auditors"], ["edsger"]),
    platform(["extraBudgets"], undefined),
    platform(["alertEmails"], ["cost@acme.example"]),
    platform(["caps", "default", "models"], ["light"]),
    set("data-science", ["cline:department", "developers"], { barbara: {} }),
  ),
};
