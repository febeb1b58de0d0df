import { KMS_NOTES, OFF_WHEN_ABSENT, type KmsNote, type KmsRow } from "../../data/kms-knowledge";
import { attempt, type Tri } from "../../frame/tri";
import type { Value } from "../../frame/value";
import type { ResourceView } from "../../frame/view";

/** What is wrong with one key of a resource. */
export interface KeyFault {
  readonly broken: Tri;
  readonly where: Value;
  readonly message: string;
}

const ENCRYPTION = /encrypt|sse|kms/i;

/**
 * Why the value is no customer-managed key; undefined when it is one. An unknown key comes from a resource, and so counts as one.
 */
export function keyFault(key: Value): string | undefined {
  if (key.isUnknown) return undefined;
  const text = key.text()?.trim();
  if (text === undefined || text === "") return "no KMS key is named";
  if (/(^|[:/])alias\/aws\//.test(text)) return `${key.show()} is a key that AWS manages`;
  if (/^(aws[_-]owned|default$|none$)/i.test(text)) return `${key.show()} is no key of your own`;
  return undefined;
}

/**
 * Judges the key of one row of the table in a resource: each place where the row's path leads to.
 */
export function keyFaults(resource: ResourceView, row: KmsRow): KeyFault[] {
  const note = KMS_NOTES[`${row.type} ${row.path}`] ?? {};
  return walk(resource.inputs, row.path.split("."), row, note);
}

function walk(value: Value, path: readonly string[], row: KmsRow, note: KmsNote): KeyFault[] {
  if (value.isUnknown) return [{ broken: "unknown", where: value, message: "" }];
  const [step = "", ...rest] = path;
  if (rest.length === 0) return judge(value, step, row, note);
  const name = step.replace("[]", "");
  const block = value.at(name);
  if (block.isUnknown) return [{ broken: "unknown", where: block, message: "" }];
  const blocks = step.endsWith("[]") ? block.items() : block.isAbsent ? [] : block.items().slice(0, 1);
  if (blocks.length > 0) return blocks.flatMap((item) => walk(item, rest, row, note));
  const needed =
    note.required?.includes(name) === true || (ENCRYPTION.test(name) && note.optional?.includes(name) !== true);
  return needed
    ? [{ broken: true, where: block, message: `${block.path} is not set, and so no KMS key is named` }]
    : [];
}

function judge(block: Value, name: string, row: KmsRow, note: KmsNote): KeyFault[] {
  const key = block.at(name);
  const demanded = attempt(() => note.when === undefined || holds(note.when, block));
  // An empty text is as good as nothing.
  const missing = attempt(() => !key.isUnknown && (key.text() ?? "").trim() === "");
  if (missing === true && demanded === false) return [];
  const broken = missing === true ? demanded : attempt(() => keyFault(key) !== undefined);
  const message = broken === true ? `${key.path}: ${keyFault(key) ?? ""}` : "";
  // Without a key the switch beside it says no more: one cause, one finding.
  const isTold = demanded === false || (missing === true && broken === true);
  return [{ broken, where: key, message }, ...(isTold ? [] : switchFaults(block, row, note))];
}

/** A key beside a switch that is off encrypts nothing. */
function switchFaults(block: Value, row: KmsRow, note: KmsNote): KeyFault[] {
  return (row.switches ?? []).map((name) => {
    const where = block.at(name);
    const broken = attempt(() =>
      isOff(where, name, row, () => note.onByDefault !== undefined && holds(note.onByDefault, block)),
    );
    return {
      broken,
      where,
      message: `${where.path} is ${where.isAbsent ? "not set" : where.show()}: no data is encrypted by that key`,
    };
  });
}

function isOff(value: Value, name: string, row: KmsRow, onByDefault: () => boolean): boolean {
  if (name === "useAwsOwnedKey") return value.flag() !== false;
  if (!/(type|mode|option|algorithm)$/i.test(name)) return value.isAbsent ? !onByDefault() : value.flag() !== true;
  const text = value.text() ?? "";
  if (text === "") return OFF_WHEN_ABSENT.has(row.type);
  return !/kms|cmk|customer|cse/i.test(text) || /owned|^aws_managed/i.test(text);
}

/** Reads a condition of the notes beside the key. */
function holds(condition: string, block: Value): boolean {
  return condition.split("|").some((part) => {
    if (part === "never") return false;
    const [, negated, name = "", wanted] = /^(!?)([^=]+)(?:=(.+))?$/.exec(part) ?? [];
    const value = block.at(name);
    if (wanted !== undefined) return value.text()?.toLowerCase() === wanted.toLowerCase();
    const isSet = value.isUnknown ? true : value.isSet && value.flag() !== false && value.text() !== "";
    return negated === "!" ? !isSet : isSet;
  });
}
