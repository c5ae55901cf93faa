import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { Flag, FrameType, Setting } from "../http2/frame.ts";
import { Code } from "../status.ts";
import { CancelReason, type StreamCall, type StreamListener, type UnaryCall } from "./types.ts";
import { frame, message, requestFields, settings, uint32, WireClient } from "./wire-client.ts";

const ECHO = "/test.Echo/Unary";
const HEAD = ":status=200 content-type=application/grpc";

function echoClient(options = {}): WireClient {
  const client = new WireClient(options);
  client.addUnary(ECHO, (call, request) => call.respond(request));
  return client.shakeHands();
}

/** What a service hears on a stream, as text. */
class Listening implements StreamListener {
  readonly heard: string[] = [];
  readonly call: StreamCall;
  constructor(call: StreamCall) {
    this.call = call;
  }
  onMessage(bytes: Buffer): void {
    this.heard.push(bytes.length > 20 ? `${bytes.length} bytes` : bytes.toString());
  }
  onHalfClose(): void {
    this.heard.push("half-close");
  }
  onCancel(reason: CancelReason): void {
    this.heard.push(`cancel ${reason}`);
  }
  onDrain(): void {
    this.heard.push("drain");
  }
}

const STREAM = "/test.Echo/Stream";

function streamClient(options = {}): { client: WireClient; calls: Listening[] } {
  const client = new WireClient(options);
  const calls: Listening[] = [];
  client.addStream(STREAM, (call) => {
    const listening = new Listening(call);
    calls.push(listening);
    return listening;
  });
  return { client: client.shakeHands(), calls };
}

/** Sends bytes behind the handshake and returns the frames that answer. */
function answerTo(...frames: Uint8Array[]): string[] {
  const client = echoClient();
  client.send(...frames);
  return client.read();
}

describe("opening", () => {
  it("settings, a larger connection window, and the acknowledgement", () => {
    const client = new WireClient({ connectionWindowBytes: 1_000_000 });
    assert.deepEqual(client.read(), ["SETTINGS 000500004000", "WINDOW_UPDATE 0 934465"]);
    assert.equal(client.ready, false);
    client.send(settings());
    assert.deepEqual(client.read(), ["SETTINGS ACK"]);
    assert.equal(client.ready, true);
  });

  it("tells limits that are not the protocol's own", () => {
    const client = new WireClient({
      maxConcurrentStreams: 2,
      streamWindowBytes: 100_000,
      connectionWindowBytes: 65_535,
    });
    assert.deepEqual(client.read(), ["SETTINGS 00050000400000030000000200040001" + "86a0"]);
  });

  it("the client's header table may shrink and grow; the next answer says so", () => {
    const client = echoClient();
    const answer = (id: number) => [
      `HEADERS ${id} ${HEAD}`,
      `DATA ${id} 000000000161`,
      `HEADERS ${id} END_STREAM grpc-status=0`,
    ];
    client.call(ECHO, "a");
    client.call(ECHO, "a");
    client.read();
    client.send(settings([Setting.HEADER_TABLE_SIZE, 0], [Setting.HEADER_TABLE_SIZE, 100_000]));
    client.call(ECHO, "a");
    assert.deepEqual(client.read(), ["SETTINGS ACK", ...answer(5)]);
    client.send(settings([Setting.HEADER_TABLE_SIZE, 50]));
    client.call(ECHO, "a");
    client.call(ECHO, "a");
    assert.deepEqual(client.read(), ["SETTINGS ACK", ...answer(7), ...answer(9)]);
    client.send(settings([Setting.HEADER_TABLE_SIZE, 0]));
    client.call(ECHO, "a");
    assert.equal(client.readBytes().toString("hex").includes("2088"), true, "a size update leads the block");
  });

  it("a client whose first frame is not SETTINGS is sent away", () => {
    const client = new WireClient({ connectionWindowBytes: 65_535 });
    client.read();
    client.send(frame(FrameType.PING, 0, 0, Buffer.alloc(8)));
    assert.deepEqual(client.read(), ["GOAWAY 0 PROTOCOL_ERROR SETTINGS expected first"]);
    assert.equal(client.connection.ended, true);
  });
});

describe("unary calls", () => {
  it("an ordinary answer; from the second on its headers are indexes", () => {
    const client = echoClient();
    const answer = [`HEADERS 1 ${HEAD}`, "DATA 1 00000000026869", "HEADERS 1 END_STREAM grpc-status=0"];
    client.call(ECHO, "hi");
    assert.deepEqual(client.read(), answer);
    client.call(ECHO, "hi");
    assert.deepEqual(
      client.read(),
      answer.map((line) => line.replace(" 1", " 3")),
    );
    client.call(ECHO, "hi");
    assert.equal(client.readBytes().length, 9 + 2 + 9 + 7 + 9 + 1);
  });

  it("arrives byte by byte", () => {
    const client = echoClient();
    const { id, frame: head } = client.headers(requestFields(ECHO));
    const bytes = Buffer.concat([head, client.data(id, message("hello"), true)]);
    for (const byte of bytes) client.send(Buffer.from([byte]));
    assert.deepEqual(client.read(), [
      `HEADERS 1 ${HEAD}`,
      "DATA 1 000000000568656c6c6f",
      "HEADERS 1 END_STREAM grpc-status=0",
    ]);
  });

  it("any cut of several calls gives the same answers", () => {
    const whole = (client: WireClient): Buffer => {
      const parts: Buffer[] = [];
      for (const text of ["", "a", "x".repeat(20_000), "b"]) {
        const { id, frame: head } = client.headers(requestFields(ECHO));
        const body = message(text);
        parts.push(head);
        for (let at = 0; at < body.length; at += 16_384) {
          parts.push(client.data(id, body.subarray(at, at + 16_384), at + 16_384 >= body.length));
        }
      }
      return Buffer.concat(parts);
    };
    const reference = echoClient();
    reference.send(whole(reference));
    const expected = reference.read();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const client = echoClient();
        let rest = whole(client);
        for (let i = 0; rest.length > 0; i++) {
          client.send(rest.subarray(0, sizes[i % sizes.length]!));
          rest = rest.subarray(sizes[i % sizes.length]!);
        }
        assert.deepEqual(
          client.read().filter((line) => !line.startsWith("WINDOW_UPDATE")),
          expected.filter((line) => !line.startsWith("WINDOW_UPDATE")),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("is served when its message is whole, before the client has half-closed", () => {
    const client = echoClient();
    const id = client.openStream(ECHO);
    client.send(client.data(id, message("a")));
    assert.deepEqual(client.read(), [
      `HEADERS 1 ${HEAD}`,
      "DATA 1 000000000161",
      "HEADERS 1 END_STREAM grpc-status=0",
      "RST_STREAM 1 NO_ERROR",
    ]);
    client.send(client.data(id, Buffer.alloc(0), true));
    assert.deepEqual(client.read(), []);
  });

  it("only the first message counts", () => {
    const client = echoClient();
    const id = client.openStream(ECHO);
    client.send(client.data(id, Buffer.concat([message("a"), message("b")]), true));
    assert.equal(client.read().length, 3);
  });

  it("may be answered in a later turn, in parts or in place", () => {
    const client = new WireClient();
    const calls: UnaryCall[] = [];
    client.addUnary(ECHO, (call) => calls.push(call));
    client.shakeHands();
    client.call(ECHO, "");
    client.call(ECHO, "");
    assert.deepEqual(client.read(), []);
    calls[0]!.respondParts([Buffer.from("ab"), Buffer.from("c")]);
    calls[1]!.respondInto(2, (text, target, position) => position + target.write(text, position), "xy");
    const lines = client.read();
    assert.equal(lines[1], "DATA 1 0000000003616263");
    assert.equal(lines[4], "DATA 3 00000000027879");
    calls[0]!.respond(Buffer.from("again"));
    calls[0]!.fail(Code.INTERNAL, "again");
    assert.deepEqual(client.read(), []);
  });

  it("a failure is a response of headers alone, its text percent-encoded", () => {
    const client = new WireClient();
    client.addUnary(ECHO, (call) => call.fail(Code.NOT_FOUND, "100 % weg: ä\n"));
    client.shakeHands();
    client.call(ECHO, "");
    assert.deepEqual(client.read(), [
      `HEADERS 1 END_STREAM ${HEAD} grpc-status=5 grpc-message=100 %25 weg: %C3%A4%0A`,
    ]);
  });

  it("metadata, path and peer", () => {
    const client = new WireClient();
    const seen: unknown[] = [];
    client.addUnary(ECHO, (call) => {
      const { metadata } = call;
      seen.push(
        metadata.get("token"),
        metadata.get("none"),
        metadata.has("hasleader"),
        call.path,
        call.peer.address,
      );
      seen.push(Buffer.from(metadata.getBinary("some-bin") ?? []).toString());
      metadata.memo = ((metadata.memo as number | undefined) ?? 0) + 1;
      seen.push(metadata.memo);
      call.respond(Buffer.alloc(0));
    });
    client.shakeHands();
    for (let i = 0; i < 3; i++) client.call(ECHO, "", { token: "t", hasleader: "true", "some-bin": "YWI" });
    assert.deepEqual(seen.slice(0, 7), ["t", undefined, true, ECHO, "test:1", "ab", 1]);
    assert.equal(seen.at(-1), 2, "the third block was the second over again");
  });

  it("calls that differ in their timeout alone are judged alike", () => {
    const client = new WireClient();
    const seen: string[] = [];
    client.addUnary(ECHO, (call) => {
      call.metadata.memo = `${call.metadata.memo ?? ""}x`;
      const { fields } = call.metadata;
      const timeout = fields[fields.indexOf("grpc-timeout") + 1];
      seen.push(`${call.deadline} ${timeout} ${call.metadata.get("token")} ${call.metadata.memo}`);
      call.respond(Buffer.alloc(0));
    });
    client.shakeHands();
    const call = (timeout: string, token = "t") => client.call(ECHO, "", { "grpc-timeout": timeout, token });
    call("1S");
    call("2S");
    call("3S", "u");
    call("4S");
    assert.deepEqual(seen, ["2000 1S t x", "3000 2S t xx", "4000 3S u x", "5000 4S t xxx"]);
    client.read();
    call("bad");
    assert.ok(client.read()[0]!.includes("malformed grpc-timeout"));
  });

  it("counts what a method did", () => {
    const client = new WireClient();
    const { counters } = client.addUnary(ECHO, (call, request) => {
      if (request.length === 0) call.fail(Code.UNAVAILABLE, "no");
      else call.respond(Buffer.alloc(10));
    });
    client.shakeHands();
    client.call(ECHO, "abc");
    client.call(ECHO, "");
    assert.deepEqual([counters.started, counters.received, counters.sent], [2, 2, 1]);
    assert.deepEqual([counters.receivedBytes, counters.sentBytes], [3, 10]);
    assert.deepEqual([counters.handled[0], counters.handled[14]], [1, 1]);
  });
});

describe("what a request may have wrong", () => {
  const status = (http: number, code: number, text: string) => [
    `HEADERS 1 END_STREAM :status=${http} content-type=application/grpc grpc-status=${code} grpc-message=${text}`,
  ];
  const unary = (changes: Record<string, string | undefined>, body: Uint8Array = message("a")): string[] => {
    const client = echoClient({ maxReceiveMessageBytes: 1000 });
    const { id, frame: head } = client.headers(requestFields(ECHO, changes));
    client.send(head, client.data(id, body, true));
    return client.read().filter((line) => line !== "RST_STREAM 1 NO_ERROR"); // sent where the head alone was enough
  };

  it("paths", () => {
    const of = (path: string) => unary({ ":path": path });
    assert.deepEqual(of("/test.Echo/unary"), status(200, 12, "unknown method unary for service test.Echo"));
    assert.deepEqual(of("/test.Echo/"), status(200, 12, "unknown method  for service test.Echo"));
    assert.deepEqual(of("/test.Nothing/Unary"), status(200, 12, "unknown service test.Nothing"));
    assert.deepEqual(of("/test.Echo/Unary/"), status(200, 12, "unknown service test.Echo/Unary"));
    assert.deepEqual(of("/version"), status(200, 12, 'malformed method name: "/version"'));
    assert.deepEqual(of("/"), status(200, 12, 'malformed method name: "/"'));
    assert.deepEqual(of(""), status(200, 12, 'malformed method name: ""'));
    assert.deepEqual(of("test.Echo/Unary"), status(200, 12, 'malformed method name: "test.Echo/Unary"'));
  });

  it("methods and content types", () => {
    const post = (method: string) => `Received a HEADERS frame with :method "${method}" which should be POST`;
    assert.deepEqual(unary({ ":method": "GET" }), status(405, 13, post("GET")));
    assert.deepEqual(unary({ ":method": undefined }), status(405, 13, post("")));
    for (const type of [
      "application/grpc-web",
      "application/json",
      "APPLICATION/GRPC",
      "application/grpcx",
      "",
    ]) {
      assert.deepEqual(
        unary({ "content-type": type }),
        status(415, 3, `invalid gRPC request content-type "${type}"`),
      );
    }
    assert.deepEqual(
      unary({ "content-type": undefined }),
      status(415, 3, 'invalid gRPC request content-type ""'),
    );
    assert.deepEqual(
      unary({ ":method": "GET", "content-type": "x" }),
      status(415, 3, 'invalid gRPC request content-type "x"'),
    );
    for (const type of ["application/grpc+proto", "application/grpc;proto"]) {
      assert.equal(unary({ "content-type": type })[0], `HEADERS 1 ${HEAD}+proto`);
    }
  });

  it("timeouts", () => {
    const malformed = (reason: string) => status(400, 13, `malformed grpc-timeout: ${reason}`);
    const of = (value: string) => unary({ "grpc-timeout": value });
    assert.deepEqual(of("10"), malformed('transport: timeout unit is not recognized: "10"'));
    assert.deepEqual(of("S"), malformed('transport: timeout string is too short: "S"'));
    assert.deepEqual(of("123456789S"), malformed('transport: timeout string is too long: "123456789S"'));
    assert.deepEqual(of("-1S"), malformed('strconv.ParseUint: parsing "-1": invalid syntax'));
    assert.deepEqual(of("1 S"), malformed('strconv.ParseUint: parsing "1 ": invalid syntax'));
    assert.deepEqual(of("1n"), status(200, 4, "context deadline exceeded"));
    assert.deepEqual(of("0S"), status(200, 4, "context deadline exceeded"));
    for (const good of ["1H", "1M", "10S", "10000m", "99999999u", "99999999n"]) {
      assert.equal(of(good).length, 3, good);
    }
  });

  it("binary metadata", () => {
    const broken = (value: string, at: number) =>
      status(
        400,
        13,
        `malformed binary metadata "${value}" in header "x-bin": illegal base64 data at input byte ${at}`,
      );
    for (const [value, at] of [
      ["!", 0],
      ["YQ!", 2],
      ["a", 0],
      ["YQ=a", 2],
      ["YQ==YQ==", 4],
      ["=aaa", 0],
      ["YQ=", 2],
    ] as const) {
      assert.deepEqual(unary({ "x-bin": value }), broken(value, at), value);
    }
    for (const good of ["YQ", "YQ==", "", "YWI=", "YWJj"])
      assert.equal(unary({ "x-bin": good }).length, 3, good);
  });

  it("fields that HTTP/2 forbids reset the stream", () => {
    const reset = ["RST_STREAM 1 PROTOCOL_ERROR"];
    for (const changes of [
      { Foo: "x" },
      { "fo o": "x" },
      { foo: "a\nb" },
      { connection: "close" },
      { ":foo": "x" },
      { "": "x" },
    ]) {
      assert.deepEqual(unary(changes), reset, JSON.stringify(changes));
    }
    const client = echoClient();
    client.send(client.headers([...requestFields(ECHO), ":method", "POST"]).frame);
    assert.deepEqual(client.read(), reset);
    const twice = echoClient();
    twice.send(twice.headers([":method", "POST", ...requestFields(ECHO)]).frame);
    assert.deepEqual(twice.read(), reset);
  });

  it("two hosts", () => {
    const client = echoClient();
    client.send(client.headers([...requestFields(ECHO), "host", "a", "host", "b"], true).frame);
    const text =
      "num values of :authority: 1, num values of host: 2, both must only have 1 value as per HTTP/2 spec";
    assert.deepEqual(client.read(), status(400, 13, text));
  });

  it("messages that are missing, broken off or too long", () => {
    assert.deepEqual(unary({}, Buffer.alloc(0)), status(200, 2, "EOF"));
    assert.deepEqual(unary({}, Buffer.from("0000", "hex")), status(200, 2, "EOF"));
    assert.deepEqual(unary({}, Buffer.from("00000000030a", "hex")), status(200, 2, "unexpected EOF"));
    const large = "grpc: received message larger than max (4294967295 vs. 1000)";
    assert.deepEqual(unary({}, Buffer.from("00ffffffff0a", "hex")), status(200, 8, large));
    const headersOnly = echoClient();
    headersOnly.openStream(ECHO, {}, true);
    assert.deepEqual(headersOnly.read(), status(200, 2, "EOF"));
  });

  it("a length prefix in pieces is judged as well", () => {
    const client = echoClient({ maxReceiveMessageBytes: 10 });
    const id = client.openStream(ECHO);
    client.send(client.data(id, Buffer.from("0000", "hex")), client.data(id, Buffer.from("00000b", "hex")));
    const lines = client.read();
    assert.deepEqual(lines, [
      ...status(200, 8, "grpc: received message larger than max (11 vs. 10)"),
      "RST_STREAM 1 NO_ERROR",
    ]);
  });

  it("compression", () => {
    const gzip = { "grpc-encoding": "gzip" };
    const whole = unary(gzip, message(gzipSync("hello"), 1));
    assert.equal(whole[0], `HEADERS 1 ${HEAD} grpc-encoding=gzip`);
    assert.ok(whole[1]!.startsWith("DATA 1 01"));
    assert.ok(unary(gzip)[1]!.startsWith("DATA 1 01"), "a plain request is answered compressed too");
    for (const none of ["identity", ""])
      assert.equal(unary({ "grpc-encoding": none })[1], "DATA 1 000000000161");
    const unknown = 'grpc: Decompressor is not installed for grpc-encoding "snappy"';
    assert.deepEqual(unary({ "grpc-encoding": "snappy" }), status(200, 12, unknown));
    const unflagged = "grpc: compressed flag set with identity or empty encoding";
    assert.deepEqual(unary({}, message("a", 1)), status(200, 13, unflagged));
    assert.deepEqual(unary({ "grpc-encoding": "identity" }, message("a", 1)), status(200, 13, unflagged));
    assert.deepEqual(
      unary({}, message("a", 2)),
      status(200, 13, "grpc: received unexpected payload format 2"),
    );
    const header = (reason: string) => status(200, 13, `grpc: failed to decompress the message: ${reason}`);
    const data = (reason: string) => status(200, 13, `grpc: failed to read decompressed data: ${reason}`);
    const packed = gzipSync("hello hello hello hello");
    const changed = (at: number, byte: number): Buffer => {
      const copy = Buffer.from(packed);
      copy[at < 0 ? copy.length + at : at]! ^= byte;
      return copy;
    };
    const of = (body: Buffer | string): string[] => unary(gzip, message(body, 1));
    assert.deepEqual(of(""), header("EOF"));
    assert.deepEqual(of("abc"), header("unexpected EOF"));
    assert.deepEqual(of("x".repeat(30)), header("gzip: invalid header"));
    assert.deepEqual(of(packed.subarray(0, 10)), data("unexpected EOF"));
    assert.deepEqual(of(packed.subarray(0, packed.length - 8)), data("unexpected EOF"));
    assert.deepEqual(of(changed(-6, 1)), data("gzip: invalid checksum"));
    assert.deepEqual(of(changed(-1, 1)), data("gzip: invalid checksum"));
    assert.deepEqual(of(changed(10, 0xff)), data("flate: corrupt input"));
    const bomb = unary(gzip, message(gzipSync(Buffer.alloc(100_000)), 1));
    assert.ok(bomb[0]!.includes("grpc-status=8"), bomb[0]);
  });
});

describe("cancelling", () => {
  function pending(): { client: WireClient; calls: UnaryCall[]; reasons: CancelReason[] } {
    const client = new WireClient();
    const calls: UnaryCall[] = [];
    const reasons: CancelReason[] = [];
    client.addUnary(
      ECHO,
      (call) => calls.push(call),
      (_call, reason) => reasons.push(reason),
    );
    return { client: client.shakeHands(), calls, reasons };
  }

  it("by RST_STREAM", () => {
    const { client, calls, reasons } = pending();
    client.call(ECHO, "a");
    client.send(frame(FrameType.RST_STREAM, 0, 1, uint32(8)));
    assert.deepEqual(reasons, [CancelReason.RESET]);
    assert.equal(calls[0]!.cancelled, true);
    calls[0]!.respond(Buffer.from("late"));
    assert.deepEqual(client.read(), []);
  });

  it("by the deadline", () => {
    const { client, calls, reasons } = pending();
    client.call(ECHO, "a", { "grpc-timeout": "50m" });
    assert.equal(calls[0]!.deadline, 1050);
    const [stream] = [...client.deadlines];
    stream!.onDeadline();
    assert.deepEqual(reasons, [CancelReason.DEADLINE]);
    assert.equal(client.deadlines.size, 1, "the wheel has let go of it before it calls");
    assert.deepEqual(client.read(), [
      `HEADERS 1 END_STREAM ${HEAD} grpc-status=4 grpc-message=context deadline exceeded`,
    ]);
  });

  it("an answer in time takes the deadline away", () => {
    const { client, calls } = pending();
    client.call(ECHO, "a", { "grpc-timeout": "50m" });
    for (const stream of client.deadlines) stream.wheelSlot = 0;
    calls[0]!.respond(Buffer.alloc(0));
    assert.equal(client.deadlines.size, 0);
    assert.equal(calls[0]!.cancelled, false);
  });

  it("by the loss of the connection", () => {
    const { client, calls, reasons } = pending();
    client.call(ECHO, "a");
    client.connection.close(CancelReason.CONNECTION_LOST);
    assert.deepEqual(reasons, [CancelReason.CONNECTION_LOST]);
    assert.equal(calls[0]!.finished, true);
  });

  it("a client that resets without end is sent away", () => {
    const client = new WireClient({ resetBurstMax: 3, resetsPerSecond: 1 });
    client.addUnary(ECHO, () => {});
    client.shakeHands();
    for (let i = 0; i < 4; i++) {
      const id = client.call(ECHO, "a");
      client.time += 500;
      client.send(frame(FrameType.RST_STREAM, 0, id, uint32(8)));
    }
    assert.deepEqual(client.read(), []);
    for (let i = 0; i < 3; i++)
      client.send(frame(FrameType.RST_STREAM, 0, client.call(ECHO, "a"), uint32(8)));
    assert.deepEqual(client.read(), ["GOAWAY 9 ENHANCE_YOUR_CALM too_many_resets"]);
  });
});

describe("streams", () => {
  it("messages both ways, half-close, an end with status", () => {
    const { client, calls } = streamClient();
    const id = client.openStream(STREAM);
    client.send(client.data(id, Buffer.concat([message("a"), message("bc")])));
    const { call, heard } = calls[0]!;
    assert.equal(call.send(Buffer.from("x")), true);
    assert.deepEqual(client.read(), [`HEADERS 1 ${HEAD}`, "DATA 1 000000000178"]);
    client.send(client.data(id, message("d"), true));
    assert.deepEqual(heard, ["a", "bc", "d", "half-close"]);
    call.end(Code.ABORTED, "enough");
    assert.deepEqual(client.read(), ["HEADERS 1 END_STREAM grpc-status=10 grpc-message=enough"]);
  });

  it("small messages of a turn share a frame", () => {
    const { client, calls } = streamClient();
    client.openStream(STREAM);
    for (const text of ["a", "b"]) calls[0]!.call.send(Buffer.from(text));
    calls[0]!.call.send(Buffer.alloc(16_375));
    calls[0]!.call.send(Buffer.from("c"));
    calls[0]!.call.end();
    assert.deepEqual(client.read(), [
      `HEADERS 1 ${HEAD}`,
      "DATA 1 000000000161000000000162",
      "DATA 1 16380 bytes",
      "DATA 1 000000000163",
      "HEADERS 1 END_STREAM grpc-status=0",
      "RST_STREAM 1 NO_ERROR",
    ]);
  });

  it("ends without a message", () => {
    const { client, calls } = streamClient();
    client.openStream(STREAM, {}, true);
    calls[0]!.call.end();
    assert.deepEqual(client.read(), [`HEADERS 1 END_STREAM ${HEAD} grpc-status=0`]);
  });

  it("trailers of the client end the request", () => {
    const { client, calls } = streamClient();
    const id = client.openStream(STREAM);
    client.send(
      frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, id, client.block(["foo", "bar"])),
    );
    assert.deepEqual(calls[0]!.heard, ["half-close"]);
  });

  it("a broken message ends the stream and the service hears of it", () => {
    const { client, calls } = streamClient({ maxReceiveMessageBytes: 5 });
    const id = client.openStream(STREAM);
    client.send(client.data(id, Buffer.concat([message("ok"), message("too long")])));
    assert.deepEqual(calls[0]!.heard, ["ok", `cancel ${CancelReason.REFUSED}`]);
    assert.equal(
      client.read()[0],
      `HEADERS 1 END_STREAM ${HEAD} grpc-status=8 grpc-message=grpc: received message larger than max (8 vs. 5)`,
    );
  });

  it("a paused stream takes no messages and gets no window", () => {
    const { client, calls } = streamClient();
    const id = client.openStream(STREAM);
    const { call, heard } = calls[0]!;
    call.pause();
    for (let i = 0; i < 4; i++) client.send(client.data(id, message(Buffer.alloc(16_000))));
    client.send(client.data(id, message("last"), true));
    assert.deepEqual(heard, []);
    assert.deepEqual(client.read(), []);
    call.resume();
    assert.deepEqual(heard, [
      "16000 bytes",
      "16000 bytes",
      "16000 bytes",
      "16000 bytes",
      "last",
      "half-close",
    ]);
    client.connection.close(CancelReason.CONNECTION_LOST);
  });

  it("a stream that pauses itself at each message hears one at a time", () => {
    const client = new WireClient();
    const heard: string[] = [];
    let stream: StreamCall | undefined;
    client.addStream(STREAM, (call) => {
      stream = call;
      const onMessage = (bytes: Buffer) => {
        heard.push(bytes.toString());
        call.pause();
      };
      return { onMessage, onHalfClose: () => heard.push("end"), onCancel() {}, onDrain() {} };
    });
    client.shakeHands();
    const id = client.openStream(STREAM);
    client.send(client.data(id, Buffer.concat(["a", "b", "c"].map((text) => message(text))), true));
    assert.deepEqual(heard, ["a"]);
    stream!.resume();
    assert.deepEqual(heard, ["a", "b"]);
    stream!.resume();
    stream!.resume();
    assert.deepEqual(heard, ["a", "b", "c", "end"]);
  });

  it("server streams get their one request when the client has half-closed", () => {
    const client = new WireClient();
    const heard: string[] = [];
    client.addServerStream(STREAM, (call, request) => {
      heard.push(request.toString());
      call.send(request);
      return { onCancel: (reason) => heard.push(`cancel ${reason}`), onDrain() {} };
    });
    client.shakeHands();
    const id = client.openStream(STREAM);
    client.send(client.data(id, message("go")));
    assert.deepEqual(heard, []);
    client.send(client.data(id, Buffer.alloc(0), true));
    client.send(frame(FrameType.RST_STREAM, 0, id, uint32(8)));
    assert.deepEqual(heard, ["go", `cancel ${CancelReason.RESET}`]);
    assert.deepEqual(client.read(), [`HEADERS 1 ${HEAD}`, "DATA 1 0000000002676f"]);
  });

  it("server streams without a request, with half of one, with two", () => {
    const statusOf = (body: Buffer): string => {
      const client = new WireClient();
      client.addServerStream(STREAM, () => assert.fail("not served"));
      client.shakeHands();
      const id = client.openStream(STREAM);
      client.send(client.data(id, body, true));
      return client.read()[0]!.replace(`HEADERS 1 END_STREAM ${HEAD} grpc-status=`, "");
    };
    const violation = "13 grpc-message=cardinality violation: received";
    const none = `${violation} no request message from non-client-streaming RPC`;
    assert.equal(statusOf(Buffer.alloc(0)), none);
    assert.equal(statusOf(Buffer.alloc(3)), none);
    assert.equal(statusOf(message("abc").subarray(0, 6)), "13 grpc-message=unexpected EOF");
    const two = Buffer.concat([message("a"), message("b")]);
    assert.equal(statusOf(two), `${violation} multiple request messages for non-client-streaming RPC`);
  });

  it("a stream that ends within a message", () => {
    const { client, calls } = streamClient();
    const id = client.openStream(STREAM);
    client.send(client.data(id, message("abc").subarray(0, 6), true));
    assert.deepEqual(calls[0]!.heard, [`cancel ${CancelReason.REFUSED}`]);
    assert.ok(client.read()[0]!.endsWith("grpc-status=13 grpc-message=unexpected EOF"));
  });
});

describe("flow control", () => {
  const bytesOf = (lines: string[]): number =>
    lines.reduce((sum, line) => {
      const [kind, , rest = ""] = line.split(" ", 3);
      if (kind !== "DATA") return sum;
      return sum + (line.endsWith("bytes") ? Number(rest) : rest.length / 2);
    }, 0);

  it("an answer waits for the stream's window, then for the connection's", () => {
    const client = new WireClient();
    client.addUnary(ECHO, (call) => call.respond(Buffer.alloc(99_995)));
    client.shakeHands([Setting.INITIAL_WINDOW_SIZE, 20_000]);
    client.call(ECHO, "");
    assert.equal(bytesOf(client.read()), 20_000);
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 1, uint32(80_000)));
    assert.equal(bytesOf(client.read()), 45_535);
    assert.deepEqual(client.read(), []);
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(100_000)));
    const last = client.read();
    assert.equal(bytesOf(last), 34_465);
    assert.equal(last.at(-1), "HEADERS 1 END_STREAM grpc-status=0");
  });

  it("a change of the initial window applies to open streams, also below zero", () => {
    const client = new WireClient();
    client.addUnary(ECHO, (call) => call.respond(Buffer.alloc(10_995)));
    client.shakeHands([Setting.INITIAL_WINDOW_SIZE, 1000]);
    client.call(ECHO, "");
    assert.equal(bytesOf(client.read()), 1000);
    client.send(settings([Setting.INITIAL_WINDOW_SIZE, 0]));
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 1, uint32(900)));
    assert.equal(bytesOf(client.read()), 0);
    client.send(settings([Setting.INITIAL_WINDOW_SIZE, 10_000]));
    assert.equal(bytesOf(client.read()), 9900);
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 1, uint32(100)));
    assert.equal(client.read().at(-1), "HEADERS 1 END_STREAM grpc-status=0");
  });

  it("streams take turns", () => {
    const client = new WireClient();
    const calls: UnaryCall[] = [];
    client.addUnary(ECHO, (call) => calls.push(call));
    client.shakeHands();
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(1_000_000)));
    client.call(ECHO, "");
    client.call(ECHO, "");
    client.connection.outgoing.socketFull = true;
    for (const call of calls) call.respond(Buffer.alloc(40_000));
    client.read();
    client.connection.outgoing.socketFull = false;
    const order = client
      .read()
      .filter((line) => line.startsWith("DATA"))
      .map((line) => line[5]);
    assert.deepEqual(order, ["1", "3", "1", "3", "1", "3"]);
  });

  it("a turn writes no more than its share", () => {
    const client = new WireClient();
    client.addUnary(ECHO, (call) => call.respond(Buffer.alloc(2_000_000)));
    client.shakeHands([Setting.INITIAL_WINDOW_SIZE, 10_000_000]);
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(10_000_000)));
    client.call(ECHO, "");
    const first = client.readBytes().length;
    assert.ok(first >= 524_288 && first < 600_000, String(first));
    assert.equal(client.connection.outgoing.wantsTurn, true);
  });

  it("a message that is larger than the window gets the window it needs", () => {
    const client = echoClient({ connectionWindowBytes: 4_000_000, maxReceiveMessageBytes: 2_000_000 });
    const id = client.openStream(ECHO);
    const body = message(Buffer.alloc(1_000_000, 7));
    client.send(client.data(id, body.subarray(0, 10)));
    assert.deepEqual(client.read(), ["WINDOW_UPDATE 1 934470"]);
    for (let at = 10; at < body.length; at += 16_384) {
      const end = Math.min(at + 16_384, body.length);
      client.send(client.data(id, body.subarray(at, end), end === body.length));
    }
    const lines = client.read();
    assert.equal(lines.filter((line) => line.startsWith("WINDOW_UPDATE 1")).length, 0);
    assert.equal(bytesOf(lines), 65_535);
  });

  it("more than the window: the stream's, then the connection's", () => {
    const { client, calls } = streamClient({ connectionWindowBytes: 65_535 });
    const id = client.openStream(STREAM);
    calls[0]!.call.pause();
    for (let i = 0; i < 3; i++) client.send(client.data(id, Buffer.alloc(16_384)));
    client.send(client.data(id, Buffer.alloc(16_383)));
    client.read();
    client.send(client.data(id, Buffer.alloc(1)));
    assert.deepEqual(client.read().at(-1), "RST_STREAM 1 FLOW_CONTROL_ERROR");
    assert.deepEqual(calls[0]!.heard, [`cancel ${CancelReason.REFUSED}`]);
  });

  it("window updates of zero and overflows", () => {
    const zero = uint32(0);
    const most = uint32(2 ** 31 - 1);
    const update = (id: number, bytes: Buffer) => frame(FrameType.WINDOW_UPDATE, 0, id, bytes);
    assert.deepEqual(answerTo(update(0, zero)), ["GOAWAY 0 PROTOCOL_ERROR WINDOW_UPDATE of 0"]);
    assert.deepEqual(answerTo(update(0, most)), ["GOAWAY 0 FLOW_CONTROL_ERROR connection window overflow"]);
    for (const [bytes, code] of [
      [zero, "PROTOCOL_ERROR"],
      [most, "FLOW_CONTROL_ERROR"],
    ] as const) {
      const { client } = streamClient();
      client.openStream(STREAM);
      client.send(update(1, bytes));
      assert.deepEqual(client.read(), [`RST_STREAM 1 ${code}`]);
    }
  });

  it("a service that sends without regard is told, and cut off at the hard limit", () => {
    const { client, calls } = streamClient({ streamHighWaterBytes: 100_000, streamQueueBytesMax: 300_000 });
    client.openStream(STREAM);
    const { call, heard } = calls[0]!;
    const send = () => call.send(Buffer.alloc(60_000));
    assert.deepEqual([send(), send(), send()], [true, true, false]);
    client.read();
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(50_000)));
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 1, uint32(50_000)));
    client.read();
    assert.deepEqual(heard, ["drain"]);
    for (let i = 0; i < 6; i++) send();
    assert.equal(call.finished, true);
    assert.deepEqual(heard, ["drain", `cancel ${CancelReason.REFUSED}`]);
    assert.equal(client.connection.outgoing.queuedBytes, 0);
    assert.ok(client.read().some((line) => line.includes("grpc-status=8")));
  });

  it("while too many answers wait, requests wait too", () => {
    const client = new WireClient({ connectionQueueBytesMax: 100_000 });
    let served = 0;
    client.addUnary(ECHO, (call) => {
      served++;
      call.respond(Buffer.alloc(120_000));
    });
    client.shakeHands([Setting.INITIAL_WINDOW_SIZE, 1_000_000]);
    for (let i = 0; i < 5; i++) client.call(ECHO, "");
    assert.equal(served, 2);
    client.send(frame(FrameType.RST_STREAM, 0, 7, uint32(8)));
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(1_000_000)));
    client.read();
    client.read();
    assert.equal(served, 4, "the one that was cancelled meanwhile is not served");
  });

  it("while the socket is full, requests wait", () => {
    const client = new WireClient();
    let served = 0;
    client.addUnary(ECHO, (call) => {
      served++;
      call.respond(Buffer.alloc(3));
    });
    client.shakeHands();
    client.connection.outgoing.socketFull = true;
    for (let i = 0; i < 3; i++) client.call(ECHO, "");
    client.read();
    assert.equal(served, 0);
    client.connection.outgoing.socketFull = false;
    client.read();
    client.read();
    assert.equal(served, 3);
  });

  it("what a turn has no room for is not answered before the next", () => {
    const client = new WireClient();
    let served = 0;
    client.addUnary(ECHO, (call) => {
      served++;
      call.respond(Buffer.alloc(200_000));
    });
    client.shakeHands([Setting.INITIAL_WINDOW_SIZE, 1_000_000]);
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(10_000_000)));
    for (let i = 0; i < 6; i++) client.call(ECHO, "");
    assert.equal(served, 3);
    client.read();
    for (let turn = 0; turn < 3; turn++) client.read();
    assert.equal(served, 6);
  });

  it("a large answer in parts is the parts, one behind the other", () => {
    const client = new WireClient();
    const parts = [Buffer.alloc(400_000, 1), Buffer.alloc(0), Buffer.alloc(300_000, 2)];
    client.addUnary(ECHO, (call) => call.respondParts(parts));
    client.shakeHands([Setting.INITIAL_WINDOW_SIZE, 1_000_000]);
    client.send(frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(10_000_000)));
    client.call(ECHO, "");
    const lines = [...client.read(), ...client.read()];
    assert.equal(bytesOf(lines), 700_005);
    assert.ok(lines.at(-1)!.includes("grpc-status=0"));
  });

  it("incomplete messages are bounded per connection", () => {
    const client = echoClient({ connectionBufferBytesMax: 30_000 });
    const ids = [1, 2, 3, 4].map(() => client.openStream(ECHO));
    for (const id of ids) client.send(client.data(id, message(Buffer.alloc(10_000)).subarray(0, 10_000)));
    const lines = client.read();
    assert.equal(lines.length, 2);
    assert.ok(lines[0]!.startsWith("HEADERS 7 END_STREAM") && lines[0]!.includes("grpc-status=8"), lines[0]);
    client.send(client.data(ids[0]!, Buffer.alloc(5), true));
    client.send(client.data(ids[1]!, Buffer.alloc(5), true));
    const fresh = client.openStream(ECHO);
    client.send(client.data(fresh, message(Buffer.alloc(10_000)).subarray(0, 10_000)));
    assert.equal(client.read().filter((line) => line.includes("grpc-status=0")).length, 2);
  });
});

describe("frames", () => {
  const openTwo = (): WireClient => {
    const client = new WireClient();
    client.addUnary(ECHO, () => {});
    return client.shakeHands();
  };

  it("padding and priority are stripped", () => {
    const client = echoClient();
    const block = client.block(requestFields(ECHO));
    const headers = Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 9]), block, Buffer.alloc(3)]);
    const flags = Flag.END_HEADERS | Flag.PADDED | Flag.PRIORITY;
    const data = Buffer.concat([Buffer.from([2]), message("a"), Buffer.alloc(2)]);
    client.send(frame(FrameType.HEADERS, flags, 1, headers));
    client.send(frame(FrameType.DATA, Flag.PADDED | Flag.END_STREAM, 1, data));
    assert.equal(client.read()[1], "DATA 1 000000000161");
  });

  it("a header block in many frames", () => {
    const client = echoClient();
    const block = client.block(requestFields(ECHO, { filler: "x".repeat(300) }));
    client.send(frame(FrameType.HEADERS, 0, 1, block.subarray(0, 1)));
    for (let at = 1; at < block.length - 1; at++) {
      if (at % 64 === 1)
        client.send(
          frame(FrameType.CONTINUATION, 0, 1, block.subarray(at, Math.min(at + 64, block.length - 1))),
        );
    }
    client.send(frame(FrameType.CONTINUATION, Flag.END_HEADERS, 1, block.subarray(block.length - 1)));
    client.send(client.data(1, message("a"), true));
    assert.equal(client.read()[1], "DATA 1 000000000161");
  });

  it("a header block without end", () => {
    const client = new WireClient({ maxHeaderListBytes: 1000 }).shakeHands();
    client.send(frame(FrameType.HEADERS, 0, 1, Buffer.alloc(600)));
    client.send(frame(FrameType.CONTINUATION, 0, 1, Buffer.alloc(600)));
    assert.deepEqual(client.read(), ["GOAWAY 1 ENHANCE_YOUR_CALM header block too long"]);
    const small = new WireClient({ maxHeaderListBytes: 1000 }).shakeHands();
    small.send(frame(FrameType.HEADERS, 0, 1));
    for (let i = 0; i < 20; i++) small.send(frame(FrameType.CONTINUATION, 0, 1));
    assert.deepEqual(small.read(), ["GOAWAY 1 ENHANCE_YOUR_CALM header block too long"]);
  });

  it("a header list that is too large costs only its stream", () => {
    const client = echoClient({ maxHeaderListBytes: 1000 });
    client.openStream(ECHO, { filler: "x".repeat(1000) });
    client.call(ECHO, "a");
    const lines = client.read();
    assert.equal(lines[0], "RST_STREAM 1 FRAME_SIZE_ERROR");
    assert.equal(lines[2], "DATA 3 000000000161");
  });

  it("more streams than allowed", () => {
    const client = new WireClient({ maxConcurrentStreams: 1 });
    client.addUnary(ECHO, () => {});
    client.shakeHands();
    client.call(ECHO, "a");
    client.call(ECHO, "b");
    assert.deepEqual(client.read(), ["RST_STREAM 3 REFUSED_STREAM"]);
  });

  it("what is ignored: unknown frames, PRIORITY, GOAWAY, unknown settings, frames of ended streams", () => {
    const client = echoClient();
    client.call(ECHO, "a");
    client.read();
    client.send(
      frame(0x20, 0xff, 1, Buffer.alloc(10)),
      frame(FrameType.PRIORITY, 0, 3, Buffer.alloc(5)),
      frame(FrameType.GOAWAY, 0, 0, Buffer.alloc(8)),
      frame(FrameType.SETTINGS, Flag.ACK, 0),
      frame(FrameType.WINDOW_UPDATE, 0, 1, uint32(5)),
      frame(FrameType.RST_STREAM, 0, 1, uint32(8)),
      frame(FrameType.DATA, 0, 1, Buffer.alloc(5)),
    );
    assert.deepEqual(client.read(), []);
    client.send(settings([99, 5], [Setting.MAX_FRAME_SIZE, 100_000]));
    assert.deepEqual(client.read(), ["SETTINGS ACK"]);
  });

  it("what ends the connection", () => {
    const table: [number, number, number, Buffer, string][] = [
      [FrameType.DATA, 0, 0, Buffer.alloc(1), "PROTOCOL_ERROR DATA on a stream that was never opened"],
      [FrameType.DATA, 0, 7, Buffer.alloc(1), "PROTOCOL_ERROR DATA on a stream that was never opened"],
      [FrameType.HEADERS, 4, 2, Buffer.alloc(0), "PROTOCOL_ERROR received an illegal stream id: 2"],
      [FrameType.HEADERS, 4, 0, Buffer.alloc(0), "PROTOCOL_ERROR received an illegal stream id: 0"],
      [FrameType.PRIORITY, 0, 3, Buffer.alloc(4), "FRAME_SIZE_ERROR PRIORITY of wrong length"],
      [
        FrameType.RST_STREAM,
        0,
        9,
        Buffer.alloc(4),
        "PROTOCOL_ERROR RST_STREAM on a stream that was never opened",
      ],
      [
        FrameType.RST_STREAM,
        0,
        0,
        Buffer.alloc(4),
        "PROTOCOL_ERROR RST_STREAM on a stream that was never opened",
      ],
      [FrameType.RST_STREAM, 0, 0, Buffer.alloc(3), "FRAME_SIZE_ERROR RST_STREAM of wrong length"],
      [FrameType.SETTINGS, 0, 1, Buffer.alloc(0), "PROTOCOL_ERROR SETTINGS on a stream"],
      [FrameType.SETTINGS, 0, 0, Buffer.alloc(5), "FRAME_SIZE_ERROR SETTINGS of wrong length"],
      [FrameType.SETTINGS, 1, 0, Buffer.alloc(6), "FRAME_SIZE_ERROR SETTINGS of wrong length"],
      [
        FrameType.SETTINGS,
        0,
        0,
        Buffer.from("000200000002", "hex"),
        "PROTOCOL_ERROR ENABLE_PUSH is neither 0 nor 1",
      ],
      [
        FrameType.SETTINGS,
        0,
        0,
        Buffer.from("0004ffffffff", "hex"),
        "FLOW_CONTROL_ERROR initial window too large",
      ],
      [
        FrameType.SETTINGS,
        0,
        0,
        Buffer.from("000500000001", "hex"),
        "PROTOCOL_ERROR MAX_FRAME_SIZE out of range",
      ],
      [FrameType.PUSH_PROMISE, 4, 1, Buffer.alloc(4), "PROTOCOL_ERROR PUSH_PROMISE from a client"],
      [FrameType.PING, 0, 1, Buffer.alloc(8), "PROTOCOL_ERROR PING on a stream"],
      [FrameType.PING, 0, 0, Buffer.alloc(7), "FRAME_SIZE_ERROR PING of wrong length"],
      [FrameType.GOAWAY, 0, 1, Buffer.alloc(8), "PROTOCOL_ERROR GOAWAY on a stream"],
      [FrameType.WINDOW_UPDATE, 0, 0, Buffer.alloc(3), "FRAME_SIZE_ERROR WINDOW_UPDATE of wrong length"],
      [
        FrameType.WINDOW_UPDATE,
        0,
        9,
        uint32(1),
        "PROTOCOL_ERROR WINDOW_UPDATE on a stream that was never opened",
      ],
      [FrameType.CONTINUATION, 4, 1, Buffer.alloc(4), "PROTOCOL_ERROR CONTINUATION without HEADERS"],
    ];
    for (const [type, flags, id, payload, text] of table) {
      assert.deepEqual(answerTo(frame(type, flags, id, payload)), [`GOAWAY 0 ${text}`]);
    }
    assert.deepEqual(answerTo(Buffer.from("004001000000000001", "hex")), [
      "GOAWAY 0 FRAME_SIZE_ERROR frame of 16385 bytes",
    ]);
    assert.deepEqual(answerTo(frame(FrameType.HEADERS, 4, 1, Buffer.from("80", "hex"))), [
      "GOAWAY 1 COMPRESSION_ERROR index 0",
    ]);
    const padded = Flag.PADDED | Flag.END_HEADERS;
    assert.deepEqual(answerTo(frame(FrameType.HEADERS, padded, 1, Buffer.from([9, 0x82]))), [
      "GOAWAY 1 PROTOCOL_ERROR more padding than payload",
    ]);
  });

  it("what else ends the connection, once streams are open", () => {
    const cases: [(client: WireClient) => Buffer, string][] = [
      [
        (client) => frame(FrameType.DATA, Flag.PADDED, client.openStream(ECHO), Buffer.from([200, 1])),
        "PROTOCOL_ERROR more padding than payload",
      ],
      [
        (client) => {
          client.openStream(ECHO);
          client.openStream(ECHO);
          client.call(ECHO, "a");
          client.send(frame(FrameType.RST_STREAM, 0, 1, uint32(8)));
          return frame(FrameType.HEADERS, 4, 1, client.block(["a", "b"]));
        },
        "PROTOCOL_ERROR received an illegal stream id: 1",
      ],
      [
        () => Buffer.concat([frame(FrameType.HEADERS, 0, 1), frame(FrameType.DATA, 0, 1)]),
        "PROTOCOL_ERROR header block interrupted",
      ],
      [
        () => Buffer.concat([frame(FrameType.HEADERS, 0, 1), frame(FrameType.CONTINUATION, 4, 3)]),
        "PROTOCOL_ERROR header block interrupted",
      ],
    ];
    for (const [build, text] of cases) {
      const client = openTwo();
      client.send(build(client));
      const lines = client.read();
      assert.equal(lines.at(-1)?.replace(/^GOAWAY \d+ /, ""), text);
    }
  });

  it("data after the end resets the stream", () => {
    const client = openTwo();
    const id = client.call(ECHO, "a");
    client.send(client.data(id, message("b"), true));
    assert.deepEqual(client.read(), ["RST_STREAM 1 STREAM_CLOSED"]);
  });

  it("nothing is handled after the end", () => {
    const client = echoClient();
    client.send(frame(FrameType.PING, 0, 1, Buffer.alloc(8)));
    client.read();
    client.call(ECHO, "a");
    assert.deepEqual(client.read(), []);
  });

  it("frames of a turn are bounded; the rest waits for the next", () => {
    const client = echoClient();
    const parts: Buffer[] = [];
    for (let i = 0; i < 1000; i++) {
      const { id, frame: head } = client.headers(requestFields(ECHO));
      parts.push(head, client.data(id, message("a"), true));
    }
    client.send(...parts);
    assert.equal(client.resumes, true);
    const answers = (): number => client.read().filter((line) => line.startsWith("DATA")).length;
    client.resumes = false;
    assert.equal(answers(), 512);
    client.connection.resume();
    assert.equal(answers(), 488);
    assert.equal(client.resumes, false);
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const client = echoClient();
        client.send(bytes);
        client.read();
      }),
      { numRuns: 300 },
    );
    const anyFrame = fc
      .tuple(
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 7 }),
        fc.uint8Array({ maxLength: 60 }),
      )
      .map(([type, flags, id, payload]) => frame(type, flags, id, payload));
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 30 }), (frames) => {
        const { client } = streamClient();
        client.openStream(STREAM);
        client.send(...frames);
        client.read();
        client.connection.close(CancelReason.CONNECTION_LOST);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("pings and the end", () => {
  const ping = frame(FrameType.PING, 0, 0, Buffer.from("abcdefgh"));
  const answer = "PING ACK 6162636465666768";

  it("the third early ping is one too many", () => {
    const client = echoClient();
    client.read();
    for (let i = 0; i < 3; i++) {
      client.send(ping);
      client.time += 6000;
      assert.deepEqual(client.read(), [answer]);
    }
    client.send(ping);
    assert.deepEqual(client.read(), [answer, "GOAWAY 0 ENHANCE_YOUR_CALM too_many_pings"]);
  });

  it("with an open call pings may come as often as allowed", () => {
    const { client } = streamClient();
    client.openStream(STREAM);
    for (let i = 0; i < 10; i++) {
      client.time += 5000;
      client.send(ping);
    }
    assert.equal(client.read().length, 10);
    for (let i = 0; i < 3; i++) client.send(ping);
    assert.ok(client.read().at(-1)!.startsWith("GOAWAY"));
  });

  it("answers in between wipe the strikes out", () => {
    const client = echoClient();
    for (let i = 0; i < 10; i++) {
      client.call(ECHO, "a");
      client.send(ping);
      client.send(ping);
    }
    assert.ok(!client.read().some((line) => line.startsWith("GOAWAY")));
  });

  it("the graceful end: open calls are finished, late ones served until the client knows", () => {
    const client = new WireClient();
    const calls: UnaryCall[] = [];
    client.addUnary(ECHO, (call) => calls.push(call));
    client.shakeHands();
    client.call(ECHO, "a");
    client.connection.drain();
    const graceful = Buffer.from("graceful");
    assert.deepEqual(client.read(), [
      "GOAWAY 2147483647 NO_ERROR graceful_stop",
      `PING ${graceful.toString("hex")}`,
    ]);
    client.call(ECHO, "b");
    client.send(frame(FrameType.PING, Flag.ACK, 0, graceful));
    assert.deepEqual(client.read(), ["GOAWAY 3 NO_ERROR "]);
    client.call(ECHO, "c");
    assert.equal(calls.length, 2);
    for (const call of calls) {
      assert.equal(client.connection.drained, false);
      call.respond(Buffer.alloc(0));
    }
    assert.equal(client.connection.drained, true);
  });
});

describe("HTTP requests over HTTP/2", () => {
  it("a request with a body and its response", () => {
    const seen: string[] = [];
    const client = new WireClient({}, (request) => {
      seen.push(request.method, request.path, request.authority);
      request.onData = (bytes) => seen.push(bytes.toString());
      request.onEnd = () => {
        request.respond(200, [["Content-Type", "application/json"]]);
        request.write(Buffer.from("{}"));
        request.end();
      };
    }).shakeHands();
    const id = client.openStream("/v3/kv/range", { "content-type": "application/json" });
    client.send(client.data(id, Buffer.from("{")), client.data(id, Buffer.from("}"), true));
    assert.deepEqual(seen, ["POST", "/v3/kv/range", "test", "{", "}"]);
    assert.deepEqual(client.read(), [
      "HEADERS 1 :status=200 content-type=application/json",
      "DATA 1 7b7d",
      "DATA 1 END_STREAM ",
    ]);
  });

  it("gRPC stays gRPC, however badly it is spelled", () => {
    const client = new WireClient({}, () => assert.fail("not HTTP")).shakeHands();
    client.openStream("/version", { "content-type": "application/grpcx" });
    assert.ok(client.read()[0]!.includes(":status=415"));
  });

  it("back-pressure, cancellation", () => {
    const seen: string[] = [];
    const client = new WireClient({ streamHighWaterBytes: 1000 }, (request) => {
      request.pause();
      request.onData = (bytes) => seen.push(`${bytes.length}`);
      request.onCancel = () => seen.push("cancel");
      request.onDrain = () => {
        seen.push("drain");
        request.resume();
      };
      request.respond(200, []);
      seen.push(String(request.write(Buffer.alloc(70_000))));
    }).shakeHands();
    const id = client.openStream("/x", { "content-type": undefined });
    client.send(client.data(id, Buffer.alloc(10)));
    client.send(
      frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(10_000)),
      frame(FrameType.WINDOW_UPDATE, 0, id, uint32(10_000)),
    );
    client.read();
    client.send(frame(FrameType.RST_STREAM, 0, id, uint32(8)));
    assert.deepEqual(seen, ["false", "drain", "10", "cancel"]);
  });
});
