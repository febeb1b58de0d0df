import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { catalogueSource, gatewayRelease, imageSources, releaseTag } from "../../config";
import { header } from "../gateway/release/requirements";
import { platformSpec } from "../support/specs";

const root = path.join(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("the record of the gateway's release", () => {
  it("is what the suites' Python packages are frozen from", () => {
    const frozen = read("tests/gateway/requirements.txt");
    assert.ok(frozen.startsWith(header(gatewayRelease)), "npm run requirements");
    const { litellm, schema, openTelemetry, prisma } = gatewayRelease;
    const pinned = new Map([...frozen.matchAll(/^([\w.-]+)==(.*)$/gm)].map(([, name = "", at = ""]) => [name, at]));
    const expected = {
      litellm,
      prisma,
      "litellm-proxy-extras": schema,
      "opentelemetry-api": openTelemetry,
      "opentelemetry-sdk": openTelemetry,
      "opentelemetry-exporter-otlp-proto-http": openTelemetry,
    };
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, pinned.get(name)])), expected);
  });

  it("names image, prices and every full version in the documents", () => {
    assert.equal(imageSources.gateway.repository, gatewayRelease.repository);
    assert.equal(imageSources.gateway.example, releaseTag(gatewayRelease));
    assert.match(catalogueSource.source, new RegExp(` ${gatewayRelease.litellm.replaceAll(".", "\\.")} `));
    // The one page that compares versions.
    const pages = readdirSync(path.join(root, "docs")).filter((name) => name.endsWith(".md") && name !== "upgrade.md");
    const said = ["README.md", "CONTRIBUTING.md", ...pages.map((name) => `docs/${name}`)].flatMap((file) =>
      [...read(file).matchAll(/LiteLLM v?(\d+\.\d+\.\d+)|litellm[\w-]*:v(\d+\.\d+\.\d+)/g)].map(
        ([, first, second]) => `${file}: ${first ?? second ?? ""}`,
      ),
    );
    assert.ok(said.length >= 2);
    assert.deepEqual(
      said.filter((each) => !each.endsWith(`: ${gatewayRelease.litellm}`)),
      [],
    );
  });

  it("is the table of the upgrade's page", () => {
    const { repository, litellm, schema, extras, openTelemetry, python, previous } = gatewayRelease;
    const rows = {
      image: `\`${repository}:${releaseTag(gatewayRelease)}\``,
      LiteLLM: litellm,
      "database schema (litellm-proxy-extras)": schema,
      extras: extras.join(", "),
      OpenTelemetry: openTelemetry,
      Python: python,
      "the version before": `${previous.litellm}, schema ${previous.schema}`,
    };
    const page = read("docs/upgrade.md");
    for (const [part, version] of Object.entries(rows)) assert.ok(page.includes(`| ${part} | ${version} |`), part);
  });

  it("is compared with the image's tag in a preview", () => {
    const notes = (value: string) => platformSpec({ "cline:images": { gateway: value } }).notes.join("\n");
    const digest = `sha256:${"9f".repeat(32)}`;
    const tested = releaseTag(gatewayRelease);
    assert.match(
      notes(`v1.99.0@${digest}`),
      new RegExp(`cline:images.gateway of stacks/Pulumi.platform.yaml is v1.99.0; hook.* of ${tested}\\.`),
    );
    for (const same of [digest, `${tested}@${digest}`, `${tested}-stable@${digest}`])
      assert.doesNotMatch(notes(same), /cline:images.gateway of .* is /);
  });
});
