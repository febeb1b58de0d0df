/**
 * A language host for Node programs and policy packs: what `pulumi-language-nodejs` does, as far as this suite's commands ask for it.
 * Used only where the real one is not installed. It starts the SDK's own entry points (`cmd/run`, `cmd/run-policy-pack`, `cmd/run-plugin`).
 */
import type { ServerWritableStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { providerPackages } from "../support/packages";
import { handler, serve } from "./serve";

const engine = process.argv.at(-1) ?? "";
/** `cmd/run` ends with this code when it has told the user everything already. */
const BAIL = 32;
const children = new Set<ChildProcess>();

const killChildren = (): void => children.forEach((child) => child.kill("SIGKILL"));

function start(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: "inherit" | "pipe",
): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", output, output] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("close", (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
    child.once("error", reject);
  });

/** The SDK's entry point as the program's folder resolves it. */
const entry = (folder: string, name: string): string =>
  createRequire(path.join(folder, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);

const optionsOf = (info: language.ProgramInfo | undefined): Record<string, unknown> =>
  info?.getOptions()?.toJavaScript() ?? {};

const flag = (name: string, value: string): string[] => (value === "" ? [] : [`--${name}=${value}`]);

async function run(request: language.RunRequest): Promise<language.RunResponse> {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getPwd();
  const options = optionsOf(info);
  const nodeArgs = typeof options["nodeargs"] === "string" ? options["nodeargs"].split(/\s+/).filter(Boolean) : [];
  const args = [
    ...nodeArgs,
    entry(folder, "run"),
    ...flag("monitor", request.getMonitorAddress()),
    ...flag("engine", engine),
    ...flag("organization", request.getOrganization()),
    ...flag("project", request.getProject()),
    ...flag("root-directory", info?.getRootDirectory() ?? ""),
    ...flag("stack", request.getStack()),
    ...flag("pwd", request.getPwd()),
    ...flag("parallel", String(request.getParallel())),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? request.getProgram(),
    ...request.getArgsList(),
  ];
  const code = await ended(
    start(
      folder,
      args,
      {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(options["typescript"] !== false),
      },
      "inherit",
    ),
  );
  const response = new language.RunResponse();
  if (code === BAIL) response.setBail(true);
  else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
  return response;
}

function runPlugin(call: ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>): void {
  const request = call.request;
  const home = request.getInfo()?.getProgramDirectory() ?? request.getProgram();
  const args =
    request.getKind() === "analyzer" || request.getKind() === ""
      ? [entry(home, "run-policy-pack"), engine, home]
      : [entry(home, "run-plugin"), home, engine];
  const env = Object.fromEntries(
    request.getEnvList().map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const child = start(home, args, { ...process.env, ...env }, "pipe");
  const send = (fill: (response: language.RunPluginResponse) => void): void => {
    const response = new language.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  child.stdout?.on("data", (chunk: Buffer) => send((response) => response.setStdout(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => send((response) => response.setStderr(chunk)));
  call.on("cancelled", () => child.kill("SIGKILL"));
  void ended(child).then((code) => {
    send((response) => response.setExitcode(code));
    call.end();
  });
}

function requiredPackages(request: language.GetRequiredPackagesRequest): language.GetRequiredPackagesResponse {
  const response = new language.GetRequiredPackagesResponse();
  const folder = request.getInfo()?.getProgramDirectory() ?? process.cwd();
  for (const { name, version } of providerPackages(path.join(folder, "node_modules"))) {
    const dependency = new PackageDependency();
    dependency.setKind("resource");
    dependency.setName(name);
    dependency.setVersion(`v${version}`);
    response.addPackages(dependency);
  }
  return response;
}

function about(): language.AboutResponse {
  const response = new language.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  return response;
}

function pluginInfo(): PluginInfo {
  const info = new PluginInfo();
  info.setVersion("0.0.0-stand-in");
  return info;
}

const methods: UntypedServiceImplementation = {
  handshake: handler(() => new language.LanguageHandshakeResponse()),
  getPluginInfo: handler(pluginInfo),
  getRequiredPackages: handler(requiredPackages),
  run: handler(run),
  runPlugin,
  about: handler(about),
  cancel: handler(() => {
    killChildren();
    return new Empty();
  }),
};

serve((server) => server.addService(LanguageRuntimeService, methods), killChildren);
