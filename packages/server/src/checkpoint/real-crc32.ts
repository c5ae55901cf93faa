/**
 * CRC-32 as the run-time has it, of native speed: ten times that of a table. A function of its arguments alone, so the core may call it;
 * formats of the original have CRC-32C, and go through `base`.
 */

export { crc32 } from "node:zlib";
