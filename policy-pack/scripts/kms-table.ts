import { writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import type { KmsRow } from "../src/data/kms-knowledge";
import { readSchema, type Property, type Schema } from "./provider-schema";

// Names of properties that hold a KMS key; the second kind only inside a block, or on a type, that is about encryption.
const KEY = /kms(master)?key|^kmsarn$|^kmsencryptionkey$|encryptionkey(arn|id)?$|customermanagedkey(arn)?$|^cmkarn$/i;
const KEY_IN_BLOCK = /^key(id|arn)$/i;
/** What is left of a name without its end, when the name is that of a switch or of another kind of thing. */
const NOT_A_KEY = /enabled|type|mode(?!l)|policy|grant|context|alias|reuse|details|config|provider|uri/i;
const ENCRYPTION = /encrypt|sse|kms/i;
const SWITCH =
  /^(encrypted|storageEncrypted|atRestEncryptionEnabled|encryptionEnabled|kmsEncrypted|rootVolumeEncryptionEnabled|encryptionType|encryptionMode|encryptionOption|sseAlgorithm|cloudwatchEncryptionMode|jobBookmarksEncryptionMode|s3EncryptionMode|catalogEncryptionMode|useAwsOwnedKey|customerManagedKeyEnabled)$/i;
/** Switches only where the block around them is about encryption. */
const SWITCH_IN_BLOCK = /^(enabled|type)$/;
const DEEPEST = 8;

/** Types with a property of such a name that encrypts nothing of theirs: KMS's own, and references to another's key. */
const NOT_ENCRYPTED = /^aws:kms\/|agentcoreOauth2CredentialProvider|revisionAssets/;
/** Keys under a name that could be anything. */
const OTHER_KEYS: readonly KmsRow[] = [{ type: "aws:ssm/parameter:Parameter", path: "keyId" }];

/** Every path in the inputs of every resource type that may hold a KMS key, with the switches beside it. */
export function kmsPaths(schema: Schema): KmsRow[] {
  const rows: KmsRow[] = [...OTHER_KEYS];
  for (const [type, properties] of schema.resources) {
    if (NOT_ENCRYPTED.test(type)) continue;
    const walk = (members: readonly Property[], prefix: string, trail: readonly string[]): void => {
      const inBlock = ENCRYPTION.test(prefix) || ENCRYPTION.test(type);
      for (const property of members) {
        const path = prefix === "" ? property.name : `${prefix}.${property.name}`;
        if (property.refs.length === 0 && !property.list && isKey(property.name, inBlock)) {
          const switches = members
            .filter((member) => member.refs.length === 0 && isSwitch(member.name, inBlock && prefix !== ""))
            .map((member) => member.name);
          rows.push({ type, path, ...(switches.length > 0 ? { switches } : {}) });
        }
        if (trail.length === DEEPEST) continue;
        for (const ref of property.refs) {
          if (!trail.includes(ref))
            walk(schema.objects.get(ref) ?? [], property.list ? `${path}[]` : path, [...trail, ref]);
        }
      }
    };
    walk(properties, "", []);
  }
  return rows.sort((a, b) => (`${a.type} ${a.path}` < `${b.type} ${b.path}` ? -1 : 1));
}

function isKey(name: string, inBlock: boolean): boolean {
  return KEY.test(name) ? !NOT_A_KEY.test(name) : inBlock && KEY_IN_BLOCK.test(name);
}

function isSwitch(name: string, inBlock: boolean): boolean {
  return SWITCH.test(name) || (inBlock && SWITCH_IN_BLOCK.test(name));
}

/** The rows of the installed provider. */
export function installedRows(): KmsRow[] {
  return kmsPaths(readSchema(path.dirname(require.resolve("@pulumi/aws/package.json"))));
}

// `npx tsx policy-pack/scripts/kms-table.ts` after an upgrade of @pulumi/aws; a test says when it is due.
if (require.main === module) {
  void format(JSON.stringify(installedRows()), { parser: "json", printWidth: 120 }).then((text) =>
    writeFileSync(path.join(__dirname, "../src/data/kms-table.json"), text),
  );
}
