/** The replicated log's messages: types, and codecs that read every release's form and write that of releases up to 3.6. */

export * from "./conf-change.ts";
export {
  decodeEntry,
  decodeHardState,
  encodeEntry,
  encodeHardState,
  sizeOfEntry,
  sizeOfHardState,
  writeEntry,
  writeHardState,
} from "./entry.ts";
export { decodeMessage, encodeMessage, sizeOfMessage, writeMessage } from "./message.ts";
export {
  decodeConfState,
  decodeSnapshot,
  encodeConfState,
  encodeSnapshot,
  sizeOfConfState,
  sizeOfSnapshot,
  writeConfState,
  writeSnapshot,
} from "./snapshot.ts";
export * from "./types.ts";
export { RaftpbError } from "./wire.ts";
