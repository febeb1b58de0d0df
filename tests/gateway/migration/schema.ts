import { readFileSync } from "node:fs";
import path from "node:path";
import { listed, type Difference } from "../candidate/differences";
import { migrationsIn } from "../prisma/migrate";
import type { Postgres } from "../support/postgres";

/** A column, as PostgreSQL knows it. */
export interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  /** Its default as SQL; null: none. */
  readonly default: string | null;
  readonly generated: boolean;
}

export interface Schema {
  readonly columns: readonly Column[];
  /** Indexes as SQL, primary keys among them. */
  readonly indexes: readonly string[];
  /** Foreign keys and checks as SQL, with their table. */
  readonly constraints: readonly string[];
}

/** The tables of a database, sorted by name. Views, which LiteLLM makes at its start, are left out. */
export function schemaOf(postgres: Postgres, database: string): Schema {
  const json = (query: string) =>
    JSON.parse(postgres.sql(database, `SELECT coalesce(json_agg(t), '[]') FROM (${query}) t`)) as unknown;
  const columns = json(
    `SELECT table_name AS "table", column_name AS "column", udt_name || coalesce('(' || character_maximum_length || ')', '') AS "type",
       is_nullable = 'YES' AS nullable, column_default AS "default", is_generated = 'ALWAYS' AS generated
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name, column_name`,
  ) as readonly Column[];
  const indexes = json(`SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef`) as readonly {
    readonly indexdef: string;
  }[];
  const constraints = json(
    `SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) AS text FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c') ORDER BY 1`,
  ) as readonly { readonly text: string }[];
  return {
    columns,
    indexes: indexes.map(({ indexdef }) => indexdef),
    constraints: constraints.map(({ text }) => text),
  };
}

const place = ({ table, column }: Column) => `${table}.${column}`;
const minus = (all: readonly string[], others: readonly string[]) => all.filter((each) => !others.includes(each));

/** What two schemas differ in, judged for tasks of the earlier version that still run, or run again, on the later schema. */
export function schemaDifferences(before: Schema, after: Schema): readonly Difference[] {
  const old = new Map(before.columns.map((each) => [place(each), each]));
  const now = new Map(after.columns.map((each) => [place(each), each]));
  const tables = (schema: Schema) => [...new Set(schema.columns.map(({ table }) => table))];
  const [oldTables, nowTables] = [tables(before), tables(after)];
  const added = after.columns.filter((each) => !old.has(place(each)) && oldTables.includes(each.table));
  const must = (each: Column) => !each.nullable && each.default === null && !each.generated;
  const both = after.columns.flatMap((each) => {
    const earlier = old.get(place(each));
    return earlier ? [{ earlier, each }] : [];
  });
  const names = (all: readonly Column[]) => all.map(place);
  const area = "schema";
  return [
    ...listed(
      area,
      "tables gone",
      minus(oldTables, nowTables),
      "breaks",
      "the earlier version reads them during the roll",
    ),
    ...listed(
      area,
      "columns gone",
      names(before.columns.filter((each) => !now.has(place(each)) && nowTables.includes(each.table))),
      "breaks",
      "the earlier version reads them during the roll",
    ),
    ...listed(
      area,
      "new columns that must be given",
      names(added.filter(must)),
      "breaks",
      "the earlier version writes rows without them",
    ),
    ...listed(
      area,
      "other type",
      both.filter(({ earlier, each }) => earlier.type !== each.type).map(({ each }) => place(each)),
      "needs work",
      "rows are rewritten, and the earlier version may read them otherwise",
    ),
    ...listed(
      area,
      "no longer nullable",
      both.filter(({ earlier, each }) => earlier.nullable && !each.nullable).map(({ each }) => place(each)),
      "needs work",
      "rows with null fail the migration",
    ),
    ...listed(area, "new tables", minus(nowTables, oldTables), "harmless", "the earlier version knows none"),
    ...listed(
      area,
      "new columns",
      names(added.filter((each) => !must(each))),
      "harmless",
      "nullable or with a default: the earlier version leaves them out",
    ),
    ...listed(
      area,
      "new unique indexes on earlier tables",
      minus(after.indexes, before.indexes).filter(
        (sql) => sql.includes(" UNIQUE ") && oldTables.some((table) => sql.includes(`."${table}" `)),
      ),
      "needs work",
      "rows of today may not be unique",
    ),
    ...listed(
      area,
      "constraints gone or new",
      [
        ...minus(before.constraints, after.constraints),
        ...minus(after.constraints, before.constraints).filter((text) =>
          oldTables.some((table) => text.startsWith(`"${table}" `)),
        ),
      ],
      "needs work",
      "rows of today may not satisfy them",
    ),
  ];
}

/** What two sets of SQL files differ in. */
export function migrationDifferences(before: string, after: string): readonly Difference[] {
  const [old, now] = [migrationsIn(before), migrationsIn(after)];
  const text = (extras: string, name: string) => readFileSync(path.join(extras, "migrations", name, "migration.sql"));
  const area = "migrations";
  const last = old.at(-1) ?? "";
  const fresh = minus(now, old);
  return [
    ...listed(
      area,
      "rewritten",
      old.filter((name) => now.includes(name) && !text(before, name).equals(text(after, name))),
      "needs work",
      "a database of today has run the earlier text",
    ),
    ...listed(area, "gone", minus(old, now), "needs work", "a new database lacks what they did"),
    ...listed(
      area,
      "new, before the last one of today",
      fresh.filter((name) => name < last),
      "needs work",
      "they run after it in a database of today, before it in a new one",
    ),
    ...listed(
      area,
      "new",
      fresh.filter((name) => name >= last),
      "harmless",
      "they run in order; the suite `migration` compares the result with a new database",
    ),
  ];
}
