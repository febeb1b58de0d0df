import type { Row } from "../../support/fault-rows";
import { merged } from "../../support/specs";
import { department, platform } from "./overrides";

/** Networks. */
export const networks: readonly Row[] = [
  [
    "networks that overlap",
    { design: { "cline:network": { cidr: "10.64.128.0/20" } } },
    { "design cline:network.cidr": /10\.64\.0\.0\/16 is stacks\/Pulumi\.platform\.yaml's/ },
  ],
  [
    "networks of two departments that overlap",
    {
      design: { "cline:network": { cidr: "10.80.0.0/20" } },
      engineering: { "cline:network": { cidr: "10.80.8.0/24" } },
    },
    {
      "design cline:network.cidr": /10\.80\.8\.0\/24 is stacks\/Pulumi\.engineering\.yaml's/,
      "engineering cline:network.cidr": /10\.80\.0\.0\/20 is stacks\/Pulumi\.design/,
    },
  ],
  [
    "an added zone's range inside its own network's, once",
    { platform: { "cline:network": { zones: 3, addedCidr: "10.64.1.0/24" } } },
    {
      "platform cline:network.addedCidr": /allowed a range apart from cidr, 10\.64\.0\.0\/16; choose a range beside it/,
    },
  ],
  [
    "an adopted thing that stands twice",
    { platform: platform({ adopt: ["trail", "trail"] }) },
    { "platform cline:platform.adopt": /each once; write each entry once/ },
  ],
  ...[
    "https://github.com/a/b.git",
    "https://GitHub.com/a/b",
    "https://www.github.com/a/b",
    "https://github.com/a/b/",
  ].map((url): Row => [
    `a repository's address that no token names: ${url}`,
    { platform: platform({ repository: { url } }) },
    { "platform cline:platform.repository.url": /lower case and without www, no user, no \.git and no \/ at the end/ },
  ]),
  ...[
    "https://user:hunter2@github.com/a/b",
    "https://hunter2@github.com/a/b",
    "HTTPS://user:hunter2/3@github.com/a/b",
  ].map((url, at): Row => [
    `credentials in a repository's address, form ${at + 1}`,
    { platform: platform({ repository: { url } }) },
    {
      "platform cline:platform.repository.url": /^found something that looks like a credential \(not shown\); .*revoke/,
    },
  ]),
  [
    "an added zone's range in a network of two zones, and beside the private range of cidr",
    {
      platform: merged(platform({}), { "cline:network": { zones: 2, addedCidr: "10.66.0.0/17" } }),
      design: { "cline:network": { cidr: "10.80.0.0/20", zones: 3, addedCidr: "192.168.0.0/20" } },
    },
    {
      "platform cline:network.addedCidr": /allowed with zones: 3 only.*zones: 3/,
      "design cline:network.addedCidr": /found "192\.168\.0\.0\/20"; allowed .* inside 10\.0\.0\.0\/8/,
    },
  ],
  [
    "an added zone's range that another network has, and one too small",
    {
      platform: merged(platform({}), { "cline:network": { zones: 3, addedCidr: "10.80.0.0/20" } }),
      design: { "cline:network": { cidr: "10.80.8.0/21", zones: 3, addedCidr: "10.90.0.0/24" } },
    },
    { "design cline:network.cidr": /10\.80\.0\.0\/20 is stacks\/Pulumi\.platform/ },
  ],
  [
    "a third zone where a region has two",
    {
      platform: merged(platform({ residency: "us" }), { "aws:region": "us-west-1", "cline:network": { zones: 3 } }),
      engineering: { "aws:region": "us-west-1" },
      design: { "aws:region": "us-west-1" },
    },
    { "platform cline:network.zones": /found 3; allowed at most 2: us-west-1/ },
  ],
  [
    "a public network",
    { design: { "cline:network": { cidr: "52.0.0.0/16" } } },
    { "design cline:network.cidr": /private range/ },
  ],
  [
    "a network whose edge is public",
    { design: { "cline:network": { cidr: "172.32.0.0/16" } } },
    { "design cline:network.cidr": /private range/ },
  ],
  [
    "a network above /16",
    { platform: { "cline:network": { cidr: "10.0.0.0/15" } } },
    { "platform cline:network.cidr": /\/16 to \/24/ },
  ],
  [
    "a network below /24",
    { design: { "cline:network": { cidr: "10.80.0.0/25" } } },
    { "design cline:network.cidr": /\/16 to \/24/ },
  ],
  [
    "address bits behind the mask",
    { design: { "cline:network": { cidr: "10.80.1.0/20" } } },
    { "design cline:network.cidr": /behind its mask/ },
  ],
  [
    "a network too small for its people",
    {
      design: {
        "cline:network": { cidr: "10.80.0.0/24" },
        ...department({ developers: Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`person-${at}`, {}])) }),
      },
    },
    {
      "design cline:network.cidr":
        /found "10\.80\.0\.0\/24" \(128 addresses in each zone\); allowed \/23 or larger: 92 developers/,
    },
  ],
];
