import assert from "node:assert/strict";
import { ec2NoSecretsInUserdata } from "../../src/controls/ec2";
import { secretNoPlaintext } from "../../src/controls/secrets";
import { secretIn, secretNamed } from "../../src/shared/secret-text";
import { cases, type Inputs } from "../support";
import { ORDINARY } from "./ordinary-environment";

const variables = (values: Record<string, unknown>): Inputs => ({ environment: { variables: values } });
/** Written in parts, so that no scanner takes this file for a leak. */
const join = (...parts: string[]): string => parts.join("");

const PASSES: Record<string, Record<string, string>> = {
  "a name in Secrets Manager": { DB_SECRET: "prod/ledger/db" },
  "the name of a table": { TOKENS_TABLE: "ledger-tokens" },
  "the name of a topic": { SECRET_ROTATION_TOPIC: "secret-rotations" },
  "an ARN": { DB_PASSWORD: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf" },
  "a parameter's path": { API_TOKEN: "/ledger/api-token" },
  "a file": { TLS_PRIVATE_KEY: "/etc/pki/tls/private/server.pem" },
  "a digest of 40 hex digits": { GIT_COMMIT_SECRET_SCAN: "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
  "a domain": { TOKEN_ISSUER: "ledger.example.com" },
  "a URL": { TOKEN_ENDPOINT: "https://login.example.com/oauth2/token" },
  "a model's name": { TOKENIZER_MODEL: "cl100k_base" },
  "a reference to a store": { DB_PASSWORD: "{{resolve:secretsmanager:prod/db:SecretString:password}}" },
  "a variable": { PGPASSWORD: "$DB_PASSWORD" },
  "a UUID": { TOKEN_VAULT: "123e4567-e89b-12d3-a456-426614174000" },
  "a switch": { ALLOW_EMPTY_PASSWORD: "yes", REQUIRE_TOKEN: "true" },
  "a number": { MAX_TOKENS: "4096" },
  "an algorithm": { TOKEN_SIGNING: "RS256" },
  "a connection string without a password": {
    DB_CONN: "Server=db.internal;Database=ledger;Integrated Security=true;Encrypt=yes;",
  },
  "JSON whose password is a reference": { CFG: '{"password":"${DB_PASSWORD}"}' },
};
const FAILS: Record<string, Record<string, string>> = {
  "a password": { DB_PASSWORD: "Tr0ub4dor&3" },
  "a password without digits": { ADMIN_PASSWORD: "correcthorse" },
  "a connection string": { DB_CONN: "Server=db.internal;Database=ledger;User Id=app;Password=Tr0ub4dor&3;" },
  "a connection string with Pwd": { ODBC: "Driver={PostgreSQL};Server=db;Uid=app;Pwd=Tr0ub4dor3" },
  "JSON with a password": { CFG: '{"password":"Tr0ub4dor&3"}' },
  "JSON with a password further in": { CFG: '{"db":{"host":"db","dbPassword":"Tr0ub4dor&3"}}' },
  "a Stripe key": { BILLING: join("sk_", "live_", "4eC39HqLyjWDarjtT1zdp7dc") },
  "a SendGrid key": { MAIL: join("SG", ".", "a1B2c3D4e5F6g7H8i9J0k1", ".", "A".repeat(20), "b".repeat(23)) },
  "a Google key": { MAPS: join("AI", "za", "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q") },
  "a Slack webhook": {
    HOOK: join("https://hooks.slack.com/", "services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"),
  },
  "an npm token": { REGISTRY: join("npm", "_", "a1B2".repeat(9)) },
  "an Azure account key": { STORAGE: `AccountName=a;AccountKey=${"aB3/".repeat(21)}aB==;` },
  "a URL with a password": { REDIS: "rediss://default:Tr0ub4dor3@cache.internal:6379" },
  "a random token": { API_TOKEN: "9fK2mQ7xZp4vT1wR8sLd" },
  "an access key": { A: join("AKIA", "IOSFODNN7EXAMPLE") },
  "a signing secret": { JWT_SECRET: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" },
  "a client secret": { OAUTH_CLIENT_SECRET: "q7x-V9d_2Lk~PzR4" },
};
const of = (all: Record<string, Record<string, string>>): Record<string, Inputs> =>
  Object.fromEntries(Object.entries(all).map(([name, values]) => [name, variables(values)]));

describe("secrets by their values", () => {
  cases(secretNoPlaintext, { type: "aws:lambda/function:Function", passes: of(PASSES), fails: of(FAILS) });

  const data = (line: string): Inputs => ({ userData: `#!/bin/bash\nset -eu\n${line}\n` });
  cases(ec2NoSecretsInUserdata, {
    type: "aws:ec2/instance:Instance",
    passes: {
      "a secret read at the start": data(
        "aws secretsmanager get-secret-value --secret-id prod/db --query SecretString",
      ),
      "a variable from a command": data('export DB_PASSWORD="$(aws ssm get-parameter --name /db/password)"'),
      "a variable from a variable": data("export DB_PASSWORD=${PASSWORD}"),
      "a statement with a variable": data("psql -c \"ALTER USER app PASSWORD '$DB_PASSWORD'\""),
      "a parameter's name": data("DB_PASSWORD_PARAMETER=/ledger/db/password"),
      "a file": data("export PGPASSFILE=/root/.pgpass"),
      "a digest": data('echo "da39a3ee5e6b4b0d3255bfef95601890afd80709  agent.rpm" | sha1sum -c'),
      "an expression of a program": data("folder, secret = sys.argv[1], json.load(sys.stdin)"),
      "an argument of the same name": data("connect(user=user, password=password)"),
      "a login without a password": data("passwd --lock ubuntu"),
    },
    fails: {
      "an exported password": data("export DB_PASSWORD=Tr0ub4dor3"),
      "a quoted one": data('MYSQL_ROOT_PASSWORD="Tr0ub4dor 3"'),
      "a statement": data("psql -c \"ALTER USER app WITH PASSWORD 'Tr0ub4dor3'\""),
      "MySQL's statement": data("mysql -e \"CREATE USER 'app'@'%' IDENTIFIED BY 'Tr0ub4dor3'\""),
      "a token in JSON": data('echo \'{"token":"9fK2mQ7xZp4vT1wR8sLd"}\' > /etc/agent.json'),
      chpasswd: data("echo 'ubuntu:Tr0ub4dor3' | chpasswd"),
      base64: {
        userDataBase64: Buffer.from("#!/bin/bash\nexport API_TOKEN=9fK2mQ7xZp4vT1wR8sLd\n").toString("base64"),
      },
    },
  });

  it("gives no false alarm on 300 environment variables of public projects", () => {
    assert.ok(ORDINARY.length >= 300, String(ORDINARY.length));
    const alarms = ORDINARY.filter(
      ([name, value]) => secretIn(`${name}=${value}`) !== undefined || secretNamed(name, value),
    ).map(([name]) => name);
    assert.deepEqual(alarms, []);
  });
});
