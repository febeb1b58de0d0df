import { BinaryReader } from "google-protobuf";

/** How a field's value is read; a message's name for a message. */
type Kind = "string" | "bool" | "int64" | "double" | "hex" | "base64" | "fixed64" | "enum";

interface Field {
  readonly name: string;
  readonly kind: Kind | Fields;
  readonly many?: boolean;
}
/** A message's fields by number, late, because values hold values. */
type Fields = () => Readonly<Record<number, Field>>;

const one = (name: string, kind: Field["kind"]): Field => ({ name, kind });
const many = (name: string, kind: Field["kind"]): Field => ({ name, kind, many: true });

// Numbers and names from opentelemetry-proto: trace/v1, resource/v1 and common/v1. What is not listed is skipped.
const value: Fields = () => ({
  1: one("stringValue", "string"),
  2: one("boolValue", "bool"),
  3: one("intValue", "int64"),
  4: one("doubleValue", "double"),
  5: one("arrayValue", () => ({ 1: many("values", value) })),
  6: one("kvlistValue", () => ({ 1: many("values", keyValue) })),
  7: one("bytesValue", "base64"),
});
const keyValue: Fields = () => ({ 1: one("key", "string"), 2: one("value", value) });
const event: Fields = () => ({
  1: one("timeUnixNano", "fixed64"),
  2: one("name", "string"),
  3: many("attributes", keyValue),
});
const status: Fields = () => ({ 2: one("message", "string"), 3: one("code", "enum") });
const span: Fields = () => ({
  1: one("traceId", "hex"),
  2: one("spanId", "hex"),
  4: one("parentSpanId", "hex"),
  5: one("name", "string"),
  6: one("kind", "enum"),
  7: one("startTimeUnixNano", "fixed64"),
  8: one("endTimeUnixNano", "fixed64"),
  9: many("attributes", keyValue),
  11: many("events", event),
  15: one("status", status),
});
const scopeSpans: Fields = () => ({ 1: one("scope", () => ({ 1: one("name", "string") })), 2: many("spans", span) });
const resourceSpans: Fields = () => ({
  1: one("resource", () => ({ 1: many("attributes", keyValue) })),
  2: many("scopeSpans", scopeSpans),
});
const request: Fields = () => ({ 1: many("resourceSpans", resourceSpans) });

const scalars: Readonly<Record<Kind, (reader: BinaryReader) => unknown>> = {
  string: (reader) => reader.readString(),
  bool: (reader) => reader.readBool(),
  int64: (reader) => reader.readInt64String(),
  double: (reader) => reader.readDouble(),
  fixed64: (reader) => reader.readFixed64String(),
  enum: (reader) => reader.readEnum(),
  hex: (reader) => Buffer.from(reader.readBytes()).toString("hex"),
  base64: (reader) => Buffer.from(reader.readBytes()).toString("base64"),
};

function read(bytes: Uint8Array, fields: Fields): Record<string, unknown> {
  const reader = new BinaryReader(bytes);
  const found: Record<string, unknown> = {};
  while (reader.nextField()) {
    const field = fields()[reader.getFieldNumber()];
    if (field === undefined) {
      reader.skipField();
      continue;
    }
    const { name, kind } = field;
    const content = typeof kind === "string" ? scalars[kind](reader) : read(reader.readBytes(), kind);
    if (field.many) found[name] = [...((found[name] as unknown[] | undefined) ?? []), content];
    else found[name] = content;
  }
  return found;
}

/** An ExportTraceServiceRequest in protobuf as the object that OTLP's JSON would have given. */
export const decodeTraces = (bytes: Uint8Array): unknown => read(bytes, request);
