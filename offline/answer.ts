import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";

/** A pack's answer on a resource or a stack. */
export interface Answer {
  readonly diagnostics: readonly analyzer.AnalyzeDiagnostic[];
  /** Names of the policies that had nothing to judge. The same set for answers that name the same. */
  readonly notApplicable: ReadonlySet<string>;
}

/** Field numbers of pulumirpc.AnalyzeResponse (proto/pulumi/analyzer.proto). */
const DIAGNOSTICS = 2;
const NOT_APPLICABLE = 3;

/**
 * Makes a reader of serialized AnalyzeResponses. Of two hundred policies all but a few do not apply to a resource, and which ones depends
 * on its type: that part of an answer is decoded once per content instead of into as many messages per resource.
 */
export function answerReader(): (bytes: Buffer) => Answer {
  const sets = new Map<string, ReadonlySet<string>>();
  return (bytes) => {
    const diagnostics: analyzer.AnalyzeDiagnostic[] = [];
    const skipped: Buffer[] = [];
    for (const [field, content] of fieldsOf(bytes)) {
      if (field === DIAGNOSTICS) diagnostics.push(analyzer.AnalyzeDiagnostic.deserializeBinary(content));
      else if (field === NOT_APPLICABLE) skipped.push(content);
    }
    const key = Buffer.concat(skipped).toString("latin1");
    let notApplicable = sets.get(key);
    if (notApplicable === undefined) {
      notApplicable = new Set(
        skipped.map((each) => analyzer.PolicyNotApplicable.deserializeBinary(each).getPolicyName()),
      );
      sets.set(key, notApplicable);
    }
    return { diagnostics, notApplicable };
  };
}

/** The length-delimited fields of a message; an AnalyzeResponse has no others. */
function* fieldsOf(bytes: Buffer): Generator<[field: number, content: Buffer]> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("the policy pack's answer ends too early");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if ((tag & 7) !== 2) throw new Error(`the policy pack's answer has a field of wire type ${tag & 7}`);
    const length = varint();
    yield [tag >> 3, bytes.subarray(at, at + length)];
    at += length;
  }
}
