import type { Row } from "../../support/fault-rows";
import { alone, department, platform } from "./overrides";

/** Stacks, accounts and sections. */
export const accounts: readonly Row[] = [
  [
    "no lead",
    { design: department({ lead: undefined }) },
    { "design cline:department.lead": /found nothing; .*write it/ },
  ],
  [
    "no platform of that name",
    { design: { "cline:sharedFrom": "platfrom" } },
    { "design cline:sharedFrom": /found "platfrom"; allowed platform; did you mean platform\?/ },
  ],
  [
    "a department as platform",
    { design: { "cline:sharedFrom": "engineering" } },
    { "design cline:sharedFrom": /allowed platform;/ },
  ],
  [
    "a region that the platform is not in",
    { design: { "aws:region": "ap-northeast-3" } },
    { "design aws:region": /found "ap-northeast-3"; allowed ap-northeast-1, the region of platform/ },
  ],
  [
    "a platform outside its residency",
    { platform: platform({ residency: "eu" }) },
    { "platform aws:region": /eu inference profiles: eu-central-1/ },
  ],
  [
    "a tier without a profile inside the residency",
    { platform: platform({ models: { light: "nova-lite" } }) },
    {
      "platform cline:platform.models.light": /found "nova-lite"; allowed .*inside jp: claude-opus-5-5, .*nova-2-lite/,
    },
  ],
  [
    "two accounts",
    { platform: { "aws:allowedAccountIds": ["111122223333", "444455556666"] } },
    { "platform aws:allowedAccountIds": /exactly one/ },
  ],
  [
    "an account id as a number",
    { platform: { "aws:allowedAccountIds": [111122223333] } },
    { "platform aws:allowedAccountIds[0]": /12 digits in quotation marks/ },
  ],
  [
    "another account without sections of its own",
    { design: { "aws:allowedAccountIds": ["444455556666"], "cline:network": { cidr: "10.80.0.0/20" } } },
    { "design cline:gateway": /another account than platform/, "design cline:observability": /another account/ },
  ],
  [
    "two departments founding one account",
    {
      design: { ...alone, "aws:allowedAccountIds": ["444455556666"] },
      engineering: { ...alone, "cline:network": { cidr: "10.96.0.0/20" }, "aws:allowedAccountIds": ["444455556666"] },
    },
    { "engineering aws:allowedAccountIds": /stacks\/Pulumi\.design\.yaml does/ },
  ],
  [
    "a gateway of one's own in a shared network",
    { design: { "cline:gateway": {} } },
    { "design cline:network": /network, gateway and observability together/, "design cline:observability": /together/ },
  ],
  [
    "a gateway whose ceiling is below its floor",
    { platform: { "cline:gateway": { minTasks: 6, maxTasks: 4 } } },
    { "platform cline:gateway.maxTasks": /at least minTasks, 6/ },
  ],
];
