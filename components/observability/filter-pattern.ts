/** A kind of event in the trail that sets off an alarm. */
export interface SecurityFilter {
  /** Part of names and the metric's name, e.g. `root-use`. */
  readonly noun: string;
  /** What happened and what to do first, for the mail. */
  readonly description: string;
  /** CloudWatch Logs filter pattern over CloudTrail's JSON. 1,024 characters at most. */
  readonly pattern: string;
  /** Patterns of further filters that count into the same metric, by the end of the filter's name. */
  readonly further?: Readonly<Record<string, string>>;
}

/** A filter whose pattern may name the role of the protected workflow. */
export type DeployedFilter = Omit<SecurityFilter, "pattern" | "further"> & {
  readonly pattern: string | ((deployer: string) => string);
  readonly further?: (deployer: string) => Readonly<Record<string, string>>;
};

/** The patterns of an alarm, by the names of their filters. */
export const patternsOf = ({ noun, pattern, further = {} }: SecurityFilter): readonly (readonly [string, string])[] => [
  [noun, pattern],
  ...Object.entries(further).map(([part, other]) => [`${noun}-${part}`, other] as const),
];

/** A condition that a field has one of several values. */
const any = (field: string, values: readonly string[]) => values.map((value) => `(${field} = "${value}")`).join(" || ");
/** A condition on the event's name. */
export const events = (...eventNames: readonly string[]) => any("$.eventName", eventNames);

const session = "$.userIdentity.sessionContext";
/** Name of the role whose session made a call; users, the root user and services have none. */
const issuer = `${session}.sessionIssuer.userName`;
/**
 * A condition that a person's session made the call. The trust of each role that people take demands a source identity, which no later role
 * of the session sheds. Neither services nor the workflow set one: their trust does not allow `sts:SetSourceIdentity`.
 */
const byHand = `(${session}.sourceIdentity = "*")`;
/**
 * A condition that no session of these roles made the call, or one taken by hand. It says on its own what an absent name means: AWS's grammar
 * does not say whether `!=` matches a field that is not there.
 */
export const notBy = (...roles: readonly string[]) =>
  `((${issuer} NOT EXISTS) || (${roles.map((role) => `(${issuer} != "${role}")`).join(" && ")}) || ${byHand})`;

/** Some events, and the roles whose calls of them are everyday work; none: whoever makes the call. */
export type Calls = readonly [eventNames: readonly string[], ...except: readonly string[]];
const made = ([eventNames, ...except]: Calls) =>
  except.length > 0 ? `((${events(...eventNames)}) && ${notBy(...except)})` : `(${events(...eventNames)})`;
const of = (source: string) => `($.eventSource = "${source}.amazonaws.com")`;

/** A pattern of some events of one service, whoever makes the call but these roles. */
export const callsOf = (source: string, ...calls: Calls) => `{ ${of(source)} && ${made(calls)} }`;
/** A pattern of changes in one service that were made, not refused. */
export const changesOf = (source: string, ...calls: readonly Calls[]) =>
  `{ ${of(source)} && ($.errorCode NOT EXISTS) && (${calls.map(made).join(" || ")}) }`;
