import { contextOf } from "./components/context-of";
import type { KeyRingArgs } from "./components/encryption";
import { isFoundation } from "./components/foundation";
import type { StackSpec } from "./config";

/** Maps a checked stack file to the plain arguments of the components. Pure. */

/** The platform alone changes the settings of an account that is dedicated to it. */
const ownsAccount = ({ department, platform }: StackSpec): boolean =>
  department === undefined && platform.account === "dedicated";

export function keyRingArgs(spec: StackSpec): KeyRingArgs {
  return {
    context: contextOf(spec),
    sessions: isFoundation(spec),
    ebsDefault: ownsAccount(spec),
    costAlerts: spec.department === undefined && spec.platform.billing !== undefined,
  };
}
