import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Codec } from "./codec.ts";
import { messageCodecs } from "./gen/codecs.ts";
import { arbitraryMessage, encodeIndependently, type PlainMessage } from "./testing.ts";
import { ProtoError } from "./wire/proto-error.ts";

const RUNS = 40;

function forEachType(check: (codec: Codec<unknown>, message: PlainMessage) => void, numRuns = RUNS): void {
  for (const [typeName, codec] of messageCodecs) {
    fc.assert(
      fc.property(arbitraryMessage(typeName), (message) => check(codec, message)),
      { numRuns },
    );
  }
}

/** Decodes; anything thrown but a ProtoError is a failure. */
function decodeHostile(codec: Codec<unknown>, bytes: Uint8Array): unknown {
  try {
    return codec.decode(bytes);
  } catch (error) {
    if (error instanceof ProtoError) return undefined;
    throw error;
  }
}

test("every message is written as an independent encoder writes it, and read back as it was", () => {
  forEachType((codec, message) => {
    const bytes = codec.encode(message);
    assert.equal(
      Buffer.from(bytes).toString("hex"),
      Buffer.from(encodeIndependently(codec.typeName, message)).toString("hex"),
    );
    assert.deepEqual(codec.decode(bytes), message);
  });
});

test("a message is read from the middle of a buffer and written into the middle of one", () => {
  forEachType((codec, message) => {
    const size = codec.sizeOf(message);
    const buf = Buffer.alloc(size + 20, 0xff);
    assert.equal(codec.write(message, buf, 7), 7 + size);
    assert.ok(
      buf.subarray(0, 7).every((byte) => byte === 0xff) &&
        buf.subarray(7 + size).every((byte) => byte === 0xff),
    );
    assert.deepEqual(codec.decode(buf, 7, 7 + size), message);
  }, 10);
});

test("a message cut at any byte is an error or a shorter message, never more", () => {
  forEachType((codec, message) => {
    const bytes = codec.encode(message);
    for (let length = 0; length < bytes.length; length++) decodeHostile(codec, bytes.subarray(0, length));
  }, 10);
});

test("a message with a flipped bit is an error or another message, never more", () => {
  forEachType((codec, message) => {
    const bytes = Uint8Array.from(codec.encode(message));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const byte = bit >>> 3;
      bytes[byte] = (bytes[byte] as number) ^ (1 << (bit & 7));
      decodeHostile(codec, bytes);
      bytes[byte] = (bytes[byte] as number) ^ (1 << (bit & 7));
    }
  }, 5);
});

test("arbitrary bytes are an error or a message that can be written", () => {
  for (const codec of messageCodecs.values()) {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const message = decodeHostile(codec, bytes);
        if (message !== undefined) codec.encode(message);
      }),
      { numRuns: RUNS },
    );
  }
});
