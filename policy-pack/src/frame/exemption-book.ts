import { differenceFrom, type Difference } from "./exemption-values";
import type { Exemption, Exemptions, Remark, Subject } from "./exemptions";
import type { Finding } from "./finding";
import type { ResourceView } from "./view";

/** The exemption of a finding. */
export interface Cover {
  readonly exemption: Exemption;
  /** A value that it asks for and that preview cannot know; then the deployment decides. */
  readonly open?: Difference;
}

/** `urn:pulumi:STACK::PROJECT::CHAIN::NAME` */
const URN = /^urn:pulumi:[^:]*::[^:]*::(?<chain>.*?)::(?<name>.*)$/s;

/** Whether an exemption is for the resource with this URN, before any value is read. */
export function isFor(subject: Subject, urn: string): boolean {
  if (subject.urn !== undefined) return subject.urn === urn;
  const { chain, name } = URN.exec(urn)?.groups ?? {};
  return chain !== undefined && chain === subject.chain && name === subject.name;
}

/** The exemptions that apply, and which of them were needed in this run. */
export class ExemptionBook {
  private readonly byPolicy = new Map<string, Exemption[]>();
  /** By exemption, the resources for which it was needed. */
  private readonly used = new Map<Exemption, Set<string>>();
  /** By exemption, the resources that do not profit, with the value that differs. */
  private readonly refused = new Map<Exemption, Map<string, Difference>>();

  constructor(private readonly exemptions: Exemptions) {
    for (const exemption of exemptions.active) {
      const same = this.byPolicy.get(exemption.policy);
      if (same) same.push(exemption);
      else this.byPolicy.set(exemption.policy, [exemption]);
    }
  }

  /**
   * The exemption that covers a finding; it then counts as used. One that is certain goes before
   * one whose values are not known yet.
   * @param resource the finding's resource; without it, no exemption that asks for values covers
   */
  covering({ kind, policy, urn, property }: Finding, resource?: ResourceView): Cover | undefined {
    const candidates = (this.byPolicy.get(policy) ?? []).filter((each) => isFor(each, urn));
    // What leaves a property open leaves open whether an exemption from a part of it is needed.
    if (kind === "undeterminable")
      for (const each of candidates)
        if (property !== undefined && each.property?.startsWith(property) === true)
          entryOf(this.used, each, () => new Set<string>()).add(urn);
    const covers = candidates
      .filter((each) => each.property === undefined || each.property === property)
      .flatMap((exemption) => this.checked(exemption, urn, resource) ?? []);
    const cover = covers.find(({ open }) => open === undefined) ?? covers[0];
    if (cover !== undefined) entryOf(this.used, cover.exemption, () => new Set<string>()).add(urn);
    return cover;
  }

  private checked(exemption: Exemption, urn: string, resource: ResourceView | undefined): Cover | undefined {
    if (exemption.values === undefined) return { exemption };
    if (resource === undefined) return undefined;
    const difference = differenceFrom(exemption.values, resource.inputs);
    const refused = entryOf(this.refused, exemption, () => new Map<string, Difference>());
    refused.delete(urn);
    if (difference === undefined) return { exemption };
    if (difference.unknown) return { exemption, open: difference };
    refused.set(urn, difference);
    return undefined;
  }

  /**
   * Remarks on the file after a stack was judged: its faults, the exemptions that its resources do
   * not need, and those whose values its resources do not have.
   * @param urns of the stack's resources, and of those that are gone
   */
  remarks(urns: readonly string[]): (Remark & { readonly urn?: string })[] {
    const [, here = ""] = /^(urn:pulumi:[^:]*::[^:]*::)/.exec(urns[0] ?? "") ?? [];
    const faults = this.exemptions.remarks.flatMap((remark) => {
      const { subject } = remark;
      if (subject === undefined) return [remark];
      return placesOf(subject, urns, here).map((urn) => ({ ...remark, urn }));
    });
    const unused = this.exemptions.active.flatMap((exemption) =>
      placesOf(exemption, urns, here)
        .filter((urn) => this.used.get(exemption)?.has(urn) !== true)
        .map((urn) => ({ message: this.unusedText(exemption, urn), subject: exemption, urn })),
    );
    return [...faults, ...unused];
  }

  private unusedText(exemption: Exemption, urn: string): string {
    const { policy, ticket } = exemption;
    const difference = this.refused.get(exemption)?.get(urn);
    if (difference !== undefined)
      return (
        `the exemption ${ticket} from ${policy} does not apply here: ${difference.path} is ${difference.found}, ` +
        `and the exemption is for ${difference.wanted}`
      );
    return exemption.urn === undefined
      ? `the exemption ${ticket} from ${policy} is not needed here: the resource complies`
      : `the exemption ${ticket} from ${policy} is not used: the resource complies or is gone; remove the entry`;
  }
}

/** The URNs of a stack that an exemption is for; one that names its URN counts although it is gone. */
function placesOf(subject: Subject, urns: readonly string[], here: string): readonly string[] {
  if (subject.urn !== undefined) return here !== "" && subject.urn.startsWith(here) ? [subject.urn] : [];
  return urns.filter((urn) => isFor(subject, urn));
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
