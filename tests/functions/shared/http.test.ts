import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { send } from "../../../functions/shared/http";

describe("requests of functions", () => {
  let server: Server;
  let url: string;
  let requests: string[];
  /** Takes the number of a request, from 1. */
  let answer: (request: IncomingMessage, response: ServerResponse, number: number) => void;

  beforeEach(async () => {
    requests = [];
    answer = (_request, response) => response.end('{"ok":true}');
    server = createServer((request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      request.resume().on("end", () => answer(request, response, requests.length));
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const breaks = (...numbers: readonly number[]) => {
    answer = (request, response, number) =>
      numbers.includes(number) ? request.socket.destroy() : void response.end('{"ok":true}');
  };

  it("are sent a second time when a kept-alive connection breaks under a GET", async () => {
    await send({ method: "GET", url: `${url}/first` });
    breaks(2);
    assert.deepEqual(await send({ method: "GET", url: `${url}/again` }), {
      status: 200,
      body: { ok: true },
      cookies: [],
    });
    assert.deepEqual(requests, ["GET /first", "GET /again", "GET /again"]);
  });

  it("are sent a second time only", async () => {
    breaks(1, 2, 3);
    await assert.rejects(send({ method: "GET", url: `${url}/again` }), /^Error: GET http.*\/again: /);
    assert.equal(requests.length, 2);
  });

  it("are not sent again when they may have changed something", async () => {
    await send({ method: "GET", url });
    breaks(2);
    await assert.rejects(send({ method: "POST", url: `${url}/key/generate`, body: {} }), /POST http.*\/key\/generate/);
    assert.deepEqual(requests, ["GET /", "POST /key/generate"]);
  });

  it("take any status as an answer, and text where it is no JSON", async () => {
    for (const status of [404, 409, 429, 500, 503]) {
      answer = (_request, response) => response.writeHead(status).end("upstream is gone");
      const before = requests.length;
      assert.deepEqual(await send({ method: "GET", url }), { status, body: "upstream is gone", cookies: [] });
      assert.equal(requests.length, before + 1, String(status));
    }
  });

  it("hand on each cookie of an answer", async () => {
    for (const given of [["a=1; Path=/"], ["a=1; Path=/", "b=2"]]) {
      answer = (_request, response) => response.setHeader("set-cookie", given).end("{}");
      assert.deepEqual((await send({ method: "GET", url })).cookies, given);
    }
  });

  it("end when nothing answers in time, without a word of headers or body", async () => {
    answer = () => undefined;
    const headers = { authorization: "Bearer sk-secret" };
    const sent = send({ method: "POST", url, headers, body: { key: "sk-secret" }, timeoutMs: 50 });
    await assert.rejects(sent, (fault: Error) => {
      assert.match(fault.message, /^POST http.*: no answer in time$/);
      assert.doesNotMatch(fault.message, /sk-secret/);
      return true;
    });
  });

  it("share connections when they follow each other", async () => {
    const ports = new Set<number | undefined>();
    answer = (request, response) => {
      ports.add(request.socket.remotePort);
      response.end("{}");
    };
    for (let call = 0; call < 20; call++) await send({ method: "GET", url });
    assert.ok(ports.size <= 2, String(ports.size));
  });
});
