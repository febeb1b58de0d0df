import type pg from "pg";
import { ConnectionFault, connectionStates } from "./errors";
import {
  loadAdapter,
  loadBinder,
  loadPg,
  type CapturingAdapter,
  type DriverAdapter,
  type Queryable,
  type Result,
  type Transaction,
} from "./packages";
import type { DatabaseSettings } from "./settings";

/** OIDs of text types that the driver adapter refuses, and the text type it takes in their place. */
const relabelled: ReadonlyMap<number, number> = new Map([
  [18, 25], // "char"
  [19, 25], // name
  [705, 25], // unknown
  [1003, 1009], // name[]
]);

interface RowDescription {
  readonly fields: { dataTypeID: number }[];
}

/** A client's protocol side, which pg does not declare. */
interface WithConnection {
  readonly connection: {
    prependListener(event: "rowDescription", listener: (message: RowDescription) => void): void;
  };
}

/** A pool of connections that survives the server's restarts. */
export async function openPool(settings: DatabaseSettings): Promise<pg.Pool> {
  const { Pool } = loadPg();
  const open = async (config: pg.PoolConfig): Promise<pg.Pool> => {
    const pool = new Pool(config);
    // A lost connection is reported to whoever uses it next; unheard, the event would end the process.
    pool.on("error", () => undefined);
    pool.on("connect", prepare);
    try {
      await pool.query("SELECT 1");
      return pool;
    } catch (error) {
      await pool.end();
      throw error;
    }
  };
  try {
    return await open(settings.pool);
  } catch (error) {
    if (!settings.plainToo || !/does not support SSL/.test(String(error))) throw error;
    return open({ ...settings.pool, ssl: false });
  }
}

function prepare(client: pg.PoolClient): void {
  client.on("error", () => undefined);
  (client as unknown as WithConnection).connection.prependListener("rowDescription", ({ fields }) => {
    for (const field of fields) field.dataTypeID = relabelled.get(field.dataTypeID) ?? field.dataTypeID;
  });
}

/** The driver as the engine's core takes it: errors of the connection are thrown, and so kept for `describeFault`. */
export function makeAdapter(pool: pg.Pool, { schema }: DatabaseSettings): CapturingAdapter {
  const Adapter = loadAdapter();
  const driver = new Adapter(pool, schema === undefined ? {} : { schema });
  const adapter: DriverAdapter = {
    ...throwing(driver),
    getConnectionInfo: () => driver.getConnectionInfo(),
    startTransaction: async () => {
      const result = await driver.startTransaction();
      return result.ok ? { ...result, value: throwingTransaction(result.value) } : result;
    },
  };
  return loadBinder()(adapter);
}

const throwing = (driver: Queryable): Queryable => ({
  provider: driver.provider,
  adapterName: driver.adapterName,
  queryRaw: async (query) => orThrow(await driver.queryRaw(query)),
  executeRaw: async (query) => orThrow(await driver.executeRaw(query)),
});

const throwingTransaction = (transaction: Transaction): Transaction => ({
  ...throwing(transaction),
  options: transaction.options,
  commit: () => transaction.commit(),
  rollback: () => transaction.rollback(),
});

function orThrow<T>(result: Result<T>): Result<T> {
  if (!result.ok && result.error.kind === "Postgres" && connectionStates.has(result.error.code ?? ""))
    throw new ConnectionFault(result.error.message ?? "", result.error.code);
  return result;
}
