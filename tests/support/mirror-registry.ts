import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/** An image of one platform, or an index of several. */
export interface StoredImage {
  readonly manifest: string;
  /** What `imagetools inspect --format '{{json .Image}}'` prints. */
  readonly details: unknown;
}

/** The digest of an image's manifest. */
export const digestOf = ({ manifest }: StoredImage): string => `sha256:${sha256(manifest)}`;

/** Registries, publishers' files and S3 on one loopback port; the host of a reference is the path's first part. */
export class MirrorRegistry {
  readonly images = new Map<string, StoredImage>();
  readonly files = new Map<string, string | Buffer>();
  /** Answers to give before the real one: a status for each request of a path that contains the key. */
  readonly troubles = new Map<string, number[]>();
  readonly requests: string[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const url = decodeURIComponent(request.url ?? "");
        this.requests.push(`${request.method ?? ""} ${url}`);
        const trouble = [...this.troubles].find(([part, list]) => url.includes(part) && list.length > 0)?.[1].shift();
        if (trouble !== undefined) response.writeHead(trouble, { "retry-after": "0" }).end("toomanyrequests");
        else if (request.method === "PUT") response.writeHead(this.#put(url, Buffer.concat(chunks))).end();
        else {
          const body = this.#get(url);
          response.writeHead(body === undefined ? 404 : 200).end(body ?? "not found");
        }
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Serves an image by digest, and under tags. Returns the digest. */
  serve(name: string, image: StoredImage, ...tags: readonly string[]): string {
    const digest = digestOf(image);
    for (const version of [digest, ...tags]) this.images.set(`${name} ${version}`, image);
    return digest;
  }

  #put(url: string, body: Buffer): number {
    const [, name, version] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url) ?? [];
    if (name === undefined || version === undefined) this.files.set(url.slice(1), body);
    else this.serve(name, { manifest: body.toString(), details: {} }, version);
    return 201;
  }

  #get(url: string): string | Buffer | undefined {
    const [, name, kind, version] = /^\/v2\/(.+)\/(manifests|details)\/(.+)$/.exec(url) ?? [];
    if (name === undefined) return this.files.get(url.slice(1));
    const image = this.images.get(`${name} ${version ?? ""}`);
    return kind === "details" ? image && JSON.stringify(image.details) : image?.manifest;
  }
}
