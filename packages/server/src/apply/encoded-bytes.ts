/** An answer out of bytes at hand. */

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
