import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { findCli, pinnedVersion } from "./support/cli";
import { succeeded } from "./support/expect";
import { bench } from "./support/hooks";
import { root, sharedFolder } from "./support/workbench";

describe("the tools", () => {
  it("has a Pulumi CLI", async () => {
    const { stdout } = succeeded(await bench().pulumi(root, ["version"]));
    assert.match(stdout, /^v3\.\d+\.\d+/);
    console.log(`      ${stdout.trim()} (cli/go.mod: ${pinnedVersion()})`);
  });

  it("fails where there is no CLI and nothing to build one with", () => {
    const { PATH, CLINE_CACHE } = process.env;
    process.env["PATH"] = "";
    process.env["CLINE_CACHE"] = path.join(root, "no-such-cache");
    try {
      assert.throws(() => findCli(() => undefined), /no Pulumi CLI: none on PATH.*Install Pulumi or Go/);
    } finally {
      process.env["PATH"] = PATH;
      if (CLINE_CACHE === undefined) delete process.env["CLINE_CACHE"];
      else process.env["CLINE_CACHE"] = CLINE_CACHE;
    }
  });

  it("says which rules the stand-in provider follows", () => {
    const there = existsSync(path.join(sharedFolder, "provider-rules.json"));
    console.log(
      there
        ? "      rules of AWS's API models and of the provider: ../shared"
        : "      ../shared is not beside this clone: the stand-in runs without AWS's and the provider's rules",
    );
  });
});
