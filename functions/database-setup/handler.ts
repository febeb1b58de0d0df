import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Client } from "pg";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { setUp } from "./setup";

/** What `up` sends. Nothing secret: input and result are kept in the stack's state. */
export interface Event {
  readonly database: string;
  readonly owner: string;
  /** ARN of a secret {username, password}; absent: the owner logs in by IAM. */
  readonly ownerSecretArn?: string;
}

const secrets = awsClient(new SecretsManagerClient({}));

interface Login {
  readonly username: string;
  readonly password: string;
}

async function login(arn: string): Promise<Login> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
  return JSON.parse(SecretString ?? "") as Login;
}

/** Makes a database and its owner, as RDS's master user. */
export async function handler(event: Event): Promise<{ readonly database: string }> {
  const master = await login(setting("MASTER_SECRET_ARN"));
  const owner = event.ownerSecretArn === undefined ? undefined : await login(event.ownerSecretArn);
  const client = new Client({
    host: setting("DATABASE_HOST"),
    port: Number(setting("DATABASE_PORT")),
    database: "postgres",
    user: master.username,
    password: master.password,
    ssl: { rejectUnauthorized: true },
    // A resting instance takes up to 30 s to wake.
    connectionTimeoutMillis: 40_000,
    statement_timeout: 120_000,
  });
  await client.connect();
  try {
    await setUp(client, {
      database: event.database,
      owner: event.owner,
      ...(owner === undefined ? {} : { password: owner.password }),
    });
  } finally {
    await client.end();
  }
  log("database ready", { database: event.database, owner: event.owner });
  return { database: event.database };
}
