import { scramVerifier } from "./scram";

/** What of a PostgreSQL connection the set-up needs. */
export interface Connection {
  query(sql: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** What to make. */
export interface Wish {
  readonly database: string;
  /** Owner of the database. */
  readonly owner: string;
  /** The owner's password; absent: IAM authentication. */
  readonly password?: string;
}

/** An identifier as SQL spells it. Only plain ones: names come from our own program, anything else is a fault. */
function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) {
    throw new Error(`found the name "${name}"; allowed are lower-case letters, digits and underscores, 63 at most`);
  }
  return `"${name}"`;
}

/** Whether every role may connect to a database, as PostgreSQL lets it by default. */
const openToPublic = `SELECT 1 FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS granted
  WHERE datname = $1 AND granted.grantee = 0`;

/**
 * Makes owner and database where they are missing and sets how the owner logs in. Safe to repeat and to resume: every step looks first.
 * The connection is the master user's, to any database.
 */
export async function setUp(connection: Connection, wish: Wish): Promise<void> {
  const owner = identifier(wish.owner);
  const database = identifier(wish.database);
  const has = async (sql: string, name: string) => (await connection.query(sql, [name])).rows.length > 0;

  if (!(await has("SELECT 1 FROM pg_roles WHERE rolname = $1", wish.owner))) {
    await connection.query(`CREATE ROLE ${owner} LOGIN`);
  }
  const exists = await has("SELECT 1 FROM pg_database WHERE datname = $1", wish.database);
  if (!exists || (await has(openToPublic, wish.database))) {
    // The master user is no superuser: only as a member of the owner can it give a database away and close it. Not for longer, because a
    // member of an IAM user must log in by IAM itself; the owner becomes one last.
    await connection.query(`GRANT ${owner} TO CURRENT_USER`);
    try {
      if (!exists) await connection.query(`CREATE DATABASE ${database} OWNER ${owner}`);
      await connection.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    } finally {
      await connection.query(`REVOKE ${owner} FROM CURRENT_USER`);
    }
  }
  if (wish.password === undefined) await connection.query(`GRANT rds_iam TO ${owner}`);
  else await connection.query(`ALTER ROLE ${owner} PASSWORD '${scramVerifier(wish.password)}'`);
}
