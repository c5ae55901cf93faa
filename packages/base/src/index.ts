/** Small things that every package stands on: bytes, checksums, assertions, directed randomness. */

export * from "./assert.ts";
export * from "./bytes.ts";
export * from "./crc32c.ts";
export * from "./human-text.ts";
export * from "./logger.ts";
export * from "./random.ts";
