import fc from "fast-check";
import { filesOf, stackConfigs } from "../../tests/support/stack-files";

/** Stack files by name, such as `Pulumi.platform.yaml`. */
export type Files = Readonly<Record<string, string>>;

/** Stack files that both sides are run with. */
export interface StackSet {
  readonly name: string;
  readonly before: Files;
  readonly after: Files;
  /** Formats in which a report is compared, besides the JSON document. */
  readonly formats: readonly string[];
  /** Also compare ids and outputs as after a deployment. */
  readonly asDeployed: boolean;
  /** Names a stack in the table. */
  readonly label: (stack: string) => string;
}

export const reportFormats = ["text", "markdown", "sarif", "junit", "csv", "coverage"] as const;

/**
 * The shipped stack files: each side with its own, and where they differ, also both sides with the earlier ones, so that a stack file
 * which nobody edits keeps its meaning.
 */
export function shippedSets(before: Files, after: Files): StackSet[] {
  const common = { formats: reportFormats, asDeployed: true, label: (stack: string) => stack };
  const own = { ...common, name: "shipped", before, after };
  if (JSON.stringify(before) === JSON.stringify(after)) return [own];
  return [own, { ...own, name: "shipped before", after: before, label: (stack) => `${stack} (earlier stack file)` }];
}

/** Random stack files: equal for an equal seed. Each set has its report in one of the formats, in turn. */
export function randomSets(count: number, seed: number): StackSet[] {
  return fc.sample(stackConfigs(), { numRuns: count, seed }).map((configs, at) => {
    const files = filesOf(configs);
    return {
      name: `random ${at + 1}`,
      before: files,
      after: files,
      formats: reportFormats.filter((_, place) => place === at % reportFormats.length),
      asDeployed: false,
      label: (stack) => (stack === "platform" ? "random platform" : "random department"),
    };
  });
}
