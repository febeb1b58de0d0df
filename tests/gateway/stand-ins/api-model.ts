import { execFileSync } from "node:child_process";
import { installed } from "../prisma/paths";

/** A shape of an API model, as far as requests are held against it. */
interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

interface Model {
  readonly operations: Readonly<Record<string, { readonly input: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** An AWS service's own description of its requests, of botocore: names, types, lengths, patterns, values. */
export class ApiModel {
  private constructor(private readonly model: Model) {}

  static load(service: string): ApiModel {
    const script = `import json, sys, botocore.loaders as l; json.dump(l.Loader().load_service_model("${service}", "service-2"), sys.stdout)`;
    const text = execFileSync(installed("GATEWAY_PYTHON"), ["-c", script], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    return new ApiModel(JSON.parse(text) as Model);
  }

  /** Everything that is wrong with an operation's input, in AWS's words; undefined when it is taken. */
  fault(operation: string, input: unknown): string | undefined {
    const { shape } = this.model.operations[operation]!.input;
    const faults = this.faultsOf("", shape, input);
    if (faults.length === 0) return undefined;
    return `${faults.length} validation error${faults.length > 1 ? "s" : ""} detected: ${faults.join("; ")}`;
  }

  private faultsOf(at: string, name: string, value: unknown): string[] {
    const shape = this.model.shapes[name]!;
    const bad = (constraint: string) => [
      `Value '${String(value)}' at '${at}' failed to satisfy constraint: Member must ${constraint}`,
    ];
    switch (shape.type) {
      case "structure": {
        if (typeof value !== "object" || value === null) return bad("be a structure");
        const members = shape.members ?? {};
        const given = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
        const missing = (shape.required ?? []).filter((member) => !given.some(([key]) => key === member));
        return [
          ...missing.map(
            (member) => `Value null at '${at}${member}' failed to satisfy constraint: Member must not be null`,
          ),
          ...given.flatMap(([key, each]) =>
            key in members ? this.faultsOf(`${at}${key}`, members[key]!.shape, each) : [`'${at}${key}' is unknown`],
          ),
        ];
      }
      case "list": {
        if (!Array.isArray(value)) return bad("be a list");
        const { min = 0, max = Infinity, member } = shape;
        if (value.length < min || value.length > max) return bad(`have length from ${min} to ${max}`);
        return value.flatMap((each: unknown, n) => this.faultsOf(`${at}.${n + 1}.member.`, member!.shape, each));
      }
      case "integer": {
        const { min = -Infinity, max = Infinity } = shape;
        const within = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
        return within ? [] : bad(`be a whole number from ${min} to ${max}`);
      }
      case "string": {
        const { min = 0, max = Infinity, pattern, enum: values } = shape;
        if (typeof value !== "string") return bad("be a text");
        if (values && !values.includes(value)) return bad(`satisfy enum value set: [${values.join(", ")}]`);
        if (value.length < min || value.length > max) return bad(`have length from ${min} to ${max}`);
        if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
          return bad(`satisfy regular expression pattern: ${pattern}`);
        return [];
      }
      default:
        throw new Error(`${name}: no check for type ${shape.type}`);
    }
  }
}
