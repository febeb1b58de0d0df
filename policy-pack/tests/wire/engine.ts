import { spawn, type ChildProcess } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

export type Json = Record<string, unknown>;

/** A pack as the engine starts and asks it. */
export class RunningPack {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  static async start(folder: string): Promise<RunningPack> {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const port = await new Promise<string>((resolve, reject) => {
      child.stderr.on("data", (data: Buffer) => (output += data.toString()));
      child.stdout.on("data", (data: Buffer) => {
        output += data.toString();
        const found = /^(\d+)\s/m.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.on("exit", () => reject(new Error(`the pack ended: ${output}`)));
    });
    return new RunningPack(child, new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure()));
  }

  stop(): void {
    this.client.close();
    this.child.kill();
  }

  info(): Promise<proto.AnalyzerInfo> {
    return new Promise((resolve, reject) => this.client.getAnalyzerInfo(new Empty(), answer(resolve, reject)));
  }

  analyze(type: string, inputs: Json): Promise<proto.AnalyzeResponse> {
    return new Promise((resolve, reject) => this.client.analyze(analyzeRequest(type, inputs), answer(resolve, reject)));
  }

  remediate(type: string, inputs: Json): Promise<proto.RemediateResponse> {
    return new Promise((resolve, reject) =>
      this.client.remediate(analyzeRequest(type, inputs), answer(resolve, reject)),
    );
  }

  analyzeStack(
    resources: readonly (readonly [type: string, name: string, inputs: Json])[],
  ): Promise<proto.AnalyzeResponse> {
    return new Promise((resolve, reject) => this.client.analyzeStack(stackRequest(resources), answer(resolve, reject)));
  }

  configure(
    settings: Readonly<Record<string, { level: proto.EnforcementLevel; properties?: Json }>>,
  ): Promise<unknown> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [name, { level, properties = {} }] of Object.entries(settings)) {
      const config = new proto.PolicyConfig();
      config.setEnforcementlevel(level);
      config.setProperties(struct(properties));
      request.getPolicyconfigMap().set(name, config);
    }
    return new Promise((resolve, reject) => this.client.configure(request, answer(resolve, reject)));
  }
}

function answer<T>(
  resolve: (value: T) => void,
  reject: (error: Error) => void,
): (error: grpc.ServiceError | null, value: T) => void {
  return (error, value) => (error === null ? resolve(value) : reject(error));
}

function struct(inputs: Json): Struct {
  return Struct.fromJavaScript(inputs as Record<string, JavaScriptValue>);
}

/** The request of one resource, named `it` in stack `test`. */
export function analyzeRequest(type: string, inputs: Json): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  request.setType(type);
  request.setName("it");
  request.setUrn(`urn:pulumi:test::test::${type}::it`);
  request.setProperties(struct(inputs));
  request.setOptions(new proto.AnalyzerResourceOptions());
  return request;
}

/** The request of a whole stack. */
export function stackRequest(
  resources: readonly (readonly [type: string, name: string, inputs: Json])[],
): proto.AnalyzeStackRequest {
  const request = new proto.AnalyzeStackRequest();
  for (const [type, name, inputs] of resources) {
    const resource = new proto.AnalyzerResource();
    resource.setType(type);
    resource.setName(name);
    resource.setUrn(`urn:pulumi:test::test::${type}::${name}`);
    resource.setProperties(struct(inputs));
    resource.setOptions(new proto.AnalyzerResourceOptions());
    request.addResources(resource);
  }
  return request;
}
