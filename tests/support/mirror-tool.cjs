// Stands in for `docker` and `aws` as mirror.sh calls them, over HTTP against the stand-in registry at $REGISTRY.
const { readFileSync } = require("node:fs");
const [program, ...args] = process.argv.slice(2);
const base = process.env.REGISTRY;
const at = (reference) => {
  const [, name, version] = /^(.*?)[@:]((?:sha256:)?[\w.-]+)$/.exec(reference);
  return `${base}/v2/${name}/manifests/${version}`;
};
async function answer(url, init) {
  const response = await fetch(url, init);
  const body = Buffer.from(await response.arrayBuffer());
  if (response.ok) return body;
  process.stderr.write(`${url}: ${response.status} ${body}\n`);
  process.exit(1);
}
const run = {
  async docker() {
    // As docker does: a pipe whose reader ends early fails its writer.
    if (args[0] === "login") return void readFileSync(0);
    const [, , verb, option, ...rest] = args;
    if (verb === "inspect" && option === "--raw") process.stdout.write(await answer(at(rest[0])));
    else if (verb === "inspect") process.stdout.write(await answer(at(rest[1]).replace("/manifests/", "/details/")));
    else await answer(at(rest[0]), { method: "PUT", body: await answer(at(rest[1])) });
  },
  async aws() {
    if (args[1] === "get-login-password") process.stdout.write("password");
    else if (args[1] === "describe-images") {
      const digest = args[5].replace("imageDigest=", "");
      await answer(`${base}/v2/${process.env.ECR}/${args[3]}/manifests/${digest}`);
    } else await answer(`${base}/${args[4].replace("s3://", "s3/")}`, { method: "PUT", body: readFileSync(args[3]) });
  },
};
run[program]();
