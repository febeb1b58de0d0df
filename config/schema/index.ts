import { z } from "zod";
import { department } from "./department";
import { accountId, stackName } from "./fields";
import { kind, list, mapping, text } from "./kinds";
import { kept, keptWords } from "./kept";
import { platform } from "./platform";
import { setting } from "./setting";
import {
  gateway,
  gatewayWords,
  images,
  imagesWords,
  network,
  networkWords,
  observability,
  observabilityWords,
} from "./sections";

const region = setting(text("an AWS region such as ap-northeast-1", /^[a-z]{2}(-[a-z]+)+-\d$/), {
  meaning: "The AWS region, the same as the platform's.",
  example: "ap-northeast-1",
});

const accounts = list(
  'a list of exactly one account id of 12 digits in quotation marks, ["111122223333"]',
  setting(accountId, { meaning: "The account.", example: "111122223333" }),
  1,
  1,
);
const accountWords = {
  meaning: "The account this stack may touch. The AWS provider refuses every other.",
  example: ["111122223333"],
};

/** Keys that `pulumi stack init` writes beside `config`. */
const written = (meaning: string) =>
  setting(kind(z.string(), "what `pulumi stack init` wrote"), { meaning, example: "v1:…", absent: "absent" });
const top = {
  encryptionsalt: written(
    "Written by `pulumi stack init`; never the same in two files, so a copied file must not keep it.",
  ),
  encryptedkey: written("Like encryptionsalt, with a secrets provider."),
  secretsprovider: written("Written by `pulumi stack init --secrets-provider`."),
};
const config = { meaning: "The stack's configuration.", example: {}, concern: "sums" } as const;

/** A platform's stack file. */
export const platformFile = z.strictObject({
  ...top,
  config: setting(
    mapping({
      "aws:region": region,
      "aws:allowedAccountIds": setting(accounts, accountWords),
      "cline:platform": setting(platform, {
        meaning: "The organization's settings. The infrastructure team's.",
        example: { organization: "example" },
        concern: "sums",
      }),
      "cline:network": setting(network, networkWords),
      "cline:gateway": setting(gateway, gatewayWords),
      "cline:observability": setting(observability, observabilityWords),
      "cline:images": setting(images, { ...imagesWords, default: {}, words: "samples, which `up` refuses" }),
      "cline:kept": setting(kept, keptWords),
    }),
    config,
  ),
});

/** A department's stack file. */
export const departmentFile = z.strictObject({
  ...top,
  config: setting(
    mapping({
      "aws:region": region,
      "aws:allowedAccountIds": setting(accounts, { ...accountWords, derived: "the platform's account" }),
      "cline:sharedFrom": setting(stackName("the name of a platform stack"), {
        meaning:
          "The platform stack whose caps hold, and whose network, gateway and observability are used unless a section below says otherwise.",
        example: "platform",
        concern: "sums",
      }),
      "cline:department": setting(department, {
        meaning: "The department, whose name is the stack's name.",
        example: { lead: "sato", developers: { tanaka: {} } },
        concern: "sums",
      }),
      "cline:network": setting(network, { ...networkWords, absent: "the platform's" }),
      "cline:gateway": setting(gateway, { ...gatewayWords, absent: "the platform's" }),
      "cline:observability": setting(observability, { ...observabilityWords, absent: "the platform's" }),
      "cline:images": setting(images, { ...imagesWords, absent: "the platform's" }),
      "cline:kept": setting(kept, keptWords),
    }),
    config,
  ),
});

/** Any stack file: the source of the editors' JSON schema. */
export const stackFile = z.union([platformFile, departmentFile]);

export type PlatformFile = z.output<typeof platformFile>;
export type DepartmentFile = z.output<typeof departmentFile>;
