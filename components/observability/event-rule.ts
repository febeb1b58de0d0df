/** A rule of EventBridge that tells people. CloudTrail reports its events within seconds. */
export interface EventRulePlan {
  readonly noun: string;
  readonly description: string;
  readonly sources: readonly string[];
  readonly detailType: string;
  /** Conditions on the event's detail, in EventBridge's terms. */
  readonly detail: Readonly<Record<string, unknown>>;
  /**
   * Whether its events arrive in us-east-1, too: those of IAM do so alone, those of STS's global endpoint as well, and there the rules stand
   * that forward them. Default false.
   */
  readonly global?: boolean;
}

/** Kind of event that CloudTrail reports of a call. */
export const call = "AWS API Call via CloudTrail";

/** Condition on the role of the session that made a call. */
export const byRole = (userName: readonly unknown[]) => ({
  userIdentity: { sessionContext: { sessionIssuer: { userName } } },
});
/** Condition that a person's session made the call, as the trail's filters judge it (filter-pattern.ts). */
const byHand = { userIdentity: { sessionContext: { sourceIdentity: [{ exists: true }] } } };
/**
 * Conditions of which one holds unless a session of the role made the call that no person took. `anything-but` needs a field that is there.
 */
export const notBy = (role: string) => [byRole([{ "anything-but": [role] }]), byRole([{ exists: false }]), byHand];
