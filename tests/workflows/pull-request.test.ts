import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { PullRequest } from "./support/pull-request";

interface Sarif {
  readonly runs: readonly { readonly results: readonly { readonly ruleId: string; readonly level: string }[] }[];
}

describe("the workflow of pull requests", () => {
  let change: PullRequest;
  before(() => {
    change = new PullRequest();
  });
  after(() => rmSync(change.folder, { recursive: true }));
  const uploaded = (): Sarif =>
    JSON.parse(gunzipSync(Buffer.from(change.github.sarifs.at(-1)?.["sarif"] ?? "", "base64")).toString()) as Sarif;
  const ownComments = () => change.github.comments.filter(({ user }) => user.login === "github-actions[bot]");

  it("comments what changes for people, on the stacks that change, and uploads the findings", () => {
    const foreign = { id: 1, user: { login: "mallory" }, body: "<!-- cline:preview -->\nnot ours" };
    change.github = { ...change.github, comments: [foreign] };
    change.department("engineering", { "cline:department": { keepPromptText: true, developers: { endo: {} } } });
    change.commit("prompt text");
    const { failed, ran, log } = change.run();
    assert.equal(failed, undefined, log);
    assert.deepEqual(ran, ["Preview", "Comment", "Code scanning", "Verdict"]);
    const [comment] = ownComments();
    assert.ok(comment);
    assert.match(comment.body, /^<!-- cline:preview -->\n## ✅ Policy preview: accepted\n/);
    assert.match(comment.body, /\*\*engineering\*\*: prompt text of engineering is kept from now on/);
    assert.match(comment.body, /endo joins engineering/);
    assert.match(comment.body, /Left out: design and platform/);
    assert.match(comment.body, /- aws\.ebs\.Volume endo-home/);
    assert.deepEqual(change.github.comments[0], foreign);
    assert.deepEqual(
      uploaded().runs[0]?.results.filter(({ level }) => level === "error"),
      [],
    );
    assert.equal(change.github.sarifs[0]?.["ref"], "refs/pull/7/head");
  });

  it("updates the same comment after a second push, and fails after it on a mandatory violation", () => {
    const [before] = ownComments();
    change.department("engineering", { "cline:department": { developers: { mallory: {} } } });
    change.commit("open port");
    const { failed, status, log } = change.run();
    assert.deepEqual([failed, status], ["Verdict", 1], log);
    assert.deepEqual(
      ownComments().map(({ id }) => id),
      [before?.id],
    );
    assert.match(ownComments()[0]?.body ?? "", /## ❌ Policy preview: refused[\s\S]*mandatory net-no-public-ssh/);
    assert.ok(
      uploaded().runs[0]?.results.some(({ ruleId, level }) => ruleId === "net-no-public-ssh" && level === "error"),
    );
  });

  it("comments the faults of stack files, uploads them, and fails after it with exit code 2", () => {
    change.department("engineering", { "cline:department": { lead: "Sato!", tpm: 0 } });
    change.commit("faults");
    const { failed, status, log } = change.run();
    assert.deepEqual([failed, status], ["Verdict", 2], log);
    const { body = "" } = ownComments()[0] ?? {};
    assert.equal(ownComments().length, 1);
    assert.match(body, /## ❌ The stack files have faults\n\n2 faults\./);
    assert.match(body, /\| stacks\/Pulumi\.engineering\.yaml:\d+ \| cline:department\.lead \| "Sato!" \|/);
    assert.deepEqual(
      uploaded().runs[0]?.results.map(({ ruleId }) => ruleId),
      ["preview-fault", "preview-fault"],
    );
  });

  it("writes to the job summary where the token can only read, and calls nothing", () => {
    const { calls } = change.github;
    for (const about of [{ headRepository: "somebody/cline" }, { author: "dependabot[bot]" }]) {
      rmSync(change.summary, { force: true });
      const { failed, status, log } = change.run(about);
      assert.deepEqual([failed, status], ["Verdict", 2], log);
      assert.match(readFileSync(change.summary, "utf8"), /The stack files have faults/);
    }
    assert.deepEqual(change.github.calls, calls);
  });

  it("fails where the preview wrote no document", () => {
    for (const name of ["preview.md", "preview.sarif"]) rmSync(path.join(change.folder, name));
    rmSync(path.join(change.folder, "cli/main.ts"));
    change.commit("no command");
    const { failed, ran, log } = change.run();
    assert.equal(failed, "Comment", log);
    assert.deepEqual(ran, ["Preview", "Comment"]);
    assert.equal(existsSync(path.join(change.folder, "preview.md")), false);
  });
});
