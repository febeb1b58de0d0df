import { hasEnded } from "../budget";
import { type Fault, shown } from "../faults";
import { valueCommand } from "../image-sources";
import { imagesOf } from "../resolve";
import { type AnyStack, faultless } from "../stack-file";
import type { StackSet } from "../stack-set";

const printedBy = (name: string): string => {
  const command = valueCommand(name);
  return command === undefined ? "" : `; this prints it: ${command}`;
};

/**
 * Faults that a preview only notes and a real `up` refuses: sample images, an attestation that has
 * ended before `today` (ISO date, UTC).
 */
export function checkDeployment(stack: AnyStack, set: StackSet, today: string): Fault[] {
  const platform = stack.kind === "platform" ? stack : set.platformOf(stack);
  if (!platform) return [];
  const faults = imagesOf(stack, platform)
    .filter(({ sample }) => sample)
    .map(({ name, value }) =>
      platform.fault(
        ["config", "cline:images", name],
        [stack, platform].some((each) => name in (faultless(each)["cline:images"] ?? {}))
          ? `the sample ${shown(value)}`
          : "nothing",
        name === "workspaceAmi" ? "the id of an AMI of the region" : "the digest or SHA-256 of what the mirror brings",
        `see docs/first-deployment.md, step 1${printedBy(name)}`,
      ),
    );
  const attestation = faultless(platform)["cline:platform"].mfaAttestation;
  if (attestation && hasEnded(attestation, today)) {
    faults.push(
      platform.fault(
        ["config", "cline:platform", "mfaAttestation", "until"],
        shown(attestation.until),
        `a date from ${today} on`,
        "check that the identity provider still demands MFA, and attest it anew",
      ),
    );
  }
  return faults;
}
