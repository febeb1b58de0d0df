import { renderComment } from "./comment";
import { renderComparison } from "./comment-text";
import { renderCoverage } from "./coverage";
import { renderCsv } from "./csv";
import type { PreviewDocument } from "./document";
import { renderJson } from "./json";
import { renderJunit } from "./junit";
import { renderMarkdown } from "./markdown";
import { renderSarif } from "./sarif";
import { renderText, type TextOptions } from "./text";

interface Format {
  readonly render: (document: PreviewDocument, options: TextOptions) => string;
  /** Whether it also renders the faults of a preview that judged nothing; default false. */
  readonly showsFaults?: boolean;
}

/** Every format, by the name that the command line takes, in the order of its help. */
const table: Readonly<Record<string, Format>> = {
  text: {
    render: (document, options) =>
      document.comparison === undefined || document.comparison.unavailable !== undefined
        ? renderText(document, options)
        : renderComparison(document, document.comparison, options),
  },
  json: { render: renderJson, showsFaults: true },
  markdown: {
    render: (document) => (document.comparison || document.faults ? renderComment : renderMarkdown)(document),
    showsFaults: true,
  },
  sarif: { render: renderSarif, showsFaults: true },
  junit: { render: renderJunit, showsFaults: true },
  csv: { render: renderCsv },
  coverage: { render: renderCoverage },
};

/** Names of the formats. */
export const formats: readonly string[] = Object.keys(table);

/** Names of the formats that also render faults. */
export const faultFormats: readonly string[] = formats.filter((name) => table[name]?.showsFaults);

/**
 * The document in one of {@link formats}.
 * @throws Error when there is no such format
 */
export function render(name: string, document: PreviewDocument, options: TextOptions = {}): string {
  const format = table[name];
  if (format === undefined) throw new Error(`no format ${name}`);
  return format.render(document, options);
}
