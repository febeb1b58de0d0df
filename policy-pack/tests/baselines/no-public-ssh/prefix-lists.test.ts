import { netNoPublicSshPrefixList } from "../../../src/baselines/no-public-ssh/net-no-public-ssh-prefix-list";
import { netPrefixListNotPublic } from "../../../src/baselines/no-public-ssh/net-prefix-list-not-public";
import { cases, resource, UNKNOWN, urnOf, type Inputs } from "../../support";
import { GROUP, INGRESS, group, open, ssh } from "./shapes";

const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";

describe("no public SSH: prefix lists", () => {
  cases(netPrefixListNotPublic, {
    type: LIST,
    passes: {
      "private networks": { entries: [{ cidr: "10.0.0.0/8" }] },
      "one office": { entries: [{ cidr: "203.0.113.7/32" }] },
      "half of the internet": { entries: [{ cidr: "0.0.0.0/1" }] },
    },
    fails: {
      "the whole internet": { entries: [{ cidr: "0.0.0.0/0" }] },
      "two halves": { entries: [{ cidr: "128.0.0.0/1" }, { cidr: "0.0.0.0/1" }] },
      "three parts that come to the whole": { entries: [{ cidr: "::/1" }, { cidr: "8000::/2" }, { cidr: "c000::/2" }] },
    },
    unknown: { "an entry that is not known": { entries: [{ cidr: UNKNOWN }] } },
    both: {
      "the whole internet beside an entry that is not known": { entries: [{ cidr: UNKNOWN }, { cidr: "0.0.0.0/0" }] },
    },
  });

  const named = (cidr: unknown, changes: Inputs = {}) => [
    resource(GROUP, group(ssh({ cidrBlocks: [], prefixListIds: ["pl-1"], ...changes }))),
    resource(LIST, { id: "pl-1", entries: [{ cidr }] }, "list"),
  ];
  cases(netNoPublicSshPrefixList, {
    passes: {
      "a list of private networks": named("10.0.0.0/8"),
      "a public list on another port": named("0.0.0.0/0", { fromPort: 443, toPort: 443 }),
      "rules without lists": [resource(GROUP, group(open()))],
    },
    fails: {
      "a list with a public address": named("203.0.113.7/32"),
      "an entry stated apart": [
        resource(INGRESS, { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: "pl-1" }),
        resource(LIST, { id: "pl-1" }, "list"),
        resource(
          "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
          { prefixListId: "pl-1", cidr: "8.8.8.8/32" },
          "entry",
        ),
      ],
      "a list known by dependency alone": [
        resource(INGRESS, { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: UNKNOWN }, "it", {
          propertyDependencies: { prefixListId: [urnOf(LIST, "list")] },
        }),
        resource(LIST, { entries: [{ cidr: "0.0.0.0/0" }] }, "list"),
      ],
    },
    unknown: {
      "a list of another stack": [resource(GROUP, group(ssh({ cidrBlocks: [], prefixListIds: ["pl-9"] })))],
      "a list with an entry that is not known": named(UNKNOWN),
    },
  });
});
