import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gatewayRelease } from "../../../config";
import { migrationDifferences, schemaDifferences, schemaOf } from "../migration/schema";
import { migrate } from "../prisma/migrate";
import { installed, litellmExtras } from "../prisma/paths";
import { cacheFolder } from "../../engine/support/cli";
import { Postgres } from "../support/postgres";
import { differences, table, type Difference } from "./differences";
import { factsOf, usedByThisProject } from "./facts";

/** A folder for the results of one run: tests' files by reporter.cjs, `parts` by run.sh, `differences.json` by this. */
const results = process.env["CANDIDATE_RESULTS"] ?? "";
const found = path.join(results, "differences.json");

/** Everything that differs before a suite runs. */
async function compare(pinned: string, candidate: string): Promise<readonly Difference[]> {
  const postgres = await Postgres.start();
  try {
    const schemas = [];
    for (const [name, python] of Object.entries({ pinned, candidate })) {
      await postgres.createDatabase(name);
      await migrate(postgres.url(name), litellmExtras(python));
      schemas.push(schemaOf(postgres, name));
    }
    const [before, after] = schemas;
    const used = usedByThisProject();
    return [
      ...schemaDifferences(before!, after!),
      ...migrationDifferences(litellmExtras(pinned), litellmExtras(candidate)),
      ...differences(factsOf(pinned, used), factsOf(candidate, used), used),
    ];
  } finally {
    await postgres.stop();
  }
}

/** What the suites answered: a row for each test that failed, and for each part that failed without a test's name. */
function answers(): readonly Difference[] {
  const files = readdirSync(results).filter((name) => /^\d+\.json$/.test(name));
  const runs = files.map(
    (name) =>
      JSON.parse(readFileSync(path.join(results, name), "utf8")) as { passed: number; failed: readonly string[] },
  );
  const parts = readFileSync(path.join(results, "parts"), "utf8").trim().split("\n");
  const failed = parts.filter((line) => line.startsWith("failed"));
  const passed = runs.reduce((all, one) => all + one.passed, 0);
  return [
    ...runs.flatMap((one) =>
      one.failed.map((what): Difference => ({
        area: "answers",
        what,
        verdict: "breaks",
        why: "passes on the pinned version",
      })),
    ),
    ...failed.map((line): Difference => ({
      area: "answers",
      what: line,
      verdict: "breaks",
      why: "a part of the suites, see its output",
    })),
    {
      area: "answers",
      what: `${passed} tests pass in ${parts.length - failed.length} of ${parts.length} parts`,
      verdict: "harmless",
      why: "as on the pinned version",
    },
  ];
}

// Script: main.ts compare VERSION PINNED_PYTHON | table VERSION
if (require.main === module) {
  const [what, version = "", other = ""] = process.argv.slice(2);
  const title = `LiteLLM ${gatewayRelease.litellm} → ${version}`;
  if (what === "compare")
    void compare(other, installed("GATEWAY_PYTHON")).then((all) => {
      writeFileSync(found, JSON.stringify(all));
      console.info(`${title}\n\n${table(all)}`);
    });
  else {
    const all = [...(JSON.parse(readFileSync(found, "utf8")) as readonly Difference[]), ...answers()];
    const text = `${title}\n\n${table(all)}\n`;
    const file = path.join(cacheFolder(), "gateway", `candidate-${version}.md`);
    writeFileSync(file, text);
    console.info(`${text}\nalso in ${file}`);
  }
}
