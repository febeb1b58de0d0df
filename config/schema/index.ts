import { z } from "zod";
import { department } from "./department";
import { accountId, stackName } from "./fields";
import { key, list, object, text } from "./keys";
import { platform } from "./platform";
import { gateway, images, network, observability } from "./sections";

const region = text(
  {
    meaning: "The AWS region, the same as the platform's.",
    allowed: "an AWS region such as ap-northeast-1",
    example: "ap-northeast-1",
  },
  /^[a-z]{2}(-[a-z]+)+-\d$/,
);
const allowedAccountIds = (fallback?: string) =>
  list(
    {
      meaning: "The account this stack may touch. The AWS provider refuses every other.",
      allowed: 'a list of exactly one account id of 12 digits in quotation marks, ["111122223333"]',
      example: ["111122223333"],
      default: fallback,
    },
    accountId("The account."),
    1,
    1,
  );

/** What `pulumi stack init` writes beside `config`. */
const written = (meaning: string) =>
  key(z.string(), {
    meaning,
    allowed: "what `pulumi stack init` wrote",
    example: "v1:…",
    default: "absent",
  }).exactOptional();
const top = {
  encryptionsalt: written(
    "Written by `pulumi stack init`; never the same in two files, so a copied file must not keep it.",
  ),
  encryptedkey: written("Like encryptionsalt, with a secrets provider."),
  secretsprovider: written("Written by `pulumi stack init --secrets-provider`."),
};

/** A platform's stack file. */
export const platformFile = z.strictObject({
  ...top,
  config: object(
    { meaning: "The stack's configuration.", example: {} },
    {
      "aws:region": region,
      "aws:allowedAccountIds": allowedAccountIds(),
      "cline:platform": platform,
      "cline:network": network,
      "cline:gateway": gateway,
      "cline:observability": observability,
      "cline:images": images.exactOptional(),
    },
  ),
});

/** A department's stack file. */
export const departmentFile = z.strictObject({
  ...top,
  config: object(
    { meaning: "The stack's configuration.", example: {} },
    {
      "aws:region": region,
      "aws:allowedAccountIds": allowedAccountIds("the platform's account").exactOptional(),
      "cline:sharedFrom": stackName({
        meaning:
          "The platform stack whose caps hold, and whose network, gateway and observability are used unless a section below says otherwise.",
        allowed: "the name of a platform stack",
        example: "platform",
      }),
      "cline:department": department,
      "cline:network": network.exactOptional(),
      "cline:gateway": gateway.exactOptional(),
      "cline:observability": observability.exactOptional(),
      "cline:images": images.exactOptional(),
    },
  ),
});

/** Any stack file: what the editors' JSON schema is made of. */
export const stackFile = z.union([platformFile, departmentFile]);

export type PlatformFile = z.output<typeof platformFile>;
export type DepartmentFile = z.output<typeof departmentFile>;
export type DepartmentSection = DepartmentFile["config"]["cline:department"];
export type PlatformSection = PlatformFile["config"]["cline:platform"];
export type DeveloperSection = DepartmentSection["developers"][string];
export type WorkspaceSection = NonNullable<DeveloperSection["workspace"]>;
