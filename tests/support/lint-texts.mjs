// Lints texts as if they stood in the named files: [{file, source}] on standard input, each text's
// messages as JSON on standard output. A process of its own, because the linter's plugins do not
// load under the tests' TypeScript loader.
import { ESLint } from "eslint";

let input = "";
for await (const chunk of process.stdin) input += chunk;
const eslint = new ESLint();
const results = [];
for (const { file, source } of JSON.parse(input)) {
  const [result] = await eslint.lintText(source, { filePath: file });
  results.push(result?.messages.map(({ ruleId, line }) => ({ ruleId, line })) ?? []);
}
process.stdout.write(JSON.stringify(results));
