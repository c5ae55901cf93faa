import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, get, type Server as HttpServer } from "node:http";
import http2 from "node:http2";
import { get as httpsGet } from "node:https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { after, afterEach, describe, it } from "node:test";
import { connect as tlsConnect } from "node:tls";
import { PREFACE } from "../http2/frame.ts";
import { GrpcServer } from "./grpc-server.ts";
import type { GrpcServerOptions, ListenerOptions, UnaryCall } from "./types.ts";
import { frame, message, settings } from "./wire-client.ts";

const ECHO = "/test.Echo/Unary";
const STREAM = "/test.Echo/Stream";

const testdata = new URL("../../testdata/", import.meta.url);
const key = readFileSync(new URL("localhost-key.pem", testdata));
const cert = readFileSync(new URL("localhost.pem", testdata));

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function echoServer(options: Partial<GrpcServerOptions> = {}): GrpcServer {
  const server = new GrpcServer(options);
  server.addUnary(ECHO, (call, request) => call.respond(request));
  server.addStream(STREAM, (call) => ({
    onMessage: (bytes) => {
      if (!call.send(bytes)) call.pause();
    },
    onHalfClose: () => call.end(),
    onCancel() {},
    onDrain: () => call.resume(),
  }));
  closers.push(() => void server.stop(0));
  return server;
}

function httpServer(): HttpServer {
  return createHttpServer((request, response) => response.end(`${request.method} ${request.url}`));
}

async function start(
  options: Partial<GrpcServerOptions> = {},
  listener: ListenerOptions = {},
): Promise<{ server: GrpcServer; port: number }> {
  const server = echoServer(options);
  return { server, port: await listen(server.createListener(listener)) };
}

function session(url: string): http2.ClientHttp2Session {
  const client = http2.connect(url, { ca: cert });
  client.on("error", () => {});
  closers.push(() => client.destroy());
  return client;
}

interface Answer {
  headers: http2.IncomingHttpHeaders;
  body: Buffer;
  status: string;
  text: string;
}

function call(
  client: http2.ClientHttp2Session,
  path: string,
  body: Buffer,
  headers: http2.OutgoingHttpHeaders = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = client.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    const answer: Answer = { headers: {}, body: Buffer.alloc(0), status: "", text: "" };
    const takeStatus = (fields: http2.IncomingHttpHeaders): void => {
      answer.status = String(fields["grpc-status"] ?? answer.status);
      answer.text = String(fields["grpc-message"] ?? answer.text);
    };
    const parts: Buffer[] = [];
    stream.on("response", (fields) => {
      answer.headers = fields;
      takeStatus(fields);
    });
    stream.on("trailers", takeStatus);
    stream.on("data", (part: Buffer) => parts.push(part));
    stream.on("close", () => {
      answer.body = Buffer.concat(parts);
      resolve(answer);
    });
    stream.on("error", reject);
    stream.end(body);
  });
}

/** Sends bytes and collects what comes until the server closes. */
function raw(port: number, ...chunks: (string | Uint8Array)[]): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const parts: Buffer[] = [];
    socket.on("data", (part) => parts.push(part));
    socket.on("error", () => {});
    socket.on("close", () => resolve(Buffer.concat(parts)));
    for (const chunk of chunks) socket.write(chunk);
  });
}

function body(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = "";
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve(text));
    }).on("error", reject);
  });
}

describe("with another HTTP/2 client", () => {
  it("unary calls of every size", async () => {
    const { port } = await start({ maxReceiveMessageBytes: 8_000_000 });
    const client = session(`http://127.0.0.1:${port}`);
    for (const size of [0, 1, 100, 16_379, 16_380, 70_000, 3_000_000]) {
      const sent = message(Buffer.alloc(size, size % 251));
      const { body: got, status } = await call(client, ECHO, sent);
      assert.equal(status, "0");
      assert.ok(got.equals(sent), `${size} bytes come back`);
    }
  });

  it("many calls at once on several connections", async () => {
    const { server, port } = await start();
    const clients = [1, 2, 3].map(() => session(`http://127.0.0.1:${port}`));
    const answers = await Promise.all(
      Array.from({ length: 600 }, (_, i) =>
        call(clients[i % 3]!, ECHO, message(`${i}`), { "x-number": `${i}` }),
      ),
    );
    for (const [i, answer] of answers.entries()) assert.equal(answer.body.subarray(5).toString(), `${i}`);
    assert.equal(server.counters()[0]!.handled[0], 600);
    assert.equal(server.connectionCount, 3);
  });

  it("header values of every byte, compressed by the other side", async () => {
    const server = echoServer();
    let seen: string | undefined;
    server.addUnary("/test.Echo/Header", (unary) => {
      seen = unary.metadata.get("x-bytes");
      unary.respond(Buffer.alloc(0));
    });
    const client = session(`http://127.0.0.1:${await listen(server.createListener())}`);
    const bytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i));
    const value = bytes.filter((c) => c === "\t" || (c > "\x20" && c !== "\x7f")).join("");
    assert.equal((await call(client, "/test.Echo/Header", message(""), { "x-bytes": value })).status, "0");
    assert.equal(seen, value);
  });

  it("a stream of 20 MB both ways, with back-pressure", async () => {
    const { port } = await start({ streamHighWaterBytes: 100_000, maxReceiveMessageBytes: 1_000_000 });
    const client = session(`http://127.0.0.1:${port}`);
    const stream = client.request({
      ":method": "POST",
      ":path": STREAM,
      "content-type": "application/grpc",
      te: "trailers",
    });
    let received = 0;
    stream.on("data", (part: Buffer) => {
      received += part.length;
    });
    const one = message(Buffer.alloc(200_000, 9));
    const ended = new Promise<http2.IncomingHttpHeaders>((resolve) => stream.on("trailers", resolve));
    for (let i = 0; i < 100; i++) {
      if (!stream.write(one)) await once(stream, "drain");
    }
    stream.end();
    const trailers = await ended;
    assert.equal(trailers["grpc-status"], "0");
    assert.equal(received, 100 * one.length);
  });

  it("a deadline that passes", async () => {
    const server = echoServer();
    let cancelled: UnaryCall | undefined;
    server.addUnary(
      "/test.Echo/Never",
      () => {},
      (unary) => {
        cancelled = unary;
      },
    );
    const client = session(`http://127.0.0.1:${await listen(server.createListener())}`);
    const answer = await call(client, "/test.Echo/Never", message(""), { "grpc-timeout": "20m" });
    assert.deepEqual([answer.status, answer.text], ["4", "context deadline exceeded"]);
    assert.equal(cancelled?.cancelled, true);
  });

  it("a call whose connection is lost is cancelled", async () => {
    const server = echoServer();
    const lost = new Promise<number>((resolve) => {
      server.addUnary(
        "/test.Echo/Never",
        () => client.destroy(),
        (_call, reason) => resolve(reason),
      );
    });
    const client = session(`http://127.0.0.1:${await listen(server.createListener())}`);
    call(client, "/test.Echo/Never", message("")).catch(() => {});
    assert.equal(await lost, 2);
  });

  it("a large answer to a connection that is gone ends with it", async () => {
    const server = echoServer();
    let accepted: Socket | undefined;
    const listener = createServer((socket) => {
      accepted = socket;
      server.handleConnection(socket);
    });
    closers.push(() => listener.close());
    server.addUnary("/test.Echo/Large", (call) => {
      call.respond(Buffer.alloc(4_000_000));
      accepted?.destroy();
    });
    const url = `http://127.0.0.1:${await listen(listener)}`;
    const leaving = http2.connect(url, { settings: { initialWindowSize: 10_000_000 } });
    leaving.on("error", () => {});
    await once(leaving, "connect");
    leaving.setLocalWindowSize(10_000_000);
    assert.equal((await call(leaving, ECHO, message("before"))).status, "0");
    const closed = once(leaving, "close");
    call(leaving, "/test.Echo/Large", message("")).catch(() => {});
    await closed;
    assert.equal((await call(session(url), ECHO, message("after"))).status, "0");
  });

  it("answers given from elsewhere leave with flush", async () => {
    const server = echoServer();
    const calls: UnaryCall[] = [];
    let turns = 0;
    const host = new GrpcServer({
      onTurnEnd() {
        turns++;
        for (const waiting of calls.splice(0)) waiting.respond(Buffer.from("end of turn"));
      },
    });
    closers.push(() => void host.stop(0));
    host.addUnary(ECHO, (unary) => calls.push(unary));
    server.addUnary("/test.Echo/Timer", (unary) => {
      setTimeout(() => {
        unary.respond(Buffer.from("timer"));
        server.flush();
      }, 1);
    });
    const a = session(`http://127.0.0.1:${await listen(host.createListener())}`);
    assert.equal((await call(a, ECHO, message(""))).body.subarray(5).toString(), "end of turn");
    assert.ok(turns > 0);
    const b = session(`http://127.0.0.1:${await listen(server.createListener())}`);
    assert.equal((await call(b, "/test.Echo/Timer", message(""))).body.subarray(5).toString(), "timer");
  });
});

describe("one port", () => {
  it("HTTP/1.1 and HTTP/2 side by side", async () => {
    const { port } = await start({}, { http1: httpServer() });
    assert.equal(await body(`http://127.0.0.1:${port}/version`), "GET /version");
    assert.equal((await call(session(`http://127.0.0.1:${port}`), ECHO, message("a"))).status, "0");
    const pieces = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("data", (part) => {
        socket.destroy();
        resolve(part.toString());
      });
      const text = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
      const write = (at: number): void => {
        if (at === text.length) return;
        socket.write(text[at]!, () => setImmediate(write, at + 1));
      };
      write(0);
    });
    assert.ok(pieces.endsWith("GET /slow"), pieces);
  });

  it("the HTTP/1.1 server's own limits hold", async () => {
    const http1 = createHttpServer({ headersTimeout: 20, connectionsCheckingInterval: 10 });
    const { port } = await start({}, { http1 });
    const answer = await raw(port, "GET / HTTP/1.1\r\nHost:");
    assert.match(answer.toString(), /^HTTP\/1\.1 408 /);
    http1.on("request", (_request, response) => response.end("", () => http1.closeAllConnections()));
    assert.match((await raw(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).toString(), /^HTTP\/1\.1 200 /);
  });

  it("a wish to upgrade to h2c is overheard", async () => {
    const { port } = await start({}, { http1: httpServer() });
    const answer = await raw(
      port,
      "GET /version HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    );
    assert.match(answer.toString(), /^HTTP\/1\.1 200 OK/);
  });

  it("garbage is cut off without an answer", async () => {
    const { port } = await start({}, { http1: httpServer() });
    for (const bytes of [
      "GARBAGE\r\n\r\n",
      "\0\x01\x02",
      "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
      "GET /version\r\n\r\n",
    ]) {
      assert.equal((await raw(port, bytes)).length, 0);
    }
  });

  it("on a port for gRPC alone, HTTP/1.1 sees HTTP/2 and the end", async () => {
    const { port } = await start();
    const answer = await raw(port, "GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.equal(answer[3], 4, "a SETTINGS frame");
    assert.ok(answer.includes("not HTTP/2"));
  });

  it("silence is not waited for without end", async () => {
    const { port } = await start({ handshakeTimeoutMs: 30 }, { http1: httpServer() });
    assert.equal((await raw(port)).length, 0);
    assert.equal((await raw(port, "PRI * HT")).length, 0);
    assert.ok((await raw(port, PREFACE)).length > 0, "our SETTINGS, then the end");
  });

  it("a breach is answered by GOAWAY before the connection closes", async () => {
    const { port } = await start();
    const answer = await raw(port, PREFACE, settings(), frame(6, 0, 1, Buffer.alloc(8)));
    assert.ok(answer.includes("PING on a stream"));
  });

  it("a client that asks and does not read is not read either, until it reads", async () => {
    const server = echoServer();
    const listener = createServer();
    closers.push(() => listener.close());
    const port = await listen(listener);
    const client = connect(port, "127.0.0.1");
    closers.push(() => client.destroy());
    client.on("error", () => {});
    const [accepted] = (await once(listener, "connection")) as [Socket];
    server.handleConnection(accepted);
    let paused = false;
    const pausing = new Promise<void>((resolve) => {
      accepted.on("pause", () => {
        if (accepted.writableLength < 500_000) return;
        paused = true;
        resolve();
      });
    });
    // Each SETTINGS is answered by nine bytes, which the client leaves where they are.
    client.write(PREFACE);
    const flood = Buffer.concat(Array.from({ length: 10_000 }, () => settings()));
    let floods = 0;
    for (; !paused; floods++) {
      await Promise.race([pausing, new Promise((resolve) => client.write(flood, resolve))]);
    }
    assert.ok(accepted.writableLength < 2_000_000);
    const expected = 15 + 13 + floods * 10_000 * 9;
    let received = 0;
    client.on("data", (bytes: Buffer) => {
      received += bytes.length;
    });
    while (received < expected) await once(client, "data");
    assert.equal(received, expected);
  });
});

describe("TLS", () => {
  it("HTTP/2 and HTTP/1.1 by ALPN, HTTP requests over HTTP/2 to their handler", async () => {
    const server = echoServer();
    const listener: ListenerOptions = {
      http1: httpServer(),
      onHttpRequest: (request) => {
        request.respond(200, [["content-type", "text/plain"]]);
        request.write(Buffer.from(`over HTTP/2: ${request.path} ${request.peer.tls}`));
        request.end();
      },
    };
    const port = await listen(server.createTlsListener({ key, cert }, listener));
    const client = session(`https://localhost:${port}`);
    const big = message(Buffer.alloc(1_000_000, 3));
    const { status, body: got } = await call(client, ECHO, big);
    assert.equal(status, "0");
    assert.ok(got.equals(big));
    const stream = client.request({ ":path": "/version" });
    stream.setEncoding("utf8");
    let text = "";
    for await (const part of stream) text += part;
    assert.equal(text, "over HTTP/2: /version true");
    const overHttp1 = await new Promise<string>((resolve, reject) => {
      httpsGet({ host: "localhost", port, path: "/health", ca: cert, agent: false }, (response) => {
        response.on("data", (part) => resolve(String(part)));
      }).on("error", reject);
    });
    assert.equal(overHttp1, "GET /health");
  });

  it("plain HTTP on a TLS port gets a hint, garbage nothing", async () => {
    const server = echoServer();
    const port = await listen(server.createTlsListener({ key, cert }));
    assert.equal(
      (await raw(port, "GET / HTTP/1.1\r\n\r\n")).toString(),
      "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    );
    assert.equal((await raw(port, "\0\x01")).length, 0);
    const hasty = echoServer({ handshakeTimeoutMs: 20 });
    const silent = await listen(hasty.createTlsListener({ key, cert }));
    assert.equal((await raw(silent)).length, 0);
  });

  it("tells of handshakes that fail", async () => {
    const server = echoServer();
    const failed = new Promise<string>((resolve) => {
      const onTlsError = (error: Error, address: string) =>
        resolve(`${address.split(":")[0]} ${error.message}`);
      const listener = server.createTlsListener({ key, cert }, { onTlsError });
      listener.setSecureContext({ key, cert, minVersion: "TLSv1.3" });
      listen(listener).then((port) => {
        tlsConnect({ host: "localhost", port, ca: cert, maxVersion: "TLSv1.2" }).on("error", () => {});
      });
    });
    assert.match(await failed, /^127\.0\.0\.1 .*(protocol|version)/);
  });

  it("without ALPN the first bytes decide", async () => {
    const server = echoServer();
    const port = await listen(server.createTlsListener({ key, cert }, { http1: httpServer() }));
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = tlsConnect({ host: "localhost", port, ca: cert }, () => {
        socket.write("GET /bare HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      });
      let text = "";
      socket.on("data", (part) => {
        text += part;
      });
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
    });
    assert.ok(answer.endsWith("GET /bare"), answer);
  });

  it("knows a client by its certificate", async () => {
    const server = echoServer();
    const names: unknown[] = [];
    server.addUnary("/test.Echo/Who", (unary) => {
      names.push(unary.peer.certificate()?.subject.CN);
      unary.respond(Buffer.alloc(0));
    });
    const port = await listen(
      server.createTlsListener({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: false }),
    );
    for (const own of [{ key, cert }, {}]) {
      const client = http2.connect(`https://localhost:${port}`, { ca: cert, ...own });
      closers.push(() => client.destroy());
      await call(client, "/test.Echo/Who", message(""));
    }
    assert.deepEqual(names, ["localhost", undefined]);
  });
});

describe("stopping", () => {
  it("open calls are finished, then the connections close", async () => {
    const server = new GrpcServer();
    const seen = new Promise<UnaryCall>((resolve) => server.addUnary(ECHO, (unary) => resolve(unary)));
    const port = await listen(server.createListener());
    const answer = call(session(`http://127.0.0.1:${port}`), ECHO, message(""));
    const unary = await seen;
    const stopped = server.stop(60_000);
    unary.respond(Buffer.from("done"));
    assert.equal((await answer).status, "0");
    await stopped;
    assert.equal(server.connectionCount, 0);
    await assert.rejects(new Promise((_, reject) => connect(port, "127.0.0.1").on("error", reject)));
  });

  it("what does not end in time is cut off", async () => {
    const server = new GrpcServer();
    const reasons: number[] = [];
    const seen = new Promise<void>((resolve) => {
      server.addUnary(
        ECHO,
        () => resolve(),
        (_call, reason) => reasons.push(reason),
      );
    });
    const port = await listen(server.createListener({ http1: httpServer() }));
    const answer = call(session(`http://127.0.0.1:${port}`), ECHO, message("")).catch(() => undefined);
    const stranger: Socket = connect(port, "127.0.0.1");
    stranger.on("error", () => {});
    await seen;
    await server.stop(10);
    await answer;
    assert.deepEqual(reasons, [4]);
  });
});

it("a silent client is pinged, and cut off when it does not answer", async () => {
  const { port } = await start({ keepaliveIntervalMs: 20, keepaliveTimeoutMs: 20 });
  const answer = await raw(port, PREFACE, settings());
  assert.ok(answer.includes("alive?.."));
  const living = session(`http://127.0.0.1:${port}`);
  await call(living, ECHO, message(""));
  await new Promise((resolve) => living.ping(resolve));
  assert.equal(living.destroyed, false);
});

after(() => {
  for (const close of closers.splice(0)) close();
});
