import { z } from "zod";
import { emails, limits, personId } from "./fields";
import { key, list, money, object, text } from "./keys";
import { workspace } from "./workspace";

const developer = object(
  { meaning: "One developer; {} takes every default.", example: {} },
  {
    ...limits("the developer", "the department's"),
    monthlyBudgetUsd: money(
      {
        meaning:
          "The developer's share of the department's budget in US dollars a month; their key stops at it. 0 blocks the key.",
        example: 300,
        default: "an equal part of what the explicit shares leave",
      },
      0,
    ).exactOptional(),
    signIn: text(
      {
        meaning: "Name of the IAM or Identity Center user where it is not the id.",
        allowed: "2 to 64 letters, digits and +=,.@_-",
        example: "k.tanaka@example.com",
        default: "the id",
      },
      /^[\w+=,.@-]{2,64}$/,
    ).exactOptional(),
    workspace: workspace("this developer", "the department's").exactOptional(),
    sshPublicKey: key(z.string().max(1024), {
      meaning: "Public key for SSH inside a Session Manager session, for one's own editor. Never a private key.",
      allowed:
        "one line of an OpenSSH public key: ssh-ed25519, ecdsa-sha2-nistp*, sk-* or ssh-rsa of 3072 bits or more",
      example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…",
      default: "no SSH",
    }).exactOptional(),
    homeVolume: text(
      {
        meaning: "An earlier home volume to adopt, when a person comes back.",
        allowed: "an EBS volume id, vol- and 8 or 17 hexadecimal digits",
        example: "vol-0123456789abcdef0",
        default: "a new volume",
      },
      /^vol-([0-9a-f]{8}|[0-9a-f]{17})$/,
    ).exactOptional(),
  },
);

export const department = object(
  { meaning: "The department, whose name is the stack's name.", example: { lead: "sato", developers: { tanaka: {} } } },
  {
    lead: personId("Who owns this file: sees the department's use, and rotates and blocks its keys.", "sato"),
    deputies: list(
      { meaning: "Who may do what the lead does.", allowed: "a list of ids", example: ["ono"], default: "nobody" },
      personId("A deputy.", "ono"),
      0,
      10,
    ).exactOptional(),
    costCenter: text(
      {
        meaning: "Value of the CostCenter tag on everything the department's stack makes.",
        allowed: "1 to 64 letters, digits, spaces and _.:/=+-@",
        example: "CC-1042",
        default: "the department's name",
      },
      /^[\p{L}\p{N}_.:/=+@-]([\p{L}\p{N} _.:/=+@-]{0,62}[\p{L}\p{N}_.:/=+@-])?$/u,
    ).exactOptional(),
    ...limits("the whole department", "the cap"),
    monthlyBudgetUsd: money(
      {
        meaning:
          "Model spend of the department in US dollars a calendar month, at most its cap in the platform's file. The gateway stops everybody in it at this sum.",
        example: 3000,
        default: "the cap",
      },
      1,
    ).exactOptional(),
    alertEmails: emails(
      "Who hears when a threshold of the department's budget is crossed.",
      "the platform's",
    ).exactOptional(),
    keepPromptText: key(z.boolean(), {
      meaning:
        "Whether the text of prompts and answers is kept in the department's Langfuse project. Without it, numbers only.",
      allowed: "true or false",
      example: true,
      default: "false",
    }).exactOptional(),
    workspace: workspace("every developer who says nothing else", "medium, 60 idle minutes, 50 GiB").exactOptional(),
    developers: key(z.record(personId("A person's id. It belongs to one department.", "tanaka"), developer), {
      meaning:
        "The developers by id. A new line makes a workspace and a key. A removed line blocks the key at once and keeps the home volume.",
      allowed: "a mapping of ids to settings, {} for none",
      example: { tanaka: {}, suzuki: { monthlyBudgetUsd: 300 } },
    }),
  },
);
