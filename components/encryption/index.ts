export { KeyRing, type KeyRingArgs } from "./key-ring";
