import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { doubts } from "../../cli/doctor/doubts";
import { commandOf, withDoubts } from "../../cli/doctor/page";
import { anySite, siteOf } from "../../cli/doctor/site";
import { loadStackFiles } from "../../config";
import { fixtureStacks, root } from "../support/project";

describe("doctor: the table of doubts", () => {
  it("is the committed one in docs/first-deployment.md (npm run doctor -- --write)", () => {
    const page = readFileSync(path.join(root, "docs/first-deployment.md"), "utf8");
    assert.equal(page, withDoubts(page, doubts));
  });

  it("names each row once, in lower case", () => {
    const ids = doubts.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    assert.deepEqual(
      ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)),
      [],
    );
  });

  it("names files that exist, and says everything in sentences of 25 words at most", () => {
    assert.deepEqual(
      doubts.filter(({ stated }) => !existsSync(path.join(root, stated))).map(({ id, stated }) => `${id}: ${stated}`),
      [],
    );
    const sentences = doubts.flatMap(({ id, doubt, matters, settle }) =>
      [doubt, matters, ...("steps" in settle ? [settle.steps] : [])].flatMap((text) =>
        text.split(/(?<=[.!?]) /).map((sentence) => `${id}: ${sentence}`),
      ),
    );
    assert.deepEqual(
      sentences.filter((sentence) => sentence.split(/\s+/).length > 26 || !/[.!?]$/.test(sentence)),
      [],
    );
  });

  it("reads only: every command gets, lists, describes or heads", () => {
    const operations = doubts.flatMap((doubt) => commandOf(doubt, anySite)?.[1] ?? []);
    assert.ok(operations.length > 10);
    assert.deepEqual(
      operations.filter((operation) => !/^(get|list|describe|head)-/.test(operation)),
      [],
    );
  });

  it("fills in an account's own names", () => {
    const specs = loadStackFiles(fixtureStacks());
    const platform = specs.find(({ department }) => department === undefined)!;
    const site = siteOf(platform, specs);
    const all = doubts.flatMap((doubt) => commandOf(doubt, site) ?? []);
    assert.deepEqual(
      all.filter((arg) => /[A-Z]{5,}/.test(arg)),
      [],
    );
    assert.ok(all.includes("jp.anthropic.claude-haiku-4-5-20251001-v1:0"));
    assert.ok(all.includes("example-platform-gateway"));
  });
});
