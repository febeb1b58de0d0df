export { ValkeyCache, type ValkeyCacheArgs } from "./valkey-cache";
