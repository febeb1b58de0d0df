export { KeyProbe, type KeyProbeArgs } from "./key-probe";
export { KeyRing, type KeyRingArgs } from "./key-ring";
export { UsableKeys, type UsableKeysArgs } from "./usable-keys";
export { certificateAuthority, signAsAuthority } from "./certificate-authority";
