import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeCertificates, type Certificates } from "../support/certificates";
import { Bench } from "./conformance/bench";
import { start } from "./engine-process";

describe("the query engine over TLS", () => {
  let bench: Bench;
  let folder: string;
  let certificates: Certificates;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "cline-certificates-"));
    certificates = await makeCertificates(folder);
    bench = await Bench.start(certificates);
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await bench.stop();
  });

  const url = (parameters: Readonly<Record<string, string>>, host = "localhost"): string =>
    bench.url(parameters).replace("127.0.0.1", host);

  const encrypted = `return (await db.query_raw("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))[0]["ssl"]`;

  it("encrypts where the server can, verifying only where asked to", async () => {
    for (const parameters of [
      { sslmode: "prefer" },
      { sslmode: "require" },
      { sslmode: "require", sslaccept: "strict", sslcert: certificates.ca },
    ]) {
      const python = await bench.connect(url(parameters));
      assert.equal(await python.value(encrypted), true, JSON.stringify(parameters));
      await python.end();
    }
  });

  it("refuses a certificate it has no reason to trust, another host's name, and a server that wants TLS when told not to", async () => {
    const strict = { sslmode: "require", sslaccept: "strict" };
    for (const [bad, words] of [
      [url(strict), /TLS connection/],
      [url({ ...strict, sslcert: certificates.ca }, "127.0.0.1"), /TLS connection/],
      [url({ sslmode: "disable" }), /P1010.*no encryption|no encryption.*P1010/],
    ] as const) {
      const { child, printed } = await start(bench, { DATABASE_URL: bad });
      assert.deepEqual(await once(child, "exit"), [1, null]);
      assert.match(printed(), words);
    }
  });

  it("verifies as LiteLLM has it do for verify-full: another root and another name are refused", async function () {
    // Loading LiteLLM on a busy machine.
    this.timeout(180_000);
    const { ca: other } = await makeCertificates(mkdtempSync(path.join(folder, "other-")));
    const told = (sslrootcert: string, host?: string) => url({ sslmode: "verify-full", sslrootcert }, host);
    // LiteLLM's own code makes Prisma's words of the settings that the task has.
    const code =
      "import sys; from litellm.proxy.db.db_url_settings import translate_libpq_ssl_params as t; print(*map(t, sys.argv[1:]))";
    const translated = execFileSync(
      process.env["GATEWAY_PYTHON"] ?? "python3",
      ["-c", code, told(certificates.ca), told(other), told(certificates.ca, "127.0.0.1")],
      { encoding: "utf8", env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True" } },
    );
    const [good = "", ...bad] = translated.trim().split(" ");
    assert.equal(bad.length, 2);
    const python = await bench.connect(good);
    assert.equal(await python.value(encrypted), true);
    await python.end();
    for (const each of bad) {
      const { child, printed } = await start(bench, { DATABASE_URL: each });
      assert.deepEqual(await once(child, "exit"), [1, null]);
      assert.match(printed(), /TLS connection/);
    }
  });
});
