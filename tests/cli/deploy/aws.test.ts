import assert from "node:assert/strict";
import { awsErrorOf } from "../../../cli/deploy/aws";

const operation = "when calling the GetCallerIdentity operation";

/** What AWS's command line prints, its exit code, and what the reader gets of it. */
const rows: readonly (readonly [string, string, number, string, string])[] = [
  ["an error", `An error occurred (AccessDenied) ${operation}: no`, 254, "AccessDenied", "no"],
  [
    "an error after retries",
    `An error occurred (ThrottlingException) ${operation} (reached max retries: 2): Rate exceeded`,
    254,
    "ThrottlingException",
    "Rate exceeded",
  ],
  [
    "a message with colons",
    `An error occurred (Failed) ${operation}: key: arn:aws:kms`,
    254,
    "Failed",
    "key: arn:aws:kms",
  ],
  [
    "a page of a proxy",
    `An error occurred (502) ${operation} (reached max retries: 4): <!doctype html>\n<html lang=en>`,
    254,
    "502",
    "a web page instead of AWS's answer: a proxy, or a service in trouble",
  ],
  [
    "a page that botocore cannot parse",
    "Unable to parse response (syntax error), invalid XML received.\nb'<!doctype html><title>502</title>'",
    255,
    "Error",
    "a web page instead of AWS's answer: a proxy, or a service in trouble",
  ],
  ["an ended token", `An error occurred (ExpiredTokenException) ${operation}: ended`, 254, "ExpiredToken", "ended"],
  [
    "an unknown command",
    "aws: error: argument operation: Invalid choice",
    252,
    "Usage",
    "aws: error: argument operation: Invalid choice",
  ],
];

describe("what AWS's command line printed", () => {
  for (const [what, text, status, code, message] of rows)
    it(`is read: ${what}`, () => assert.deepEqual(awsErrorOf(text, status), { ok: false, code, message }));
});
