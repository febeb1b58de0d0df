import { hasEnded } from "../budget";
import { type Fault, shown } from "../faults";
import { imagesOf } from "../resolve";
import { type AnyStack, faultless } from "../stack-file";
import type { StackSet } from "../stack-set";

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
        `the sample ${shown(value)}`,
        "what your account has mirrored or built",
        "see docs/onboarding.md, First deployment",
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
