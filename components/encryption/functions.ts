import type { FunctionPlan } from "../actions/function-plan";
import { useKey, type KeyPurpose, type StackContext } from "../kit";

const purposes: readonly KeyPurpose[] = ["data", "logs", "secrets", "sessions"];

/** Waits until the aliases of any stack's keys act. It takes data keys in encrypted form only. */
export const keyProbe = (context: StackContext): FunctionPlan => ({
  purpose: "key-probe",
  description: "Waits until KMS admits the keys of a stack by their aliases",
  place: "network",
  timeout: 900,
  statements: purposes.map((purpose) =>
    useKey(context, { stack: "*", purpose, actions: ["kms:GenerateDataKeyWithoutPlaintext"] }),
  ),
});

/** All functions of the keys. */
export const encryptionFunctions = [keyProbe] as const;
