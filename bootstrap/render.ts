import { stringify } from "yaml";
import type { StackSpec } from "../config";
import { bootstrapStack, planTemplate } from "./template";

/** The one command that applies a template. @param file the template's file */
export function applyCommand(spec: StackSpec, file: string): string {
  return [
    "aws cloudformation deploy",
    `--region ${spec.region}`,
    `--stack-name ${bootstrapStack(spec)}`,
    `--template-file ${file}`,
    "--capabilities CAPABILITY_NAMED_IAM",
    "--no-fail-on-empty-changeset",
  ].join(" \\\n  ");
}

/** The template as YAML. Its first lines are comments with the command that applies it. */
export function renderTemplate(spec: StackSpec, all: readonly StackSpec[], file: string): string {
  const command = applyCommand(spec, file).replaceAll("\n", "\n#   ");
  const body = stringify(planTemplate(spec, all), {
    aliasDuplicateObjects: false,
    defaultKeyType: "PLAIN",
    defaultStringType: "QUOTE_DOUBLE",
    lineWidth: 0,
  });
  return [
    `# Made by npm run bootstrap -- ${spec.stack}: change the platform's file, not this one.`,
    `# Account ${spec.accountId}. Apply it once, and after each change, as an administrator of the account:`,
    `#   ${command}`,
    body,
  ].join("\n");
}
