import type { Postgres } from "../support/postgres";
import type { Column, Schema } from "./schema";

const quoted = (name: string) => `"${name}"`;

/** A value of a column's type in the row `n`, different in each row; null where the type is none that LiteLLM has. */
function value({ type, column, table }: Column): string {
  const text = `'${column}-' || n`;
  if (type.startsWith("_")) return `ARRAY[${text}, 'x']::${type.slice(1)}[]`;
  switch (type.replace(/\(.*/, "")) {
    case "text":
    case "varchar":
      return text;
    case "int2":
    case "int4":
    case "int8":
      return `(n % 30000)::${type}`;
    case "float4":
    case "float8":
    case "numeric":
      return `(n * 0.0137)::${type}`;
    case "bool":
      return "n % 2 = 0";
    case "timestamp":
    case "timestamptz":
    case "date":
      return `(timestamp '2026-01-01' + n * interval '17 seconds')::${type}`;
    case "json":
    case "jsonb":
      return `jsonb_build_object('${column}', n, 'words', 'é "x"')::${type}`;
    case "bytea":
      return `convert_to(${text}, 'UTF8')`;
    case "uuid":
      return `md5(n::text || '${table}')::uuid`;
    default:
      // An enumeration: one of its values.
      return `(enum_range(NULL::"${type}"))[1]`;
  }
}

/**
 * Puts rows into every table of a schema, each column filled. Foreign keys are not checked while it does.
 * @param from number of the first row, so that later ones differ
 * @param counts rows by table; `every` for those not named
 */
export function fill(
  postgres: Postgres,
  database: string,
  { columns }: Schema,
  from: number,
  counts: Readonly<Record<string, number>> & { readonly every: number },
): void {
  const tables = [...new Set(columns.map(({ table }) => table))];
  const statements = tables.map((table) => {
    const own = columns.filter((each) => each.table === table && !each.generated);
    const values = own.map(value);
    const rows = counts[table] ?? counts.every;
    return (
      `INSERT INTO ${quoted(table)} (${own.map(({ column }) => quoted(column)).join()}) ` +
      `SELECT ${values.join()} FROM generate_series(${from}, ${from + rows - 1}) n;`
    );
  });
  postgres.sql(database, `SET session_replication_role = replica; ${statements.join("\n")}`);
}

/** A table's content: rows, a sum of hashes over the columns, and the sum of each column that holds numbers. */
export type Content = Readonly<Record<string, string>>;

/** Content of each table, in the columns of a schema alone. */
export function contentOf(postgres: Postgres, database: string, { columns }: Schema): Content {
  const tables = [...new Set(columns.map(({ table }) => table))];
  const queries = tables.map((table) => {
    const own = columns.filter((each) => each.table === table);
    const numbers = own.filter(({ type }) => /^(?:int|float|numeric)/.test(type));
    const sums = numbers.map(({ column }) => `coalesce(sum(${quoted(column)}::numeric), 0)`);
    const row = `ROW(${own.map(({ column }) => quoted(column)).join()})::text`;
    const parts = ["count(*)", `coalesce(sum(hashtextextended(${row}, 0)::numeric), 0)`, ...sums];
    return `SELECT '${table}', concat_ws(' ', ${parts.join()}) FROM ${quoted(table)}`;
  });
  const lines = postgres.sql(database, queries.join("\nUNION ALL ")).split("\n");
  return Object.fromEntries(lines.map((line) => line.split("|") as [string, string]));
}
