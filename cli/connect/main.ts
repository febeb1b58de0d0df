import path from "node:path";
import { StackFilesError } from "../../config";
import { endWith, runCommand } from "../command";
import * as connect from ".";

/** `npm run connect` alone, without the other commands: what start.cjs bundles. */
endWith(
  runCommand(connect, process.argv.slice(2), path.join(__dirname, "..", "..")),
  (error) => error instanceof StackFilesError,
);
