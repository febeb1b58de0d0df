import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { credentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogSeverity, SetRootResourceResponse, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { scopeOf } from "../../offline/in-process";
import { Monitor, type Registered } from "../../offline/monitor";
import { runProgram } from "../../offline/run";
import { serveMonitor } from "../../offline/serve";
import type { RawProps } from "../../offline/values";

const root = path.join(__dirname, "../..");

/** An engine that hears what the program logs, and nothing more. */
async function serveEngine(logged: string[]): Promise<{ address: string; close: () => void }> {
  const server = new Server();
  server.addService(EngineService, {
    log: (call: { request: LogRequest }, callback: (error: null, response: Empty) => void) => {
      if (call.request.getSeverity() !== LogSeverity.DEBUG) logged.push(call.request.getMessage());
      callback(null, new Empty());
    },
    setRootResource: (_call: unknown, callback: (error: null, response: SetRootResourceResponse) => void) =>
      callback(null, new SetRootResourceResponse()),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/** Runs a program with the SDK's own `cmd/run`, as the language host does for the engine, against the monitor over gRPC. */
async function runOfficially(program: string, stack: string, preview: boolean, references: Record<string, RawProps>) {
  const monitor = new Monitor({
    stack,
    project: "cline",
    organization: "organization",
    preview,
    scope: scopeOf({}),
    references,
    root,
  });
  const served = await serveMonitor(monitor);
  const logged: string[] = [];
  const engine = await serveEngine(logged);
  const flags = [
    `--monitor=${served.address}`,
    `--engine=${engine.address}`,
    "--organization=organization",
    "--project=cline",
    `--stack=${stack}`,
    `--pwd=${root}`,
    `--root-directory=${root}`,
    "--parallel=16",
    ...(preview ? ["--dry-run"] : []),
  ];
  const child = spawn(
    process.execPath,
    ["-r", require.resolve("tsx/cjs"), require.resolve("@pulumi/pulumi/cmd/run"), ...flags, program],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PULUMI_CONFIG: "{}", PULUMI_CONFIG_SECRET_KEYS: "[]" },
    },
  );
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  served.close();
  engine.close();
  return { code, logged, resources: [...monitor.resources.values()], outputs: monitor.outputs };
}

/**
 * Order may differ between transports, and so do source positions: cmd/run installs a source-map reader of its own, which does not know
 * what tsx makes of a file.
 */
const byUrn = (resources: readonly Registered[]) =>
  resources.map(({ source: _, ...rest }) => rest).sort((a, b) => (a.urn < b.urn ? -1 : 1));

describe("the monitor, in process and over gRPC with the official cmd/run", () => {
  const program = (name: string) => path.join(__dirname, "fixtures", `${name}.ts`);

  for (const preview of [true, false])
    it(`registers the same resources and outputs ${preview ? "in a preview" : "as deployed"}`, async () => {
      const platform = await runProgram({ program: program("platform"), stack: "platform", root, preview: false });
      const references = { "organization/cline/platform": platform.outputs };
      for (const stack of ["platform", "department"]) {
        const own = await runProgram({ program: program(stack), stack, root, preview, references });
        const official = await runOfficially(program(stack), stack, preview, references);
        assert.deepEqual([official.code, official.logged], [0, []]);
        assert.ok(own.resources.length > 5);
        assert.deepEqual(byUrn(own.resources), byUrn(official.resources));
        assert.deepEqual(own.outputs, official.outputs);
      }
    });

  it("answers faults over gRPC as well", async () => {
    const run = {
      stack: "s",
      project: "p",
      organization: "o",
      preview: true,
      scope: scopeOf({}),
      references: {},
      root,
    };
    const served = await serveMonitor(new Monitor(run));
    const client = new ResourceMonitorClient(served.address, credentials.createInsecure());
    const request = new ResourceInvokeRequest();
    request.setTok("aws:ec2/getAmi:getAmi");
    const error = await new Promise<ServiceError | null>((resolve) => client.invoke(request, resolve));
    assert.match(error?.details ?? "", /the program asks AWS for aws:ec2\/getAmi:getAmi/);
    client.close();
    served.close();
  });
});
