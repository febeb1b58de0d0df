import {
  renderComment,
  renderComparison,
  renderCoverage,
  renderCsv,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderSarif,
  renderText,
  type PreviewDocument,
} from "../reports";

export interface RenderOptions {
  readonly colour: boolean;
  /** Names every resource instead of counting equal ones. */
  readonly every: boolean;
}

const renderers: Readonly<Record<string, (document: PreviewDocument, options: RenderOptions) => string>> = {
  text: (document, options) =>
    document.comparison === undefined || document.comparison.unavailable !== undefined
      ? renderText(document, options)
      : renderComparison(document, document.comparison, options),
  json: renderJson,
  markdown: (document) => (document.comparison || document.faults ? renderComment : renderMarkdown)(document),
  sarif: renderSarif,
  junit: renderJunit,
  csv: renderCsv,
  coverage: renderCoverage,
};

/** Names of the document's formats. */
export const formats = Object.keys(renderers);

/** The document in one of `formats`. */
export function render(format: string, document: PreviewDocument, options: RenderOptions): string {
  const renderer = renderers[format];
  if (renderer === undefined) throw new Error(`no format ${format}`);
  return renderer(document, options);
}
