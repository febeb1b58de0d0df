import { join } from "node:path";
import { freePort, Server } from "./server";

/** moto's server: S3, Secrets Manager, CloudWatch, in AWS's place. */
export interface Moto {
  readonly url: string;
  readonly server: Server;
}

export async function startMoto(folder: string, python: string): Promise<Moto> {
  const port = await freePort();
  const server = await Server.start({
    file: python,
    args: [join(__dirname, "..", "stand-ins", "moto-server.py"), String(port)],
    env: { ...process.env, AWS_DEFAULT_REGION: "ap-northeast-1" },
    log: join(folder, "moto.log"),
    port,
    deadlineMs: 60_000,
  });
  return { url: `http://127.0.0.1:${port}`, server };
}
