import type { Row } from "../../support/fault-rows";
import { merged } from "../../support/specs";
import { department, developer, extra, platform, text } from "./overrides";

const guarded = (id: string) => ({ monthlyBudgetUsd: 1, guardrail: { id, version: 1 } });
const teams = Array.from({ length: 11 }, (_, n) => `team${String(n)}`);

/** Keys, money and limits. */
export const money: readonly Row[] = [
  [
    "an unknown key, with the name meant",
    { engineering: department({ costcenter: "x" }) },
    { "engineering cline:department.costcenter": /unknown key.*did you mean costCenter\?/ },
  ],
  [
    "an unknown key, with the list of known ones",
    { engineering: { "aws:profile": "x" } },
    { "engineering aws:profile": /allowed aws:region, .*remove it/ },
  ],
  [
    "an unknown key beside config",
    { engineering: `${text({})}\nnope: 1\n` },
    { "engineering nope": /allowed encryptionsalt/ },
  ],
  [
    "a wrong unit of money",
    { engineering: department({ monthlyBudgetUsd: "3000 USD" }) },
    { "engineering cline:department.monthlyBudgetUsd": /found "3000 USD"; allowed a number of US dollars/ },
  ],
  [
    "parts of a cent",
    { engineering: developer({ monthlyBudgetUsd: 0.001 }) },
    { "engineering cline:department.developers.suzuki.monthlyBudgetUsd": /found 0.001; .*two decimals/ },
  ],
  [
    "a wrong unit of time",
    { engineering: developer({ workspace: { idleMinutes: "30m" } }) },
    {
      "engineering cline:department.developers.suzuki.workspace.idleMinutes":
        /found "30m"; allowed a whole number of minutes, 15 to 720/,
    },
  ],
  [
    "a model that no tier is called",
    { engineering: developer({ models: ["light", "opus"] }) },
    {
      "engineering cline:department.developers.suzuki.models[1]":
        /found "opus"; allowed light, standard, strong; choose one of these or ask for it in caps\.engineering of stacks\/Pulumi\.platform\.yaml/,
    },
  ],
  [
    "a model outside the cap",
    { design: department({ models: ["light", "strong"] }) },
    {
      "design cline:department.models[1]":
        /found "strong"; allowed light, standard; .*caps\.design of stacks\/Pulumi\.platform\.yaml/,
    },
  ],
  [
    "a model outside the department's list",
    { engineering: department({ models: ["light"] }) },
    { "engineering cline:department.developers.suzuki.models[1]": /found "standard"; allowed light;/ },
  ],
  [
    "a model twice",
    { engineering: department({ models: ["light", "light"] }) },
    { "engineering cline:department.models": /each once/ },
  ],
  [
    "a department's budget above its cap",
    { engineering: department({ monthlyBudgetUsd: 4000.01 }) },
    {
      "engineering cline:department.monthlyBudgetUsd":
        /found 4000.01; allowed at most 4000 \(caps\.engineering of stacks\/Pulumi\.platform\.yaml\)/,
    },
  ],
  [
    "a department's budget above the default cap",
    { design: department({ monthlyBudgetUsd: 1001 }) },
    { "design cline:department.monthlyBudgetUsd": /at most 1000 \(caps\.default of/ },
  ],
  [
    "tokens per minute above the cap",
    { design: department({ tpm: 200001 }) },
    { "design cline:department.tpm": /at most 200000/ },
  ],
  [
    "requests per minute above the department's",
    { engineering: merged(department({ rpm: 100 }), developer({ rpm: 101 })) },
    { "engineering cline:department.developers.suzuki.rpm": /at most 100 \(the department's\)/ },
  ],
  [
    "a priority above the cap",
    { design: department({ priority: "high" }) },
    { "design cline:department.priority": /found "high"; allowed low, normal;/ },
  ],
  [
    "explicit shares above the department's budget",
    { engineering: department({ developers: { tanaka: { monthlyBudgetUsd: 2700.01 } } }) },
    {
      "engineering cline:department.developers": /shares of 3000.01 together; allowed at most 3000, .*by 0.01 together/,
    },
  ],
  [
    "departments' budgets above the organization's",
    {
      platform: platform({ monthlyBudgetUsd: 4000 }),
      design: department({ monthlyBudgetUsd: 1000 }),
      engineering: department({ monthlyBudgetUsd: 3000.01 }),
    },
    {
      "platform cline:platform.monthlyBudgetUsd":
        /found 4000; allowed at least 4000.01, .*\(design 1000, engineering 3000.01\)/,
    },
  ],
  [
    "a cap counted for a department without a budget",
    { platform: platform({ monthlyBudgetUsd: 4500 }), engineering: department({ monthlyBudgetUsd: undefined }) },
    { "platform cline:platform.monthlyBudgetUsd": /at least 5000/ },
  ],
  [
    "extra budgets above what is left",
    { platform: platform({ monthlyBudgetUsd: 4000, extraBudgets: [extra] }) },
    { "platform cline:platform.monthlyBudgetUsd": /extraBudgets 500/ },
  ],
  [
    "a cap above the organization's budget",
    { platform: platform({ caps: { later: { monthlyBudgetUsd: 8001 } } }) },
    { "platform cline:platform.caps.later.monthlyBudgetUsd": /at most 8000/ },
  ],
  [
    "no default cap",
    { platform: platform({ caps: { default: undefined } }) },
    { "platform cline:platform.caps.default": /found nothing/ },
  ],
  [
    "a draft of a guardrail, and one by ARN",
    {
      platform: platform({
        caps: {
          engineering: { guardrail: { id: "gr1", version: "DRAFT" } },
          default: { guardrail: { id: "arn:aws:bedrock:ap-northeast-1:111122223333:guardrail/gr1", version: 1 } },
        },
      }),
    },
    {
      "platform cline:platform.caps.engineering.guardrail.version":
        /found "DRAFT"; allowed the number of a published version, 1 to 99999999/,
      "platform cline:platform.caps.default.guardrail.id": /allowed the id of a guardrail/,
    },
  ],
  [
    "half a guardrail",
    { platform: platform({ caps: { engineering: { guardrail: { id: "gr1" } } } }) },
    { "platform cline:platform.caps.engineering.guardrail.version": /found nothing/ },
  ],
  [
    "more guardrails than a boundary has room for",
    { platform: platform({ caps: Object.fromEntries(teams.map((team, n) => [team, guarded(`gr${String(n)}`)])) }) },
    {
      "platform cline:platform.caps":
        /found guardrails of 11 different ids; allowed at most 10.*let departments share one/,
      ...Object.fromEntries(
        teams.map((team) => [`platform cline:platform.caps.${team}.guardrail`, /found no stack file of team/]),
      ),
    },
  ],
  [
    "a guardrail of a department that has no file",
    { platform: platform({ caps: { enginering: guarded("gr1"), sales: guarded("gr1") } }) },
    {
      "platform cline:platform.caps.enginering.guardrail":
        /found no stack file of enginering; allowed a department with a stack file; did you mean engineering\?/,
      "platform cline:platform.caps.sales.guardrail": /remove it, or add the department's stack file with it/,
    },
  ],
  [
    "a guardrail in a department's own file",
    { engineering: department({ guardrail: { id: "gr1", version: 1 } }) },
    { "engineering cline:department.guardrail": /unknown key/ },
  ],
  [
    "a default cap that leaves a limit out",
    { platform: platform({ caps: { default: { tpm: undefined } } }) },
    { "platform cline:platform.caps.default.tpm": /found nothing/ },
  ],
  [
    "an extra budget for a department that is misspelt",
    { platform: platform({ extraBudgets: [{ ...extra, department: "enginering" }] }) },
    { "platform cline:platform.extraBudgets[0].department": /did you mean engineering\?/ },
  ],
  [
    "an extra budget that no operator approved",
    { platform: platform({ extraBudgets: [{ ...extra, approvedBy: "sato" }] }) },
    { "platform cline:platform.extraBudgets[0].approvedBy": /one of operators: mori/ },
  ],
  [
    "an extra budget that ends on no day",
    { platform: platform({ extraBudgets: [{ ...extra, until: "2026-02-30" }] }) },
    { "platform cline:platform.extraBudgets[0].until": /YYYY-MM-DD/ },
  ],
  [
    "an extra budget without a reason",
    { platform: platform({ extraBudgets: [{ ...extra, reason: undefined }] }) },
    { "platform cline:platform.extraBudgets[0].reason": /found nothing/ },
  ],
];
