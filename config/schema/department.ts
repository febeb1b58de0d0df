import { z } from "zod";
import { budget, emails, limits, people, personId } from "./fields";
import { keptKey } from "./kept";
import { kind, list, mapping, money, text } from "./kinds";
import { setting } from "./setting";
import { privateLinkService, workspace as workspaceOf } from "./workspace";

/** One developer. */
export const developer = mapping({
  monthlyBudgetUsd: setting(money(0), {
    meaning:
      "The developer's share of the department's budget in US dollars a month; their key stops at it. 0 blocks the key.",
    example: 300,
    derived: "an equal part of what the explicit shares leave",
  }),
  ...limits("the developer", "department"),
  signIn: setting(text("2 to 64 letters, digits and +=,.@_-", /^[\w+=,.@-]{2,64}$/), {
    meaning: "Name of the IAM or Identity Center user where it is not the id.",
    example: "k.tanaka@example.com",
    derived: "the id",
    concern: "people",
  }),
  workspace: setting(workspaceOf("department"), {
    meaning: "The machine of this developer.",
    example: { size: "large" },
    inherits: "department",
  }),
  sshPublicKey: setting(
    kind(
      z.string().max(1024),
      "one line of an OpenSSH public key: ssh-ed25519, ecdsa-sha2-nistp*, sk-* or ssh-rsa of 3072 bits or more",
    ),
    {
      meaning: "Public key for SSH from an editor through Session Manager. Never a private key.",
      example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…",
      absent: "no SSH",
    },
  ),
  homeVolume: setting(
    text("an EBS volume id, vol- and 8 or 17 hexadecimal digits", /^vol-([0-9a-f]{8}|[0-9a-f]{17})$/),
    {
      meaning: "An earlier home volume to adopt, when a person comes back.",
      example: "vol-0123456789abcdef0",
      absent: "a new volume",
    },
  ),
  homeKey: setting(keptKey, {
    meaning: "The KMS key of an adopted home that another stack's key encrypts, such as a key that outlived its stack.",
    example: "arn:aws:kms:ap-northeast-1:111122223333:key/0f1e2d3c-1111-4222-8333-444455556666",
    absent: "the stack's own key",
  }),
});

/** The machines of a department's developers. */
export const workspace = workspaceOf();

/** A department. */
export const department = mapping({
  lead: setting(personId, {
    meaning: "Owner of this file: sees the department's use, and rotates and blocks its keys.",
    example: "sato",
    concern: "people",
  }),
  deputies: setting(people("A deputy.", "ono", 0, 10), {
    meaning: "People with the lead's rights.",
    example: ["ono"],
    default: [],
    words: "nobody",
    concern: "people",
  }),
  costCenter: setting(
    text(
      // ASCII: Bedrock's tags accept nothing else, and would refuse the department's inference
      // profiles during `up`.
      "1 to 64 letters a to z, digits, spaces and _.:/=+-@",
      /^[\w.:/=+@-]([\w .:/=+@-]{0,62}[\w.:/=+@-])?$/,
    ),
    {
      meaning: "Value of the CostCenter tag on everything the department's stack makes.",
      example: "CC-1042",
      derived: "the department's name",
    },
  ),
  monthlyBudgetUsd: setting(budget, {
    meaning:
      "Model spend of the department in US dollars a calendar month, at most its cap in the platform's file. The gateway stops everybody in it at this sum.",
    example: 3000,
    inherits: "cap",
    concern: "sums",
  }),
  ...limits("the whole department", "cap"),
  alertEmails: setting(emails, {
    meaning: "Addresses told when a threshold of the department's budget is crossed.",
    example: ["cloud-cost@example.com"],
    inherits: "platform",
  }),
  keepPromptText: setting(kind(z.boolean(), "true or false"), {
    meaning:
      "Whether the text of prompts and answers is kept in the department's Langfuse project. Without it, numbers only.",
    example: true,
    default: false,
  }),
  workspace: setting(workspace, {
    meaning: "The machine of every developer whose entry says nothing else.",
    example: { size: "large" },
    default: {},
    words: "each setting's own",
  }),
  sourceHosts: setting(
    kind(
      z.record(
        setting(privateLinkService, {
          meaning: "One of the PrivateLink services that `sources` name.",
          example: "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0",
        }),
        setting(
          list(
            "a list of lower-case DNS names without wildcard, 10 at most",
            setting(text("a lower-case DNS name", /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/), {
              meaning: "A name.",
              example: "git.example.com",
            }),
            1,
            10,
          ),
          { meaning: "Its private names.", example: ["git.example.com"] },
        ),
      ),
      "a mapping of services to lists of names, {} for none",
    ),
    {
      meaning:
        "Private names of PrivateLink services, as their owners verified them. Exactly these names resolve in the network; without any, a service is reached by its endpoint's own name.",
      example: { "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0": ["git.example.com"] },
      default: {},
      words: "none",
      concern: "networks",
    },
  ),
  developers: setting(
    kind(
      z.record(
        setting(personId, { meaning: "A person's id. It belongs to one department.", example: "tanaka" }),
        setting(developer, { meaning: "One developer; {} takes every default.", example: {} }),
      ),
      "a mapping of ids to settings, {} for none",
    ),
    {
      meaning:
        "The developers by id. A new line makes a workspace and a key. A removed line blocks the key at once and keeps the home volume.",
      example: { tanaka: {}, suzuki: { monthlyBudgetUsd: 300 } },
      concern: "people",
    },
  ),
});
