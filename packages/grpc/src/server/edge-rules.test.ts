import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PREFACE } from "../http2/frame.ts";
import { percentEncode, quoted } from "./error-text.ts";
import { protocolOf } from "./first-bytes.ts";
import { Liveness, TokenBucket } from "./keepalive.ts";

describe("the first bytes", () => {
  const of = (text: string) => protocolOf(Buffer.from(text, "latin1"));

  it("HTTP/2 by its preface, at the last byte of it", () => {
    for (let length = 1; length < PREFACE.length; length++) {
      assert.equal(protocolOf(PREFACE.subarray(0, length)), "unknown yet");
    }
    assert.equal(protocolOf(Buffer.concat([PREFACE, Buffer.alloc(3)])), "http2");
  });

  it("HTTP/1 by its request line", () => {
    assert.equal(of("GET /version HTTP/1.1\r\nHost: x\r\n"), "http1");
    assert.equal(of("PRI /x HTTP/1.0\n"), "http1");
    assert.equal(of("GET /version HTTP"), "unknown yet");
  });

  it("neither", () => {
    for (const text of [
      "GARBAGE\r\n",
      "GET /version\r\n",
      "PRI * HTTP/2.0\r\n\r\nXX",
      "\0\x01\x02",
      "GET / HTTP/3.0\n",
      "x".repeat(4096),
    ]) {
      assert.equal(of(text), "neither", text);
    }
  });
});

describe("liveness of a silent client", () => {
  it("is pinged after the interval and given up after the timeout", () => {
    const liveness = new Liveness(1000, 200, 0);
    assert.deepEqual(liveness.check(600), { kind: "wait", checkInMs: 400 });
    assert.deepEqual(liveness.check(1000), { kind: "ping", checkInMs: 200 });
    assert.deepEqual(liveness.check(1150), { kind: "wait", checkInMs: 50 });
    assert.deepEqual(liveness.check(1200), { kind: "dead" });
  });

  it("any sign of life will do", () => {
    const liveness = new Liveness(1000, 200, 0);
    liveness.check(1000);
    liveness.heard(1100);
    assert.deepEqual(liveness.check(1200), { kind: "wait", checkInMs: 900 });
  });
});

it("tokens come back with time, up to their number", () => {
  const bucket = new TokenBucket(2, 1, 0);
  assert.deepEqual([bucket.take(0), bucket.take(0), bucket.take(0)], [true, true, false]);
  assert.deepEqual([bucket.take(900), bucket.take(1900), bucket.take(2000)], [false, true, false]);
  assert.deepEqual([bucket.take(60_000), bucket.take(60_000), bucket.take(60_000)], [true, true, false]);
});

it("texts are quoted and encoded as clients of the original know them", () => {
  assert.equal(quoted('a"b\\c\n\x01\x7f\xc3\xa4'), '"a\\"b\\\\c\\n\\x01\\x7fä"');
  assert.equal(percentEncode("plain ~ text"), "plain ~ text");
  assert.equal(percentEncode("50 % ä\n"), "50 %25 %C3%A4%0A");
});
