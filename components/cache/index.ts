export { ValkeyCache, valkeyPort, type ValkeyCacheArgs } from "./valkey-cache";
