/** Answers out of bytes at hand, and bytes out of answers. */

import type { EncodedMessage } from "../mvcc/store-types.ts";

export function encodedBytes(bytes: Uint8Array): EncodedMessage {
  return {
    size: bytes.length,
    writeTo(target, position) {
      target.set(bytes, position);
      return position + bytes.length;
    },
  };
}

/** The message's bytes as memory of its own. */
export function copyOf(message: EncodedMessage): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(message.size);
  message.writeTo(bytes, 0);
  return bytes;
}
