import assert from "node:assert/strict";
import type { PreviewDocument } from "../../reports";
import { renderText } from "../../reports/text";
import { resource, sample, urn, finding } from "./documents";

const stackOf = (more: Partial<PreviewDocument["stacks"][number]>): PreviewDocument => ({
  stacks: [{ stack: "engineering", resources: [], outputs: {}, violations: [], passed: {}, ...more }],
});

describe("reports: text", () => {
  it("begins with the verdict, and counts what it does not show", () => {
    const lines = renderText(sample).split("\n");
    assert.deepEqual(lines.slice(0, 4), [
      "Refused: 1 stack, 6 resources, 1 mandatory violation, 1 advisory, 1 not judged",
      "before deployment, 1 exempt, 5 checks passed.",
      "",
      "engineering  6 resources",
    ]);
    assert.equal(lines.at(-2), "--all shows every resource, every other finding, and notes whole.");
    assert.doesNotMatch(lines.join("\n"), /advisory {2}|aws\.ec2\.Subnet/);
  });

  it("shows with --all components as branches, and names every resource and finding", () => {
    const text = renderText(sample, { all: true });
    assert.ok(
      text.includes(`
engineering  6 resources
├─ aws.ec2.SecurityGroup  open
├─ cline:network:Network  network  3 resources
│  ├─ aws.ec2.Subnet  network-a, network-b
│  └─ aws.ec2.Vpc  network-vpc
├─ cline:workspace:DeveloperWorkspace  suzuki  1 resource
│  └─ aws.ec2.Instance  suzuki-instance
└─ cline:workspace:DeveloperWorkspace  tanaka  1 resource
   └─ aws.ec2.Instance  tanaka-instance
`),
      text,
    );
    assert.match(text, /\n! advisory {2}/);
    assert.match(text, /exempt: by SEC-7 until 2027-01-31/);
    assert.doesNotMatch(text, /--all/);
  });

  const person = { id: "ito", shareUsd: 540, models: ["light"], tpm: 1000, rpm: 60, priority: "normal" };
  const people = [
    { ...person, machine: "medium", runs: "08:00 to 20:00, mon to fri" },
    { ...person, id: "yamada", shareUsd: 1200.5, machine: "large", runs: "08:00 to 20:00, mon to fri" },
  ];
  const extraBudgets = [{ usd: 500, until: "2027-01-31" }];
  const budget = { budgetUsd: 3000, capUsd: 4000, extraBudgets };
  const department = { lead: "sato", deputies: ["endo"], ...budget, keepsPromptText: true, people };

  it("tables a department's people, and says once what all of them share", () => {
    assert.ok(
      renderText(stackOf({ department })).includes(`
engineering  0 resources
  led by sato, endo; $3,000 of a cap of $4,000 a month; $500 more until
  2027-01-31; prompt text is kept
  everyone: models light; tokens/min 1,000; requests/min 60; priority normal;
    runs 08:00 to 20:00, mon to fri
  person      share  machine
  ito          $540  medium
  yamada  $1,200.50  large
`),
    );
    assert.match(
      renderText(stackOf({ department: { ...department, people: [] } })),
      /\n {2}nobody develops here yet\n/,
    );
  });

  it("keeps a terminal's width, but for words that are longer", () => {
    const long = "a note of many words ".repeat(20).trim();
    const wide = {
      ...person,
      machine: "medium",
      models: ["light", "standard", "strong"],
      runs: "whenever its owner starts it",
    };
    const rows = [
      { ...wide, id: "a".repeat(30) },
      { ...wide, ...people[1]!, id: "b" },
    ];
    const document = stackOf({
      notes: [long],
      violations: [finding({ message: long })],
      department: { ...department, people: rows },
    });
    for (const width of [60, 80, 120])
      for (const all of [true, false])
        for (const line of renderText(document, { width, all }).split("\n"))
          assert.ok(line.length <= width || line.trim().split(" ").length < 4, `${width}: ${line}`);
  });

  it("cuts notes to two lines, and says each once, with its stacks", () => {
    const note = "images are samples; ".repeat(12).trim();
    const stacks = ["a", "b", "c"].map((stack) => ({
      ...stackOf({ notes: stack === "c" ? [] : [note] }).stacks[0]!,
      stack,
    }));
    const [told, ...others] = renderText({ stacks }).match(/^note.*\n.*$/gm) ?? [];
    assert.match(told ?? "", /^note \(a, b\): images are samples; .*\n {2}images .* …$/);
    assert.deepEqual(others, []);
    assert.ok(renderText({ stacks }, { all: true }).replace(/\s+/g, " ").includes(note));
  });

  it("tells what stops a deployment first, with resource, source line, finding and remedy", () => {
    const text = renderText(sample);
    const finding = text.slice(text.indexOf("✗ mandatory"));
    assert.match(
      finding,
      /^✗ mandatory {2}net-no-public-ssh \(critical\) in engineering\n {4}aws\.ec2\.SecurityGroup open {2}components\/network\/network\.ts:41\n {4}found: ingress\[0\] admits port 22 from 0\.0\.0\.0\/0\n {4}remedy: Remove the rule; use Session Manager\.\n/,
    );
    assert.match(text, /exemption: reason, ticket, approver and end:\n {6}npm run exempt -- net-no-public-ssh@open\n/);
  });

  it("accepts a stack whose findings are advisory, exempt or cannot be judged", () => {
    const violations = sample.stacks[0]!.violations.slice(1);
    const text = renderText(stackOf({ violations }));
    assert.match(text, /^Accepted: /);
    assert.doesNotMatch(text, /Refused/);
  });

  it("takes a finding that could not be judged for no violation, even of a mandatory policy", () => {
    const text = renderText(stackOf({ violations: [finding({ undeterminable: true })] }));
    assert.match(text, /^Accepted: .* 1 not\sjudged before deployment/);
  });

  it("uses the policy's remediation when the finding has no remedy of its own", () => {
    const text = renderText({ ...stackOf({ violations: [finding()] }), policies: sample.policies! });
    assert.match(text, /remedy: Remove the rule\.\n/);
  });

  it("names every resource of a mandatory violation, and the first few of an advisory", () => {
    const violations = Array.from({ length: 9 }, (_, i) =>
      finding({ urn: urn("aws:ec2/instance:Instance", `i${i}`), level: "advisory", message: "same" }),
    );
    assert.match(renderText(stackOf({ violations }), { all: true }), /i4\n {4}and 4 other resources\n {4}found: same/);
    const mandatory = violations.map((v) => ({ ...v, level: "mandatory" as const }));
    assert.match(renderText(stackOf({ violations: mandatory })), /i8\n {4}found: same/);
  });

  it("colours only when asked", () => {
    assert.equal(renderText(sample).includes("\u001b"), false);
    const coloured = renderText(sample, { colour: true });
    // eslint-disable-next-line no-control-regex -- ANSI escapes are what this test is about
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), renderText(sample));
    assert.ok(coloured.includes("\u001b[31mRefused\u001b[39m"));
  });

  it("prints the same whatever order resources, violations and counts came in", () => {
    const [stack] = sample.stacks;
    const shuffled: PreviewDocument = {
      ...sample,
      stacks: [
        {
          ...stack!,
          resources: [...stack!.resources].reverse(),
          violations: [...stack!.violations].reverse(),
          passed: Object.fromEntries(Object.entries(stack!.passed).reverse()),
        },
      ],
    };
    assert.equal(renderText(shuffled), renderText(sample));
  });

  it("counts a resource that has others under it, keeps orphans at the root, and shows notes", () => {
    const zone = resource("aws:route53/zone:Zone", "zone");
    const resources = [
      zone,
      resource("aws:route53/record:Record", "a", zone.urn),
      resource("aws:s3/bucket:Bucket", "lost", "urn:gone"),
    ];
    const text = renderText(stackOf({ resources, notes: ["images are samples"] }), { all: true });
    assert.match(text, /\nengineering {2}3 resources\n/);
    assert.match(text, /aws\.route53\.Zone {2}zone {2}2 resources/);
    assert.match(text, /note: images are samples/);
  });
});
