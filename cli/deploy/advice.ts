/** What is to do after an `up` that failed. */
export interface Advice {
  /** What went wrong. */
  readonly cause: string;
  /** What is safe, and what is not. */
  readonly safe: string;
  /** Steps in order. */
  readonly next: readonly string[];
}

interface Rule {
  readonly sign: RegExp;
  readonly advice: (stack: string) => Advice;
}

const again = (stack: string): string => `npm run deploy -- ${stack}`;

const pending = (stack: string): readonly string[] => [
  `pulumi refresh --stack ${stack} --import-pending-creates: asks for the id of each resource that was being made; look it up in the account`,
  `pulumi refresh --stack ${stack} --clear-pending-creates: instead, where none of them was made`,
];

/** The first sign that fits gives the advice: a cause stands before what follows from it. */
const rules: readonly Rule[] = [
  {
    sign: /ExpiredToken|token included in the request is expired|credentials? (?:have|has) expired|RequestExpired/i,
    advice: (stack) => ({
      cause: "the credentials ended in the middle",
      safe: "Resources that were made after the last save stand in the account and in no state; do not run up before step 3.",
      next: [
        "sign in again, for an hour at least",
        `pulumi cancel --yes --stack ${stack}: removes the lock that could not be given back; safe when no other run of this stack is under way`,
        ...pending(stack),
        again(stack),
      ],
    }),
  },
  {
    sign: /stack is currently locked|the stack is locked/i,
    advice: (stack) => ({
      cause: "another run holds the state's lock",
      safe: "The lock names who holds it and since when. Nothing was changed by this run.",
      next: [
        "wait for that run, where it is still under way",
        `pulumi cancel --yes --stack ${stack}: only when it has ended without giving the lock back`,
        ...pending(stack),
        again(stack),
      ],
    }),
  },
  {
    sign: /pending operations|interrupted while|--clear-pending-creates/i,
    advice: (stack) => ({
      cause: "an earlier run was cut off while it made resources",
      safe: "Do not run up first: it would make the pending resources a second time.",
      next: [...pending(stack), again(stack)],
    }),
  },
  {
    sign: /its caps are not the deployed ones/,
    advice: (stack) => ({
      cause: "the platform's caps are not deployed",
      safe: "Nothing was changed.",
      next: ["npm run deploy -- the platform's name, then the department", again(stack)],
    }),
  },
  {
    sign: /\[mandatory\]|mandatory policy|violates? a mandatory/i,
    advice: (stack) => ({
      cause: "a mandatory policy refuses the stack",
      safe: "The preview stopped it: nothing was changed.",
      next: [`npm run preview -- ${stack}: names resource, finding and remedy`, again(stack)],
    }),
  },
  {
    sign: /AlreadyExists|already exists|AlreadyOwnedByYou|ResourceConflict/i,
    advice: (stack) => ({
      cause: "a resource of this name stands in the account and in no state",
      safe: "Everything that does not depend on it was made, and is in the state.",
      next: ["adopt it where it is to be kept, or remove it: docs/first-deployment.md", again(stack)],
    }),
  },
  {
    sign: /LimitExceeded|ServiceQuotaExceeded|quota|VcpuLimit|InsufficientCapacity|Insufficient\w*Capacity/i,
    advice: (stack) => ({
      cause: "a quota or AWS's capacity was not enough",
      safe: "Everything that does not depend on it was made, and is in the state.",
      next: ["raise the quota in Service Quotas, or wait for capacity", again(stack)],
    }),
  },
  {
    sign: /AccessDenied|UnauthorizedOperation|not authorized to perform/i,
    advice: (stack) => ({
      cause: "the credentials may not do it",
      safe: "Everything that does not depend on it was made, and is in the state.",
      next: ["take the deployer's role; `npm run bootstrap` prints its template", again(stack)],
    }),
  },
];

/** Most lines of what Pulumi said is wrong. */
const mostLines = 40;

/**
 * What Pulumi said is wrong: its policies' findings that refuse, its diagnostics, and errors outside
 * of both. The progress names resources, whose names must not be taken for causes. Pure.
 */
export function saidWrong(lines: readonly string[]): string[] {
  let section = "";
  const wrong = lines.filter((line) => {
    const heading = /^(\w[\w ]*):( \(.*\))?$/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    else if (/^(@ |Updating \()/.test(line)) section = "";
    if (/^error: /.test(line)) return true;
    if (section === "Policies") return line.includes("[mandatory]");
    return section === "Diagnostics" && heading === undefined && line.trim() !== "";
  });
  return [...new Set(wrong)].slice(-mostLines);
}

/** The advice for a failed `pulumi up` of a stack. @param wrong lines of {@link saidWrong} */
export function adviceFor(stack: string, wrong: readonly string[]): Advice {
  const rule = rules.find(({ sign }) => sign.test(wrong.join("\n")));
  return (
    rule?.advice(stack) ?? {
      cause: "Pulumi stopped at an error",
      safe: "What was made is in the state; a further run makes the rest, and nothing twice.",
      next: ["mend what the lines above say", again(stack)],
    }
  );
}

/** After Ctrl-C: everything that had begun is finished and saved. */
export const afterStop = (stack: string): Advice => ({
  cause: "stopped by Ctrl-C",
  safe: "What had begun is finished and in the state; a further run makes the rest, and nothing twice.",
  next: [again(stack)],
});

export function adviceText(stack: string, { cause, safe, next }: Advice): string {
  return [`${stack}: ${cause}.`, `  ${safe}`, ...next.map((step, at) => `  ${at + 1}. ${step}`)].join("\n");
}
