import { loadParser, type GraphQLNode } from "./packages";
import type { Models } from "./schema";
import { Typing, type Value } from "./values";

/** A query in the engine's JSON protocol. */
export interface JsonQuery {
  readonly modelName?: string;
  readonly action: string;
  readonly query: { readonly arguments: unknown; readonly selection: unknown };
}

class Unreadable extends Error {}

/** Whether the query is at fault, as opposed to the engine. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof Unreadable || (error instanceof Error && error.name === "GraphQLError");

const onModel =
  /^(createOne|createMany|updateOne|updateMany|upsertOne|deleteOne|deleteMany|findUnique|findFirst|findMany|aggregate|groupBy)(\w+?)(OrThrow)?$/;

/**
 * Translates what prisma-client-py sends: one operation with one field named `result`, without variables, fragments or
 * directives.
 */
export class Translator {
  private readonly parse = loadParser();
  private readonly typing: Typing;

  constructor(private readonly models: Models) {
    this.typing = new Typing(models);
  }

  translate(text: string): JsonQuery {
    const document = this.parse(text, { noLocation: true });
    const root = document.definitions?.[0]?.selectionSet?.selections[0];
    if (root?.name === undefined) throw new Unreadable("The query has no field.");
    const name = root.name.value;
    if (name === "queryRaw" || name === "executeRaw")
      return { action: name, query: { arguments: readArguments(root), selection: {} } };
    const [, action, modelName, orThrow = ""] = onModel.exec(name) ?? [];
    if (action === undefined || modelName === undefined || !this.models.has(modelName))
      throw new Unreadable(`The schema has no operation ${name}.`);
    return {
      modelName,
      action: action + orThrow,
      query: {
        arguments: this.typing.arguments(readArguments(root), modelName),
        selection: this.selection(root, modelName),
      },
    };
  }

  private selection(node: GraphQLNode, model: string): unknown {
    const chosen = node.selectionSet?.selections ?? [];
    return Object.fromEntries(
      chosen.map((inner) => {
        const name = inner.name?.value ?? "";
        const args = readArguments(inner);
        if (inner.selectionSet === undefined && Object.keys(args).length === 0) return [name, true];
        const related = this.models.get(model)?.get(name)?.type ?? model;
        return [name, { arguments: this.typing.arguments(args, related), selection: this.selection(inner, related) }];
      }),
    );
  }
}

const readArguments = (node: GraphQLNode): Record<string, Value> => readPairs(node.arguments ?? []);

const readPairs = (nodes: readonly GraphQLNode[]): Record<string, Value> =>
  Object.fromEntries(nodes.map(({ name, value }) => [name?.value ?? "", readValue(value as GraphQLNode)]));

function readValue(node: GraphQLNode): Value {
  switch (node.kind) {
    case "NullValue":
      return null;
    case "ObjectValue":
      return readPairs(node.fields ?? []);
    case "ListValue":
      return (node.values ?? []).map(readValue);
    case "IntValue":
      return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : BigInt(node.value as string);
    case "FloatValue":
      return Number(node.value);
    case "StringValue":
    case "BooleanValue":
    case "EnumValue":
      return node.value as string | boolean;
    default:
      throw new Unreadable(`A query may not hold a ${node.kind}.`);
  }
}
