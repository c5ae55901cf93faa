/** The gRPC requests of the measurements, as bytes: a five-byte prefix and the protobuf message. */

export const KEY_BYTES = 31;
export const VALUE_BYTES = 256;

export const KEY_DIGITS = 10;
const PREFIX = "k".padEnd(KEY_BYTES - KEY_DIGITS, "/");
const VALUE = Buffer.alloc(VALUE_BYTES, "v");

/** The nth key; keys sort as their numbers do. */
export function keyOf(n) {
  return Buffer.from(PREFIX + String(n).padStart(KEY_DIGITS, "0"));
}

/** The first key behind all keys of `keyOf`. */
const KEYS_END = Buffer.from("l");

export function putMessage(n) {
  return Buffer.concat([bytes(1, keyOf(n)), bytes(2, VALUE)]);
}

export function getMessage(n, { serializable = false } = {}) {
  return Buffer.concat([bytes(1, keyOf(n)), serializable ? number(7, 1) : none]);
}

/** `limit` keys from the nth on; 0: all. */
export function rangeMessage(n, { limit = 0, revision = 0, countOnly = false } = {}) {
  return Buffer.concat([
    bytes(1, keyOf(n)),
    bytes(2, KEYS_END),
    limit > 0 ? number(3, limit) : none,
    revision > 0 ? number(4, revision) : none,
    countOnly ? number(9, 1) : none,
  ]);
}

/** Puts the nth key if its version is not one that it never has. */
export function txnMessage(n) {
  const compare = Buffer.concat([number(1, NOT_EQUAL), bytes(3, keyOf(n)), number(4, 2 ** 40)]);
  return Buffer.concat([bytes(1, compare), bytes(2, bytes(2, putMessage(n)))]);
}

const NOT_EQUAL = 3;

/** Puts the keys lo to hi at once. */
export function fillMessage(lo, hi) {
  const puts = Array.from({ length: hi - lo }, (_, i) => bytes(2, bytes(2, putMessage(lo + i))));
  return Buffer.concat(puts);
}

/** A WatchRequest that makes a watch of one key from now on. */
export function watchMessage(key) {
  return bytes(1, bytes(1, Buffer.from(key)));
}

export function framed(message) {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

const none = Buffer.alloc(0);

function bytes(field, content) {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function number(field, value) {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function varint(value) {
  const out = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  out.push(rest);
  return Buffer.from(out);
}
