import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { localGateway } from "../../components/workspace/local-gateway";
import { LocalGateway, search, withPlanted } from "../support/local-gateway";
import { departmentState, onboard } from "./support/departments";
import { KeySecret } from "./support/functions";
import { world } from "./support/hooks";
import { freePort } from "./support/server";

/** Most of its memory that the local gateway may use, in KiB, after everything that this file does to it. */
const mostPss = 20 * 1024;

describe("the local gateway in front of LiteLLM", () => {
  const since = Date.now() / 1000;
  const keys: string[] = [];
  const secret = () => new KeySecret(world(), "local", "a");
  let gateway: LocalGateway;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  before(async () => {
    await onboard(world(), departmentState("local", { a: {} }));
    gateway = await LocalGateway.start({
      port: Number(new URL(world().url).port),
      authority: readFileSync(world().certificates.ca, "utf8"),
      own: await freePort(),
    });
    keys.push(await secret().key());
    gateway.setKey(keys[0]!);
  });
  after(async () => {
    agent.destroy();
    await gateway.stop();
  });

  interface Stream {
    readonly status: number;
    readonly text: string;
  }
  /** A streamed chat of a client that holds the placeholder. */
  const chat = (): Promise<Stream> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${localGateway.placeholder}`, "content-type": "application/json" };
      const at = { host: "127.0.0.1", port: gateway.port, path: "/v1/chat/completions", method: "POST" };
      const sent = request({ ...at, headers, agent }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => (text += part));
        answer.once("error", reject).once("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      const messages = [{ role: "user", content: "Say hello." }];
      sent.once("error", reject).end(JSON.stringify({ model: "light", messages, max_tokens: 50, stream: true }));
    });

  it("fails none of 1,000 streams and breaks none off while the key rotates three times", async () => {
    const failed: string[] = [];
    let done = 0;
    const work = Array.from({ length: 4 }, async () => {
      for (let call = 0; call < 250; call++) {
        const { status, text } = await chat().catch((error: unknown) => ({ status: 0, text: String(error) }));
        if (status !== 200 || !text.endsWith("data: [DONE]\n\n")) failed.push(`${String(status)} ${text.slice(-200)}`);
        done++;
      }
    });
    const rotations = async () => {
      for (const part of [200, 500, 800]) {
        while (done < part) await sleep(20);
        keys.push(await secret().rotate());
        gateway.setKey(keys.at(-1)!);
      }
    };
    await Promise.all([...work, rotations()]);
    assert.equal(done, 1000);
    assert.equal(new Set(keys).size, 4);
    assert.deepEqual(failed, []);
  }).timeout(3_600_000);

  it("serves Cline's first question with a placeholder", async () => {
    const answer = await fetch(`http://127.0.0.1:${String(gateway.port)}/v1/model/info`, {
      headers: { "x-litellm-api-key": localGateway.placeholder },
    });
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /"light"/);
  });

  it("holds the keys where a developer's user finds none of them: no file, command line, environment or memory", async () => {
    const { found, looked } = search(keys, since);
    assert.deepEqual(found, []);
    console.log(`      ${looked}`);
    // The same search finds what it should: a file, an environment and an argument of the developer's.
    await withPlanted(keys.at(-1)!, (places) => {
      const again = search(keys, since).found;
      for (const place of places) assert.ok(again.includes(place), `${place} of ${again.join(" ")}`);
    });
  });

  it(`uses less than ${String(mostPss)} KiB of memory`, () => {
    const pss = gateway.pss();
    console.log(`      ${String(pss)} KiB`);
    assert.ok(pss > 1000 && pss < mostPss, String(pss));
  });
});
