import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ArtifactStore } from "../../../components/artifacts";
import { imageLines } from "../../../components/artifacts/sources";
import { artifactStoreArgs } from "../../../compose";
import { workspaceFiles } from "../../../config";
import { buildFunctions } from "../../../functions/build";
import { runInProcess } from "../../../offline/in-process";
import { accessFacts, keyFacts } from "../../support/facts";
import { MirrorRegistry, type StoredImage } from "../../support/mirror-registry";
import { one } from "../../support/resources";
import { platformSpec } from "../../support/specs";

const account = "111122223333";
const region = "ap-northeast-1";
const ecr = `${account}.dkr.ecr.${region}.amazonaws.com`;
const bundle = `truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`;
const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");
const hostPath = (url: string): string => url.replace("https://", "");

const image = (name: string, architecture = "arm64", version?: string): StoredImage => ({
  manifest: JSON.stringify({ schemaVersion: 2, name }),
  details: {
    os: "linux",
    architecture,
    config: { Labels: version === undefined ? {} : { "org.opencontainers.image.version": version } },
  },
});

describe("the copying build, run against a stand-in registry", function () {
  // The script starts dozens of processes: minutes on a machine with other work.
  this.timeout(600_000);
  let folder: string;
  let registry: MirrorRegistry;
  let address: string;
  let script: string;
  let planned: Record<string, string>;
  const authorities: Record<string, string> = {};
  let environment: Record<string, string>;
  /** The package of Cline's command line, as npm packs one. */
  let commandLine: Buffer;

  /** Serves a package, with the integrity that its registry tells. */
  function publish(tarball: Buffer, told = tarball): void {
    const [, name = "", version = ""] = /^npm:(.+)@([\d.]+)$/.exec(workspaceFiles.clineCommandLine.from) ?? [];
    const integrity = `sha512-${createHash("sha512").update(told).digest("base64")}`;
    const dist = { tarball: `${address}/npm/package.tgz`, integrity };
    registry.files.set(`npm/${name}`, JSON.stringify({ name, versions: { [version]: { name, version, dist } } }));
    registry.files.set("npm/package.tgz", tarball);
  }

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "cline-mirror-"));
    const tool = path.join(__dirname, "../../support/mirror-tool.cjs");
    const program = (name: string, text: string) => {
      writeFileSync(path.join(folder, name), `#!/bin/bash\n${text}\n`);
      chmodSync(path.join(folder, name), 0o755);
    };
    for (const name of ["docker", "aws"]) program(name, `exec "${process.execPath}" "${tool}" ${name} "$@"`);
    // The real curl, on loopback instead of the internet.
    const curl = execFileSync("which", ["curl"], { encoding: "utf8" }).trim();
    program("curl", `args=("\${@/#https:\\/\\//$REGISTRY/}")\nexec ${curl} "\${args[@]/=https/=http}"`);
    for (const name of ["pinned", "other"]) {
      const [key, certificate] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
      // prettier-ignore
      execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", `/CN=${name}`, "-keyout", key, "-out", certificate], { stdio: "ignore" });
      authorities[name] = readFileSync(certificate, "utf8");
    }
    mkdirSync(path.join(folder, "package/bin"), { recursive: true });
    writeFileSync(path.join(folder, "package/package.json"), '{"name":"@cline/cli-linux-arm64","version":"3.0.65"}');
    writeFileSync(path.join(folder, "package/bin/cline"), "executable", { mode: 0o755 });
    commandLine = execFileSync("tar", ["-C", folder, "-cz", "package"]);
    buildFunctions(process.cwd());
    const { resources } = await runInProcess(
      () =>
        new ArtifactStore("artifacts", {
          ...artifactStoreArgs(platformSpec()),
          keys: keyFacts(),
          access: accessFacts(),
        }).facts,
      { stack: "platform" },
    );
    const { inputs } = one(resources, "Project");
    const buildspec = JSON.parse((inputs["source"] as { buildspec: string }).buildspec) as {
      phases: { build: { commands: string[] } };
    };
    script = path.join(folder, "mirror.sh");
    writeFileSync(script, buildspec.phases.build.commands[0]!);
    const variables = (inputs["environment"] as { environmentVariables: { name: string; value: string }[] })
      .environmentVariables;
    planned = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  });
  after(() => rmSync(folder, { recursive: true }));

  beforeEach(async () => {
    registry = new MirrorRegistry();
    address = await registry.start();
    const digest = registry.serve("ghcr.io/berriai/litellm-non_root", image("litellm"), "v1.106.2");
    registry.files.set(hostPath(workspaceFiles.codeServer.from), "rpm");
    registry.files.set(hostPath(workspaceFiles.clineExtension.from), "vsix");
    publish(commandLine);
    registry.files.set(bundle, `${authorities["other"]}${authorities["pinned"]}`);
    environment = {
      ...planned,
      ACCOUNT_ID: account,
      AWS_REGION: region,
      BUCKET: "artifacts",
      REGISTRY: address,
      ECR: ecr,
      PAUSE_SECONDS: "0",
      // npm itself, without a cache that outlives the test.
      npm_config_registry: `${address}/npm/`,
      npm_config_cache: mkdtempSync(path.join(folder, "npm-")),
      npm_config_fetch_retries: "0",
      IMAGES: `cline/example/gateway ghcr.io/berriai/litellm-non_root ${digest} v1.106.2 1.95`,
      FILES: [
        `code-server.rpm ${workspaceFiles.codeServer.from} ${sha256("rpm")} codeServer`,
        `cline.vsix ${workspaceFiles.clineExtension.from} ${sha256("vsix")} clineExtension`,
        `cline-cli.tgz ${workspaceFiles.clineCommandLine.from} ${sha256(commandLine)} clineCommandLine`,
      ].join("\n"),
      RDS_ROOTS: sha256(der(authorities["pinned"]!)),
    };
  });
  afterEach(() => registry.stop());

  const der = (pem: string): Buffer => Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");

  const run = (changes: Readonly<Record<string, string>> = {}) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      const child = spawn("bash", [script], {
        env: { ...process.env, ...environment, ...changes, PATH: `${folder}:${process.env["PATH"] ?? ""}` },
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.once("close", (code) => resolve({ code, said }));
    });
  const refused = async (changes: Readonly<Record<string, string>>, message: RegExp) => {
    const { code, said } = await run(changes);
    assert.match(said, message);
    assert.equal(code, 1, said);
  };
  const copied = () => registry.requests.filter((line) => line.startsWith(`PUT /v2/${ecr}/`));

  it("copies an image by digest and puts the pinned files and authorities into the bucket", async () => {
    const { code, said } = await run();
    assert.equal(code, 0, said);
    assert.equal(copied().length, 1);
    assert.equal(String(registry.files.get("s3/artifacts/workspace/code-server.rpm")), "rpm");
    assert.equal(
      String(registry.files.get("s3/artifacts/workspace/SHA256SUMS")),
      `${sha256("rpm")}  code-server.rpm\n${sha256("vsix")}  cline.vsix\n${sha256(commandLine)}  cline-cli.tgz\n`,
    );
    assert.deepEqual(registry.files.get("s3/artifacts/workspace/cline-cli.tgz"), commandLine);
    const written = String(registry.files.get("s3/artifacts/gateway/rds-ca.pem"));
    assert.deepEqual(der(written), der(authorities["pinned"]!), "the pinned authority and no other");
    await run();
    assert.equal(copied().length, 1, "what is here is not copied again");
  });

  it("tries again when a registry or a publisher throttles", async () => {
    registry.troubles.set("litellm-non_root", [429, 429, 503]);
    registry.troubles.set("code-server-", [429]);
    const { code, said } = await run();
    assert.equal(code, 0, said);
    assert.match(said, /429 toomanyrequests[\s\S]*attempt 1 of 5 failed: manifest ghcr\.io/);
    assert.equal(copied().length, 1);
  });

  it("gives up after five tries, with the image's name", async () => {
    registry.troubles.set(
      "litellm-non_root",
      Array.from({ length: 50 }, () => 429),
    );
    await refused({}, /attempt 4 of 5 failed[\s\S]*litellm-non_root@sha256:\w+ cannot be read/);
    assert.equal(registry.requests.filter((line) => line.includes("litellm-non_root")).length, 5);
  });

  it("refuses another manifest, another platform, another tag, an early version", async () => {
    const line = (digest: string, tag: string, least = "1.95") => ({
      IMAGES: `cline/example/gateway ghcr.io/berriai/litellm-non_root ${digest} ${tag} ${least}`,
    });
    const wrong = `sha256:${"a".repeat(64)}`;
    registry.images.set(`ghcr.io/berriai/litellm-non_root ${wrong}`, image("replaced"));
    await refused(line(wrong, "v1.106.2"), /answers with another manifest than sha256:aaaa/);
    const intel = registry.serve("ghcr.io/berriai/litellm-non_root", image("intel", "amd64"), "v1.107.0");
    await refused(line(intel, "v1.107.0"), /is not for linux\/arm64/);
    const other = registry.serve("ghcr.io/berriai/litellm-non_root", image("other"), "v1.108.0");
    await refused(line(other, "v1.106.2"), /:v1\.106\.2 is not sha256:/);
    const early = registry.serve("ghcr.io/berriai/litellm-non_root", image("early"), "v1.94.9");
    await refused(line(early, "v1.94.9"), /v1\.94\.9: 1\.95 is the first version that runs here/);
    const labelled = registry.serve("ghcr.io/berriai/litellm-non_root", image("labelled", "arm64", "v1.80.5"));
    await refused(line(labelled, "-"), /v1\.80\.5: 1\.95 is the first/);
    const silent = registry.serve("ghcr.io/berriai/litellm-non_root", image("silent"));
    await refused(line(silent, "-"), /does not say its version: write TAG@sha256:/);
    assert.deepEqual(copied(), []);
  });

  it("takes the arm64 manifest of a tag's index, or the index itself with its digest", async () => {
    const arm = image("arm");
    const name = "ghcr.io/langfuse/langfuse";
    const digest = registry.serve(name, arm);
    const index: StoredImage = {
      manifest: JSON.stringify({ manifests: [{ digest, platform: { os: "linux", architecture: "arm64" } }] }),
      details: { "linux/arm64": arm.details },
    };
    const whole = registry.serve(name, index, "4.16.0");
    for (const pinned of [digest, whole]) {
      const { code, said } = await run({ IMAGES: `cline/example/langfuse ${name} ${pinned} 4.16.0 4.0` });
      assert.equal(code, 0, said);
      assert.ok(registry.images.has(`${ecr}/cline/example/langfuse ${pinned}`));
    }
  });

  it("refuses a file that its publisher has replaced, before anything reaches the bucket", async () => {
    registry.files.set(hostPath(workspaceFiles.clineExtension.from), "replaced");
    await refused(
      {},
      new RegExp(`not the file that cline:images\\.clineExtension pins: its SHA-256 is ${sha256("replaced")}`),
    );
    assert.deepEqual(
      registry.requests.filter((line) => line.startsWith("PUT /s3/")),
      [],
    );
  });

  it("refuses a package that is not what npm's registry tells, or not what is pinned", async () => {
    const other = execFileSync("tar", ["-C", folder, "-cz", "package/package.json"]);
    publish(other, commandLine);
    await refused({}, /npm:@cline\/cli-linux-arm64@[\d.]+ cannot be fetched/);
    publish(other);
    await refused(
      {},
      new RegExp(`not the file that cline:images\\.clineCommandLine pins: its SHA-256 is ${sha256(other)}`),
    );
    assert.ok(!registry.files.has("s3/artifacts/workspace/SHA256SUMS"));
  });

  it("refuses authorities of RDS among which a pinned one is missing", async () => {
    registry.files.set(bundle, authorities["other"]!);
    await refused({}, /RDS's authorities in ap-northeast-1 lack the pinned [0-9a-f]{64}/);
    assert.ok(!registry.files.has("s3/artifacts/gateway/rds-ca.pem"));
  });

  it("is planned with every image, file and authority", () => {
    assert.equal(planned["IMAGES"], imageLines(artifactStoreArgs(platformSpec()).images));
    assert.match(
      planned["FILES"]!,
      new RegExp(
        "^code-server\\.rpm https:\\S+ [0-9a-f]{64} codeServer\ncline\\.vsix https:\\S+ [0-9a-f]{64} clineExtension\n" +
          "cline-cli\\.tgz npm:@cline/cli-linux-arm64@\\S+ [0-9a-f]{64} clineCommandLine$",
      ),
    );
    assert.match(planned["RDS_ROOTS"]!, /^([0-9a-f]{64}( |$)){3}$/);
  });
});
