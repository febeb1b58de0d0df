import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const read = (name: string): string => readFileSync(path.join(root, name), "utf8");
const page = read("docs/licences.md");

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
}
const locked = Object.entries((JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> }).packages);
const dependenciesOf = (file: string): string[] =>
  Object.keys((JSON.parse(read(file)) as { dependencies: Record<string, string> }).dependencies);
const copyleft = locked.filter(([, { license = "" }]) => /(?<!L)GPL/.test(license));

/** Debian packages that a suite's script hands to tests/support/packages.sh. */
const installed = readdirSync(path.join(root, "tests"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sh"))
  .flatMap((name) => [...read(path.join("tests", name)).matchAll(/<< 'LIST'\n([\s\S]*?)\nLIST\n/g)])
  .flatMap(([, list = ""]) => list.split("\n").map((line) => line.split(" ")[1] ?? ""));

describe("docs/licences.md", () => {
  it("has each package that the program needs, with the lockfile's licence", () => {
    const needed = [...new Set(["package.json", "policy-pack/package.json"].flatMap(dependenciesOf))];
    assert.ok(needed.length > 10);
    for (const name of needed) {
      const [, found] = locked.find(([place]) => place === `node_modules/${name}`) ?? [];
      assert.ok(page.includes(`| \`${name}\` | ${found?.license} | `), `${name}, ${found?.license}`);
    }
  });

  it("has each package under the GPL or the AGPL, which only development needs", () => {
    assert.ok(copyleft.length > 0);
    for (const [place, { dev }] of copyleft) {
      assert.equal(dev, true, place);
      assert.ok(page.includes(`\`${place.replace(/^.*node_modules\//, "")}\``), place);
    }
  });

  it("has each package of Debian that a suite installs", () => {
    assert.ok(installed.length > 20);
    assert.deepEqual(
      [...new Set(installed)].filter((name) => !page.includes(`\`${name}\``)),
      [],
    );
  });
});

describe("what is distributed", () => {
  it("imports no package under the GPL or the AGPL", () => {
    const names = copyleft.map(([place]) => place.replace(/^.*node_modules\//, ""));
    const sources = ["cli", "components", "config", "functions", "offline", "policy-pack/src", "reports"].flatMap(
      (folder) =>
        readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".ts"))
          .map((name) => path.join(folder, name)),
    );
    assert.ok(sources.length > 300);
    assert.deepEqual(
      sources.filter((name) => names.some((copied) => read(name).includes(`"${copied}`))),
      [],
    );
  });
});
