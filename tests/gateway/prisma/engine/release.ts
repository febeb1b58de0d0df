/**
 * The release of Prisma's engines that prisma-client-py 0.11 is made for, 5.4.2: its generator refuses any other. The engine here is 5.17,
 * the first whose WebAssembly build knows everything LiteLLM asks of it.
 */
export const release = "ac9d7041ed77bcc8a8dbd2ab6616b39013829574";
