import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { runbooks } from "../../../components/kit";

const page = readFileSync(path.join(__dirname, "../../../docs/runbooks.md"), "utf8");

/** Anchor of a heading, as GitHub makes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ anchor: anchor(text.slice(0, text.indexOf("\n"))), text }));

describe("runbooks of alarms", () => {
  it("stand in docs/runbooks.md under their anchors, and no section of alarms is without one", () => {
    const ofAlarms = sections.map((section) => section.anchor).filter((each) => each.startsWith("alarms-of-"));
    assert.deepEqual(ofAlarms, [...runbooks]);
  });

  it("name their audience, and say of each alarm what to look at and what to do", () => {
    for (const runbook of runbooks) {
      const section = sections.find((each) => each.anchor === runbook)!;
      assert.match(section.text, /^Audience: /m, runbook);
      const rows = section.text.split("\n").filter((line) => line.startsWith("| "));
      assert.ok(rows.length > 2, runbook);
      for (const row of rows.slice(2)) {
        const cells = row.split(" | ").map((cell) => cell.replace(/^\||\|$/g, "").trim());
        assert.deepEqual([cells.length, cells.every((cell) => cell !== "")], [3, true], row);
      }
    }
  });

  it("are linked to sections that exist", () => {
    const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, target]) => target!);
    assert.ok(links.length > 0);
    for (const target of links)
      assert.ok(
        sections.some((section) => section.anchor === target),
        target,
      );
  });
});
