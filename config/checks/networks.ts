import {
  type Cidr,
  cidrSize,
  cidrText,
  contains,
  divide,
  isPrivate,
  overlaps,
  parseCidr,
  reservedPerSubnet,
} from "../cidr";
import { type Fault, shown } from "../faults";
import { fillKnown } from "../fill";
import { knownEntries } from "../known";
import { gateway as gatewaySection, network as networkSection } from "../schema/sections";
import { residentsOf } from "../sources";
import type { AnyStack } from "../stack-file";
import { openZones } from "../subnets";
import type { StackSet } from "../stack-set";

const path = ["config", "cline:network", "cidr"];
const addedPath = ["config", "cline:network", "addedCidr"];

interface Placed {
  readonly stack: AnyStack;
  readonly path: readonly string[];
  readonly text: string;
  readonly cidr: Cidr;
}

/** Networks are private, large enough for AWS and the developers, and disjoint. */
export function checkNetworks(set: StackSet): Fault[] {
  const faults: Fault[] = [];
  const placed: Placed[] = [];
  for (const stack of [...set.platforms, ...set.departments]) {
    const { cidr: text, zones, addedCidr } = fillKnown(networkSection, stack.config["cline:network"] ?? {});
    const region = stack.config["aws:region"];
    if (zones !== undefined && region !== undefined && zones > openZones(region)) {
      const allowed = `at most ${openZones(region)}: ${region} has no more zones that are open to every account`;
      faults.push(stack.fault(["config", "cline:network", "zones"], shown(zones), allowed, "write zones: 2"));
    }
    if (text === undefined) continue;
    const cidr = parseCidr(text);
    if (!cidr || !isPrivate(cidr) || cidr.prefix < 16 || cidr.prefix > 24) {
      const allowed = "a private range of /16 to /24 with no address bits behind its mask, such as 10.64.0.0/16";
      const next = "choose one inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
      faults.push(stack.fault(path, shown(text), allowed, next, "networks"));
      continue;
    }
    placed.push({ stack, path, text, cidr });
    if (zones === undefined) continue;
    if (addedCidr === undefined) {
      faults.push(...tooSmall({ stack, path, text, cidr }, zones, peopleIn(stack, set)));
      continue;
    }
    const added = { stack, path: addedPath, text: addedCidr, cidr: parseCidr(addedCidr) };
    const fault = addedFault({ ...added, zones, beside: cidr });
    if (fault) faults.push(fault);
    else if (added.cidr) placed.push({ ...added, cidr: added.cidr });
    faults.push(...tooSmall({ stack, path, text, cidr }, zones - 1, peopleIn(stack, set)));
  }
  return [...faults, ...overlapping(placed)];
}

/** The private ranges: AWS takes a second range of a network from the same one as the first. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => parseCidr(text));

/** What is wrong with the range of an added zone by itself. */
function addedFault(added: Omit<Placed, "cidr"> & { zones: number; beside: Cidr; cidr: Cidr | undefined }) {
  const { stack, text, cidr, zones, beside } = added;
  const fault = (allowed: string, next: string) => stack.fault(addedPath, shown(text), allowed, next, "networks");
  if (zones !== 3) return fault("with zones: 3 only, for the third", "write zones: 3, or remove it");
  const home = privateRanges.find((range) => range && contains(range, beside));
  const isIn = cidr && home && contains(home, cidr);
  if (!isIn || cidr.prefix < 16 || cidr.prefix > 24)
    return fault(
      `a range of /16 to /24 inside ${home ? cidrText(home) : "the private range of cidr"}, with no address bits behind its mask`,
      "choose a free range near cidr",
    );
  const gateway = stack.config["cline:gateway"];
  const { maxTasks = 0 } = gateway ? fillKnown(gatewaySection, gateway) : {};
  const needed = addressesPerZone(0, zones, maxTasks);
  if (cidrSize(cidr) >= needed) return undefined;
  return fault(`${needed} addresses or more, for the services of a zone`, "choose a larger range");
}

/** Developers with a workspace in the stack's network. */
export const peopleIn = (stack: AnyStack, set: StackSet): number =>
  residentsOf(stack, set).reduce(
    (sum, { config }) => sum + knownEntries(config["cline:department"]?.developers).length,
    0,
  );

/**
 * Addresses in a zone's subnet besides workspaces: interface endpoints 24, load balancers 16,
 * functions 16, services and databases 16.
 */
const servicesPerZone = 72;

/**
 * Addresses that a zone's subnet needs. A developer's zone is a hash of the id, so a zone's number
 * of developers varies. Two standard deviations of slack keep the preview's answer safe at a small
 * cost. A rolling gateway runs twice its tasks, in any zone.
 */
export function addressesPerZone(people: number, zones: number, maxTasks: number): number {
  const slack = Math.ceil(2 * Math.sqrt((people * (zones - 1)) / zones ** 2));
  return reservedPerSubnet + servicesPerZone + 2 * maxTasks + Math.ceil(people / zones) + slack;
}

function tooSmall({ stack, text, cidr }: Placed, zones: number, people: number): Fault[] {
  const gateway = stack.config["cline:gateway"];
  const { maxTasks = 0 } = gateway ? fillKnown(gatewaySection, gateway) : {};
  const needed = addressesPerZone(people, zones, maxTasks);
  const room = (prefix: number) => divide({ base: 0, prefix }, zones).map(cidrSize)[0] ?? 0;
  if (room(cidr.prefix) >= needed) return [];
  let prefix = cidr.prefix;
  while (prefix > 16 && room(prefix) < needed) prefix--;
  const allowed = `/${prefix} or larger: ${people} developers and the services need ${needed} addresses in each of ${zones} zones`;
  const next = "choose a larger range now: a network's range cannot change without replacing the network";
  return [stack.fault(path, `${shown(text)} (${room(cidr.prefix)} addresses in each zone)`, allowed, next, "networks")];
}

/**
 * Every pair of ranges in which one begins before the other ends. The ranges are sorted, so each is
 * compared with the furthest end so far.
 */
function overlapping(placed: readonly Placed[]): Fault[] {
  const sorted = placed.toSorted((a, b) => a.cidr.base - b.cidr.base || a.cidr.prefix - b.cidr.prefix);
  let furthest: Placed | undefined;
  return sorted.flatMap((here): Fault[] => {
    const before = furthest;
    if (!before || end(here.cidr) > end(before.cidr)) furthest = here;
    return before && overlaps(before.cidr, here.cidr) ? clash(before, here) : [];
  });
}

/**
 * Two networks that overlap. Of one stack, the added range moves; beside a platform, the
 * department's, since a platform's network holds everybody. Otherwise either may move.
 */
function clash(one: Placed, other: Placed): Fault[] {
  if (one.stack === other.stack) {
    const [own, added] = one.path === addedPath ? [other, one] : [one, other];
    const allowed = `a range apart from cidr, ${own.text}`;
    return [added.stack.fault(added.path, shown(added.text), allowed, "choose a range beside it", "networks")];
  }
  if (one.stack.kind === other.stack.kind) return [apart(one, other), apart(other, one)];
  return [one.stack.kind === "department" ? apart(one, other) : apart(other, one)];
}

const end = (cidr: Cidr) => cidr.base + cidrSize(cidr);

function apart({ stack, path, text }: Placed, other: Placed): Fault {
  const allowed = `a range apart from every other network; ${other.text} is ${other.stack.file}'s`;
  return stack.fault(path, shown(text), allowed, "choose a range that no other file uses", "networks");
}
