import assert from "node:assert/strict";
import { looksSecret } from "../../config/credentials";

/** Texts made of parts, so that no scanner takes this file for a leak. */
const parts = (...all: string[]): string => all.join("");

describe("a text that looks like a credential", () => {
  for (const text of [
    "--db-password=hunter22",
    "DB_PASSWORD=hunter22",
    'password = "hunter22"',
    "apiKey='abcdef12'",
    "client_secret=abcdef12",
    "passphrase=correct-horse",
    "jdbc:postgresql://db/app?user=app&password=hunter22",
    parts("sk-", "abcdefghijklmnopqrstuvwxyz"),
    parts("sk-", "1234567890abcdefghijkl"),
    parts("sk-", "Abcdefghijklmnopqrst"),
    parts("xox", "b-123456-abcdef"),
    parts("hf", "_abcdefghijklmnopqrstuvwx"),
    parts("ABSK", "QmVkcm9ja0FQSUtleS1leGFtcGxl"),
    parts("Authorization: Bearer ", "abcdefghijklmnopqrstuvwxyz"),
    parts("AKIA", "IOSFODNN7EXAMPLE"),
    parts("ghp", "_abcdefghijklmnopqrstuvwx"),
    parts("gl", "pat-abcdefgh12"),
    parts("eyJ", "hbGciOiJIUzI1NiJ9.eyJ", "zdWIiOiIxIn0.x"),
    parts("-----", "BEGIN PRIVATE KEY-----"),
    "https://token@example.com/repository.git",
    "postgres://app:hunter22@db/app",
  ]) {
    it(`is recognised: ${text}`, () => {
      assert.ok(looksSecret(text));
    });
  }
});

describe("a text that only speaks of credentials", () => {
  for (const text of [
    "Set max_tokens=100000 in every call.",
    "next_token=abcdefgh is the next page, and NextToken=abcdefgh too",
    "page-token=abcdefgh",
    "if password == previous: refuse",
    "token !== expected",
    "const token = await readToken()",
    "token = getToken()",
    "api_key = os.environ['API_KEY']",
    "const apiKey = process.env.API_KEY",
    "password=$DB_PASSWORD",
    "password=<yours>",
    'token="{{ token }}"',
    "secretName=database/main",
    "token_type=bearer1",
    "secrets=vault-1",
    "password=",
    "sk-learn-and-pandas",
    "xoxo-",
    "Write to the Bearer of bad news, kindly.",
    "ssm:/cline/token",
    "https://example.com:8443/path@2",
    "git@example.com:team/repository.git",
  ]) {
    it(`passes: ${text}`, () => {
      assert.ok(!looksSecret(text));
    });
  }
});
