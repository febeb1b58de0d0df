import assert from "node:assert/strict";
import { scramVerifier } from "../../../functions/database-setup/scram";
import { setUp, type Connection } from "../../../functions/database-setup/setup";

/** PostgreSQL as far as the set-up looks at it: roles and databases, and every statement it was sent. */
class FakePostgres implements Connection {
  readonly roles = new Set<string>();
  readonly databases = new Set<string>();
  readonly closed = new Set<string>();
  readonly sent: string[] = [];
  refuse: RegExp | undefined;

  query(sql: string, values: readonly unknown[] = []): Promise<{ rows: unknown[] }> {
    const name = String(values[0]);
    if (sql.includes("pg_roles")) return Promise.resolve({ rows: this.roles.has(name) ? [1] : [] });
    if (sql.includes("aclexplode")) return Promise.resolve({ rows: this.closed.has(name) ? [] : [1] });
    if (sql.includes("pg_database")) return Promise.resolve({ rows: this.databases.has(name) ? [1] : [] });
    this.sent.push(sql);
    if (this.refuse?.test(sql)) return Promise.reject(new Error("refused"));
    const made = /^CREATE (ROLE|DATABASE) "(\w+)"/.exec(sql);
    if (made?.[1] === "ROLE") this.roles.add(made[2] ?? "");
    if (made?.[1] === "DATABASE") this.databases.add(made[2] ?? "");
    const closed = /^REVOKE ALL ON DATABASE "(\w+)"/.exec(sql);
    if (closed) this.closed.add(closed[1] ?? "");
    return Promise.resolve({ rows: [] });
  }
}

describe("database set-up", () => {
  const wish = { database: "litellm", owner: "litellm_example_platform" };

  it("makes owner and database; the owner gets IAM only once the master is no longer a member of it", async () => {
    const postgres = new FakePostgres();
    await setUp(postgres, wish);
    assert.deepEqual(postgres.sent, [
      'CREATE ROLE "litellm_example_platform" LOGIN',
      'GRANT "litellm_example_platform" TO CURRENT_USER',
      'CREATE DATABASE "litellm" OWNER "litellm_example_platform"',
      'REVOKE ALL ON DATABASE "litellm" FROM PUBLIC',
      'REVOKE "litellm_example_platform" FROM CURRENT_USER',
      'GRANT rds_iam TO "litellm_example_platform"',
    ]);
  });

  it("resumes where an earlier run ended, and leaves the membership also when it fails", async () => {
    const postgres = new FakePostgres();
    postgres.refuse = /^CREATE DATABASE/;
    await assert.rejects(setUp(postgres, wish));
    assert.equal(postgres.sent.at(-1), 'REVOKE "litellm_example_platform" FROM CURRENT_USER');
    postgres.refuse = undefined;
    postgres.sent.length = 0;
    await setUp(postgres, wish);
    assert.equal(postgres.sent.includes('CREATE ROLE "litellm_example_platform" LOGIN'), false);
    postgres.sent.length = 0;
    await setUp(postgres, wish);
    // Nothing is made again, and the master does not become a member of a user that logs in by IAM.
    assert.deepEqual(postgres.sent, ['GRANT rds_iam TO "litellm_example_platform"']);
  });

  it("sends a verifier, never the password, and no IAM for an owner with one", async () => {
    const postgres = new FakePostgres();
    await setUp(postgres, { ...wish, password: "correct horse" });
    const text = postgres.sent.join("\n");
    assert.match(text, /ALTER ROLE "litellm_example_platform" PASSWORD 'SCRAM-SHA-256\$4096:/);
    assert.doesNotMatch(text, /correct horse|rds_iam/);
  });

  it("refuses names that are not plain", async () => {
    for (const owner of ['a"; DROP DATABASE x; --', "A", "1a", "a-b", ""]) {
      await assert.rejects(setUp(new FakePostgres(), { ...wish, owner }), /allowed are lower-case letters/);
    }
  });

  it("computes the verifier of RFC 7677's example", () => {
    assert.equal(
      scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64")),
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
  });
});
