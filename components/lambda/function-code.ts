import { existsSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";

const bundles = path.join(__dirname, "../../functions/dist");

/**
 * A function's code for Lambda: the bundle that `npm run build` makes of
 * `functions/NAME/handler.ts`, identified by its content hash.
 * @throws RunError when there is no bundle.
 */
export function functionCode(name: string): pulumi.asset.AssetArchive {
  const file = path.join(bundles, name, "index.js");
  if (!existsSync(file)) {
    throw new pulumi.RunError(`functions/dist/${name}/index.js: not found; build it first: npm run build`);
  }
  return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.FileAsset(file) });
}
