import assert from "node:assert/strict";
import fc from "fast-check";
import type { PreviewDocument } from "../../reports";
import { faultFormats, formats, render } from "../../reports/formats";
import { renderCsv } from "../../reports/csv";
import { renderJson } from "../../reports/json";
import { renderJunit } from "../../reports/junit";
import { renderMarkdown } from "../../reports/markdown";
import { anyFindings, finding, policy, sample, withFindings } from "./documents";

describe("reports: formats", () => {
  for (const format of formats)
    it(`${format} has the same bytes whatever order stacks and policies came in`, () => {
      const [stack] = sample.stacks;
      const stacks = [stack!, { ...stack!, stack: "design", notes: [] }];
      const document = { ...sample, stacks };
      const turned = { ...sample, stacks: [...stacks].reverse(), policies: [...sample.policies!].reverse() };
      const text = render(format, document);
      assert.ok(text.length > 100 && text.endsWith("\n"), text);
      assert.equal(render(format, turned), text);
    });

  for (const format of faultFormats)
    it(`${format} shows a fault and its file`, () => {
      const faults = [
        { file: "stacks/Pulumi.design.yaml", path: "cline:department.lead", found: "lead57", message: "found lead57" },
      ];
      const text = render(format, { stacks: [], faults });
      for (const word of [/Pulumi\\?\.design\\?\.yaml/, /lead57/]) assert.match(text, word);
    });

  it("refuses a name that is none", () => assert.throws(() => render("pdf", sample), /no format pdf/));
});

describe("reports: JSON", () => {
  it("prints the same bytes whatever order things came in, keys of inputs included", () => {
    const [stack] = sample.stacks;
    const one = { ...stack!.resources[0]!, inputs: { a: 1, b: { c: [{ x: 1, y: 2 }], d: null } } };
    const two = { ...one, inputs: { b: { d: null, c: [{ y: 2, x: 1 }] }, a: 1 } };
    const left = renderJson({ ...sample, stacks: [{ ...stack!, resources: [one] }] });
    assert.equal(left, renderJson({ ...sample, stacks: [{ ...stack!, resources: [two] }] }));
    assert.equal(renderJson(JSON.parse(left) as PreviewDocument), left);
  });

  it("keeps every fact of the document", () => {
    const parsed = JSON.parse(renderJson(sample)) as PreviewDocument;
    assert.equal(parsed.stacks[0]!.violations.length, 4);
    assert.equal(parsed.stacks[0]!.resources.length, 10);
    assert.deepEqual(Object.keys(parsed.stacks[0]!).slice(0, 5), [
      "stack",
      "resources",
      "outputs",
      "violations",
      "passed",
    ]);
    assert.deepEqual(parsed.stacks[0]!.outputs, { vpcId: "[unknown]" });
    assert.equal(parsed.policies!.length, 5);
  });
});

describe("reports: JUnit", () => {
  it("fails, passes or skips each policy", () => {
    const xml = renderJunit(sample);
    assert.match(xml, /<testsuites tests="5" failures="1" errors="0" skipped="2">/);
    assert.match(xml, /name="net-no-public-ssh">\n {6}<failure message="1 mandatory" type="critical">urn:/);
    assert.match(xml, /name="ec2-imdsv2"\/>/);
    assert.match(xml, /name="ec2-detailed-monitoring">\n {6}<system-out>/);
    assert.match(xml, /name="kms-cmk-required">\n {6}<skipped message="urn:[^"]*: kmsKeyId is not known yet"/);
    assert.match(xml, /name="net-no-eip">\n {6}<skipped message="exempt: /);
  });

  it("says of a policy that met nothing that it had nothing to judge", () => {
    const document = { ...withFindings([]), policies: [policy("rds-tls")] };
    assert.match(renderJunit(document), /name="rds-tls">\n {6}<skipped message="nothing to judge"\/>/);
  });

  it("is well formed whatever a name or message holds", () => {
    fc.assert(
      fc.property(anyFindings, (some) => {
        const xml = renderJunit(withFindings(some));
        const bare = xml
          .replace(/^<\?xml [^?]*\?>/, "")
          .replace(/<\/?[a-z-]+(?: [a-z]+="[^"<]*")*\/?>/g, "")
          .replace(/&(amp|lt|gt|quot|#10);/g, "");
        assert.doesNotMatch(bare, /[<>&]/);
        // eslint-disable-next-line no-control-regex -- XML 1.0 forbids these characters
        assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
      }),
      { numRuns: 100 },
    );
  });
});

describe("reports: CSV", () => {
  /** What spreadsheets run, full-width forms included. */
  const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

  it("has a row per finding and per resource that passed", () => {
    const rows = renderCsv(sample).trimEnd().split("\r\n");
    assert.equal(rows.length, 1 + 4 + 2);
    assert.match(rows[0]!, /^stack,policy,outcome,severity,type,name,urn,source,finding,remedy,ticket,expires$/);
    assert.match(rows.at(-2)!, /^engineering,ec2-imdsv2,passed,high,aws:ec2\/instance:Instance,suzuki-instance,/);
  });

  it("comes back as it went in, and no cell can run as a formula", () => {
    fc.assert(
      fc.property(anyFindings, (some) => {
        const rows = parseCsv(renderCsv(withFindings(some)));
        assert.equal(rows.length, 1 + some.length);
        for (const row of rows) {
          assert.equal(row.length, 12);
          for (const cell of row) assert.doesNotMatch(cell, formula);
        }
        const messages = rows
          .slice(1)
          .map((row) => row[8]!.replace(/^'/, (mark) => (formula.test(row[8]!.slice(1)) ? "" : mark)));
        assert.deepEqual(messages.sort(), some.map((v) => v.message).sort());
      }),
      { numRuns: 100 },
    );
  });
});

describe("reports: Markdown", () => {
  it("opens with the verdict and a table of stacks", () => {
    const lines = renderMarkdown(sample).split("\n");
    assert.equal(lines[0], "## ❌ Policy preview: refused");
    assert.ok(lines.includes("| engineering | 6 | 1 | 1 | 1 | 1 | 5 |"));
    assert.match(renderMarkdown(withFindings([])), /^## ✅ Policy preview: accepted/);
  });

  it("tells mandatory findings first, with source and remedy", () => {
    const text = renderMarkdown(sample);
    assert.match(
      text,
      /<details open><summary>❌ mandatory <b>net-no-public-ssh<\/b> \(critical\) in engineering: 1 resource<\/summary>/,
    );
    assert.match(text, /- aws\.ec2\.SecurityGroup open — `components\/network\/network\.ts:41`/);
    assert.match(text, /\*\*Remedy\*\*: Remove the rule; use Session Manager\./);
    assert.ok(text.indexOf("❌ mandatory <b>") < text.indexOf("⚠️ advisory <b>"));
  });

  it("never lets a name become markup or call a person", () => {
    const text = renderMarkdown(withFindings([finding({ message: "<img src=x> @team | `x` </details>" })]));
    assert.doesNotMatch(text, /<img|@team/);
    assert.equal(text.match(/<\/details>/g)?.length, 1);
  });

  it("stays below the length a comment may have, mandatory findings first, and counts what it left out", () => {
    const many = Array.from({ length: 200 }, (_, i) => finding({ level: "advisory", message: `finding ${i}` }));
    const text = renderMarkdown(withFindings([...many, finding()]), { maxLength: 5000 });
    assert.ok(text.length <= 5000);
    assert.match(text, /❌ mandatory <b>/);
    const told = text.match(/<details/g)!.length;
    assert.match(text, new RegExp(`… and ${201 - told} more findings: see the full report\\.`));
  });
});

/** A reader of RFC 4180, so that the writer is not tested by itself. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < csv.length) {
    let cell = "";
    if (csv[at] === '"') {
      at++;
      for (;;) {
        if (csv[at] === '"' && csv[at + 1] === '"') at++;
        else if (csv[at] === '"') break;
        cell += csv.charAt(at++);
      }
      at++;
    } else {
      while (at < csv.length && csv[at] !== "," && csv[at] !== "\r") cell += csv.charAt(at++);
    }
    row.push(cell);
    if (csv[at] === ",") at++;
    else {
      assert.equal(csv.slice(at, at + 2), "\r\n");
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
