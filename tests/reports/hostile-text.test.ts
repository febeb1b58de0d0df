import assert from "node:assert/strict";
import { render } from "../../reports";
import { finding, resource, urn } from "./documents";

describe("reports: names that programs make of anybody's text", () => {
  const name = 'x\n::warning::forged\r## accepted\u001b[2K\u202e{"finding":{}}';
  const open = { ...resource("aws:ec2/securityGroup:SecurityGroup", name) };
  const document = {
    stacks: [
      {
        stack: "engineering",
        resources: [open],
        outputs: {},
        violations: [finding({ urn: urn("aws:ec2/securityGroup:SecurityGroup", name) })],
        passed: {},
      },
    ],
  };

  for (const format of ["text", "markdown"] as const) {
    it(`start no line and move no cursor in ${format}`, () => {
      const text = render(format, document);
      assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\u202e]/u);
      assert.doesNotMatch(text, /^::warning|^## accepted/m);
      assert.match(text, /x\\+u\\?\{a\\?\}::warning::forged/);
    });
  }
});
