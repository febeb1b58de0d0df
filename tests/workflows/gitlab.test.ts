import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

interface Note {
  readonly id: number;
  readonly system: boolean;
  body: string;
}

/** As much of GitLab's notes API as the script uses, on the loopback interface. */
function standIn(notes: Note[], token: string): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const answer = (status: number, value: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      };
      const path = /^\/api\/v4\/projects\/42\/merge_requests\/7\/notes(?:\/(\d+))?$/.exec(url.pathname);
      const id = path?.at(1);
      const body = new URLSearchParams(text).get("body") ?? "";
      const page = Number(url.searchParams.get("page"));
      const note = notes.find((each) => each.id === Number(id));
      if (request.headers["private-token"] !== token) answer(401, { message: "401 Unauthorized" });
      else if (path && request.method === "GET") answer(200, notes.slice((page - 1) * 2, page * 2));
      else if (path && id === undefined && request.method === "POST")
        answer(201, notes.push({ id: 500, system: false, body }));
      else if (note && request.method === "PUT") answer(200, (note.body = body));
      else answer(404, { message: "404 Not found" });
    });
  });
}

describe("scripts/gitlab-comment.sh", () => {
  let [folder, url] = ["", ""];
  let server: Server;
  const notes: Note[] = [1, 2, 3].map((id) => ({ id, system: id === 2, body: id === 2 ? "<!-- m -->" : `note ${id}` }));
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "gitlab-"));
    server = standIn(notes, "secret");
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  function comment(text: string, token = "secret"): Promise<{ code: number | null; said: string }> {
    const file = path.join(folder, "preview.md");
    writeFileSync(file, text);
    const child = spawn("bash", [path.join(__dirname, "../../scripts/gitlab-comment.sh"), file], {
      env: { ...process.env, GITLAB_TOKEN: token, CI_API_V4_URL: url, CI_PROJECT_ID: "42", CI_MERGE_REQUEST_IID: "7" },
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
  }

  it("writes the note, and updates it in place however many pages of notes there are", async () => {
    const first = await comment("<!-- m -->\nfirst & 100 % + ü\n");
    assert.equal(first.code, 0, first.said);
    assert.equal(notes.at(-1)?.body, "<!-- m -->\nfirst & 100 % + ü\n");
    const second = await comment("<!-- m -->\nsecond\n");
    assert.equal(second.code, 0, second.said);
    assert.deepEqual(
      notes.map(({ id, body }) => [id, body]),
      [
        [1, "note 1"],
        [2, "<!-- m -->"],
        [3, "note 3"],
        [500, "<!-- m -->\nsecond\n"],
      ],
    );
  });

  it("fails on a token that is refused and on a document without a marker, and never prints the token", async () => {
    const refused = await comment("<!-- m -->\n", "wrong-token");
    assert.notEqual(refused.code, 0);
    assert.match(refused.said, /401/);
    assert.doesNotMatch(refused.said, /wrong-token/);
    const unmarked = await comment("no marker\n");
    assert.equal(unmarked.code, 1);
    assert.match(unmarked.said, /found no marker in the first line/);
  });
});
