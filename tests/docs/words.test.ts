import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const documents = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  ...readdirSync(path.join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const mostWords = 25;
const mostColumns = 100;
/** Wordings that a reader has to guess at, each with the plain ones to use. */
const riddles: ReadonlyMap<string, string> = new Map([
  ["whoever", "name the person or the component"],
  ["goes out of the", "is deducted from the"],
  ["go over to", "move to, are copied to"],
  ["what is one's own", "name the resource"],
  ["where what lies", "name the layout"],
  ["as long as one likes", "state the time, or: not deleted"],
  ["gets one, too", "name what it gets"],
  ["is no more", "is lost, was deleted"],
  ["breaks the glass", "assumes the break-glass role"],
]);

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Lines written by hand outside of code blocks, images, HTML and generated markers; without rows of tables and headings where `only` is "prose". */
function prose(text: string, only: "prose" | "all" = "prose"): Line[] {
  const passed = only === "prose" ? /^(?:\s*\||#|!\[|<| {4}\S)/ : /^(?:!\[|<| {4}\S)/;
  let fenced = false;
  let generated = false;
  return text.split("\n").map((line, index): Line => {
    const fence = /^\s*```/.test(line);
    const marker = /^<!-- (\/?)keys|^<!-- (?:made by .*: begin|(end)) -->/.exec(line);
    if (marker) generated = marker[1] === "" || (marker[1] === undefined && marker[2] === undefined);
    const skipped = fence || fenced || generated || passed.test(line);
    if (fence) fenced = !fenced;
    return { number: index + 1, text: skipped ? "" : line };
  });
}

/** Sentences of prose with the line they begin in; an inline code or link counts as the words that it shows. */
function sentences(lines: readonly Line[]): Line[] {
  const blocks: { number: number; text: string }[] = [];
  let open = false;
  for (const { number, text } of lines) {
    const begins = /^\s*(?:[-*]|\d+\.) /.test(text);
    if (text.trim() === "") open = false;
    else if (open && !begins) blocks.at(-1)!.text += ` ${text.trim()}`;
    else {
      blocks.push({ number, text: text.replace(/^\s*(?:[-*]|\d+\.) /, "") });
      open = true;
    }
  }
  return blocks.flatMap(({ number, text }) =>
    text
      .replaceAll(/`[^`]*`/g, "code")
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .split(/(?<=[.!?][)*]*)\s+/)
      .map((sentence) => ({ number, text: sentence })),
  );
}

const words = (sentence: string): number => sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

const wide = (lines: readonly Line[]): string[] =>
  lines.filter(({ text }) => text.length > mostColumns).map(({ number, text }) => `${number}: ${text.length} columns`);

const long = (lines: readonly Line[]): string[] =>
  sentences(lines)
    .filter(({ text }) => words(text) > mostWords)
    .map(({ number, text }) => `${number}: ${words(text)} words: ${text}`);

const riddled = (lines: readonly Line[]): string[] =>
  sentences(lines).flatMap(({ number, text }) =>
    [...riddles]
      .filter(([riddle]) => text.toLowerCase().includes(riddle))
      .map(([riddle, plain]) => `${number}: "${riddle}": ${plain}`),
  );

/** Rows of tables that a line break cut: what follows is shown as prose. */
const cutRows = (text: string): string[] =>
  prose(text, "all")
    .filter((line) => /^\s*\|/.test(line.text) && !/\|\s*$/.test(line.text))
    .map(({ number, text: row }) => `${number}: ${row.trim()}`);

/** Anchor of a heading, as GitHub makes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");

/** Relative links of a document whose file or heading does not exist. */
function broken(file: string, text: string): string[] {
  const outside = /^[a-z]+:/;
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => {
      if (outside.test(link)) return false;
      const [target = "", heading] = link.split("#");
      const full = target === "" ? path.join(root, file) : path.resolve(root, path.dirname(file), target);
      if (!existsSync(full)) return true;
      if (heading === undefined) return false;
      const headings = readFileSync(full, "utf8").matchAll(/^#+ (.+)$/gm);
      return ![...headings].some(([, each = ""]) => anchor(each) === heading);
    });
}

const scripts = Object.assign(
  {},
  ...["package.json", "policy-pack/package.json"].map(
    (file) => (JSON.parse(readFileSync(path.join(root, file), "utf8")) as { readonly scripts: object }).scripts,
  ),
) as Readonly<Record<string, string>>;

/** `npm run` commands and files of the repository that a document names and that do not exist. */
function unknownCommands(text: string): string[] {
  const commands = [...text.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
  const files = [...text.matchAll(/`?\b(scripts\/[\w.-]+\.(?:sh|yml))/g)].map(([, name = ""]) => name);
  return [
    ...commands.filter((name) => scripts[name] === undefined).map((name) => `npm run ${name}`),
    ...files.filter((name) => !existsSync(path.join(root, name))),
  ];
}

describe("the documents' words", () => {
  it("include commands and files, which are looked up", () => {
    assert.deepEqual(unknownCommands("`npm run preview`, `npm run --silent nothing -- x`, `scripts/none.sh`"), [
      "npm run nothing",
      "scripts/none.sh",
    ]);
  });

  it("are judged outside of code, tables and generated parts", () => {
    const lines = prose(
      "Say `a b c` [at once](x.md).\n\n```sh\nwhoever\n```\n| whoever |\n<!-- keys: x -->\nwhoever\n<!-- /keys -->\n- Whoever\n  comes.",
    );
    assert.deepEqual(sentences(lines), [
      { number: 1, text: "Say code at once." },
      { number: 10, text: "Whoever comes." },
    ]);
    assert.deepEqual(riddled(lines), ['10: "whoever": name the person or the component']);
  });

  it("are counted by sentence and line", () => {
    const sentence = (count: number): string => `${Array(count).fill("word").join(" ")}.`;
    assert.deepEqual(long(prose(`${sentence(25)} ${sentence(25)}`)), []);
    assert.equal(long(prose(`${sentence(10)}\n${sentence(26)}`)).length, 1);
    assert.deepEqual(wide(prose(`${"x".repeat(100)}\n${"x".repeat(101)}`)), ["2: 101 columns"]);
  });

  it("include links that lead to a file and a heading", () => {
    assert.deepEqual(
      broken("README.md", "[a](docs/none.md) [b](README.md#none) [c](https://example.com/none) [d](docs)"),
      ["docs/none.md", "README.md#none"],
    );
  });

  it("include rows of tables, each in one line", () => {
    const text = "| a | b |\n| --- | --- |\n| `c` | with\nd | | `e` | f |\n";
    assert.deepEqual(cutRows(text), ["3: | `c` | with"]);
  });

  for (const file of documents) {
    const text = readFileSync(path.join(root, file), "utf8");
    const lines = prose(text);
    describe(file, () => {
      it(`has sentences of at most ${mostWords} words`, () => assert.deepEqual(long(lines), []));
      it(`has prose lines of at most ${mostColumns} columns`, () => assert.deepEqual(wide(lines), []));
      it("has each row of a table in one line", () => assert.deepEqual(cutRows(text), []));
      it("says nothing in riddles", () => assert.deepEqual(riddled(prose(text, "all")), []));
      it("names commands and files that exist", () => assert.deepEqual(unknownCommands(text), []));
      it("links to what exists", () => assert.deepEqual(broken(file, text), []));
    });
  }
});

describe("README.md", () => {
  it("has each of the project's commands in its table", () => {
    const commands = Object.keys(scripts).filter((name) => scripts[name]?.includes("cli/main.ts"));
    assert.ok(commands.length >= 7);
    const rows = readFileSync(path.join(root, "README.md"), "utf8").matchAll(/^\| .*?`npm run ([\w:-]+)/gm);
    const named = new Set([...rows].map(([, name]) => name));
    assert.deepEqual(
      commands.filter((name) => !named.has(name)),
      [],
    );
  });
});

describe("docs/glossary.md", () => {
  it("gives each word one meaning", () => {
    const rows = [...readFileSync(path.join(root, "docs/glossary.md"), "utf8").matchAll(/^\| (.+?) \| (.+) \|$/gm)];
    const defined = rows
      .map(([, word = ""]) => word)
      .filter((word) => word !== "word" && word !== "---")
      .flatMap((word) => word.split(", "));
    assert.ok(defined.length > 40);
    assert.deepEqual(
      defined.filter((word, index) => defined.indexOf(word) !== index),
      [],
    );
  });
});
