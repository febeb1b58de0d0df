import { catalogueModel, modelsWithin, sourceRegions } from "../catalogue";
import { type Fault, shown } from "../faults";
import { fillKnown } from "../fill";
import { knownEntries } from "../known";
import { nearest } from "../nearest";
import { platform as declared } from "../schema/platform";
import type { PlatformStack } from "../stack-file";
import type { StackSet } from "../stack-set";
import { modelTiers } from "../terms";

const section = ["config", "cline:platform"];

/** Checks between a platform's own settings. */
export function checkPlatforms(set: StackSet): Fault[] {
  return set.platforms.flatMap((platform) => [
    ...residency(platform),
    ...attestation(platform),
    ...caps(platform),
    ...guardrails(platform, [...set.departmentsOf(platform).map(({ stack }) => stack), ...set.unread]),
    ...timeZone(platform),
    ...repository(platform),
  ]);
}

/** Prompts can be processed inside the residency, from this region and by every tier's model. */
function residency({ config, fault }: PlatformStack): Fault[] {
  const { residency: where, models } = fillKnown(declared, config["cline:platform"] ?? {});
  const region = config["aws:region"];
  if (where === undefined) return [];
  const regions = sourceRegions(where);
  const choices = modelsWithin(where);
  return [
    ...(region === undefined || regions.includes(region)
      ? []
      : [
          fault(
            ["config", "aws:region"],
            shown(region),
            `a region with ${where} inference profiles: ${regions.join(", ")}`,
            "move the platform there or choose another residency",
          ),
        ]),
    ...modelTiers.flatMap((tier) => {
      const model = models?.[tier];
      if (model === undefined || catalogueModel(model).prices[where] !== undefined) return [];
      return [
        fault(
          [...section, "models", tier],
          shown(model),
          `a model with an inference profile inside ${where}: ${choices.join(", ")}`,
          "choose one of these or another residency",
        ),
      ];
    }),
  ];
}

/**
 * With Identity Center the identity provider requires MFA, which AWS cannot see: a named person
 * attests it.
 */
function attestation({ config, fault }: PlatformStack): Fault[] {
  const settings = config["cline:platform"] ?? {};
  const { mfaMode, mfaAttestation, operators, auditors } = settings;
  if (mfaMode === undefined) return [];
  const path = [...section, "mfaAttestation"];
  if (mfaMode !== "identity-center") {
    if (!mfaAttestation) return [];
    const allowed = `no attestation with mfaMode ${mfaMode}, where AWS itself checks MFA`;
    return [fault(path, "an attestation", allowed, "remove it")];
  }
  if (!("mfaAttestation" in settings)) {
    const allowed = "who attests until when that the identity provider demands MFA, with mfaMode identity-center";
    return [fault(path, "nothing", allowed, 'write it, for example { by: abe, until: "2026-12-31" }')];
  }
  const by = mfaAttestation?.by;
  if (by === undefined || !operators || !auditors) return [];
  const people = [...operators, ...auditors];
  if (people.includes(by)) return [];
  const allowed = `one of operators and auditors: ${people.join(", ")}`;
  return [fault([...path, "by"], shown(by), allowed, "let one of them attest it")];
}

/** The default cap is complete, and no cap's budget exceeds the organization's. */
function caps({ config, fault }: PlatformStack): Fault[] {
  const { caps: written, monthlyBudgetUsd } = config["cline:platform"] ?? {};
  if (!written) return [];
  const path = [...section, "caps"];
  if (!("default" in written)) {
    const example = "default: { monthlyBudgetUsd: 1000, tpm: 200000, rpm: 300, models: [light], priority: normal }";
    const allowed = "the cap of every department that caps does not name";
    return [fault([...path, "default"], "nothing", allowed, `write it, for example ${example}`, "sums")];
  }
  const complete = written["default"];
  const missing = (["tpm", "rpm", "models", "priority"] as const).filter((limit) => complete && !(limit in complete));
  return [
    ...missing.map((limit) =>
      fault([...path, "default", limit], "nothing", "a value, as other caps take theirs from here", "write it"),
    ),
    ...knownEntries(written).flatMap(([name, cap]) => {
      const usd = cap.monthlyBudgetUsd;
      if (usd === undefined || monthlyBudgetUsd === undefined || usd <= monthlyBudgetUsd) return [];
      return [
        fault(
          [...path, name, "monthlyBudgetUsd"],
          shown(usd),
          `at most ${monthlyBudgetUsd}, the organization's budget`,
          "lower it, or raise the organization's budget",
          "sums",
        ),
      ];
    }),
  ];
}

/**
 * The policies of the gateway's role name each guardrail, and its permission boundary has room for so many. A guardrail under a
 * mistyped name would leave its department without one: its department has a stack file.
 */
function guardrails({ config, fault }: PlatformStack, departments: readonly string[]): Fault[] {
  const path = [...section, "caps"];
  const written = knownEntries(config["cline:platform"]?.caps ?? {}).flatMap(([name, { guardrail }]) =>
    guardrail ? [{ name, id: guardrail.id }] : [],
  );
  const ids = new Set(written.map(({ id }) => id));
  const allowed = `at most ${String(mostGuardrails)} different ids: a permission boundary has room for no more`;
  return [
    ...(ids.size > mostGuardrails
      ? [fault(path, `guardrails of ${String(ids.size)} different ids`, allowed, "let departments share one")]
      : []),
    ...written
      .filter(({ name }) => name !== "default" && !departments.includes(name))
      .map(({ name }) => {
        const near = nearest(name, departments);
        const next =
          near === undefined ? "remove it, or add the department's stack file with it" : `did you mean ${near}?`;
        return fault([...path, name, "guardrail"], `no stack file of ${name}`, `a department with a stack file`, next);
      }),
  ];
}

const mostGuardrails = 10;

/**
 * A time zone that both this machine and AWS's schedulers know. Offsets (+09:00) are refused: they
 * have no daylight saving time, and old Node versions refuse them.
 */
function timeZone({ config, fault }: PlatformStack): Fault[] {
  const zone = config["cline:platform"]?.timeZone;
  if (zone === undefined || isTimeZone(zone)) return [];
  const allowed = "an IANA time zone such as Asia/Tokyo or UTC";
  return [fault([...section, "timeZone"], shown(zone), allowed, "write area and city as IANA does")];
}

function isTimeZone(zone: string): boolean {
  if (!/^(UTC|[A-Z][A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** GitHub's tokens carry both ids or none; a repository of GitHub is an owner and a name. */
function repository({ config, fault }: PlatformStack): Fault[] {
  const { url, ownerId, repositoryId } = config["cline:platform"]?.repository ?? {};
  const path = [...section, "repository"];
  if (url === undefined) return [];
  const github = url.startsWith("https://github.com/");
  const given = [ownerId, repositoryId].filter((id) => id !== undefined).length;
  return [
    ...(github && url.split("/").length !== 5
      ? [fault([...path, "url"], shown(url), "https://github.com/OWNER/NAME", "leave out what follows the name")]
      : []),
    ...(given === 1 || (given > 0 && !github)
      ? [
          fault(
            path,
            ["ownerId", "repositoryId"].filter((_, at) => [ownerId, repositoryId][at] !== undefined).join(" and "),
            "ownerId and repositoryId together, for a repository of github.com",
            github
              ? "give both: gh api repos/OWNER/NAME --jq '.owner.id, .id'"
              : "remove both: GitLab's tokens carry none",
          ),
        ]
      : []),
  ];
}
