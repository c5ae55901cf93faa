/**
 * The cost of a unary call without sockets: chunks as a load generator writes them (20 calls a chunk) through one
 * connection, answers at once. Prints CPU time per call, collection of garbage included.
 *
 *     node packages/grpc/dist/server/connection.bench.js
 */

import { message, requestFields, uint32, WireClient } from "./wire-client.ts";

const CALLS_PER_CHUNK = 20;
const CHUNKS_PER_BATCH = 500;
const BATCHES = 20;
const PATH = "/bench.Echo/Fixed";
const ANSWER = Buffer.alloc(28, 1);

/** The fields of the nth call. */
type Changes = (n: number) => Record<string, string>;

function chunkOf(client: WireClient, firstId: number, changes: Changes): Buffer {
  const parts: Buffer[] = [];
  const body = message(Buffer.alloc(268, 7));
  for (let i = 0; i < CALLS_PER_CHUNK; i++) {
    const id = firstId + 2 * i;
    const block = client.block(requestFields(PATH, changes(id)));
    const head = Buffer.from([0, 0, block.length, 1, 4, ...uint32(id)]);
    const data = Buffer.from([0, 0, 0, 0, 1, ...uint32(id)]);
    data.writeUIntBE(body.length, 0, 3);
    parts.push(head, block, data, body);
  }
  return Buffer.concat(parts);
}

function run(name: string, changes: Changes): void {
  const client = new WireClient();
  client.addUnary(PATH, (call) => call.respond(ANSWER));
  client.shakeHands();
  client.call(PATH, "", changes(0)); // the fields enter the table
  let nextId = 3;
  let microseconds = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const chunks: Buffer[] = [windowUpdate(CHUNKS_PER_BATCH * CALLS_PER_CHUNK * 33)];
    for (let i = 0; i < CHUNKS_PER_BATCH; i++) {
      chunks.push(chunkOf(client, nextId, changes));
      nextId += 2 * CALLS_PER_CHUNK;
    }
    const before = process.cpuUsage();
    for (const chunk of chunks) {
      client.connection.receive(chunk);
      client.turn++;
      client.connection.endTurn();
      client.connection.dirty = false;
      client.connection.outgoing.writer.out.length = 0;
    }
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
  const nanoseconds = (microseconds * 1000) / (BATCHES * CHUNKS_PER_BATCH * CALLS_PER_CHUNK);
  console.log(`${name}: ${nanoseconds.toFixed(0)} ns of CPU a call`);
}

function windowUpdate(bytes: number): Buffer {
  return Buffer.from([0, 0, 4, 8, 0, 0, 0, 0, 0, ...uint32(bytes)]);
}

for (let round = 0; round < 3; round++) {
  run("ordinary", () => ({}));
  run("with a deadline", () => ({ "grpc-timeout": "10S" }));
  run("with a deadline that differs each time", (n) => ({ "grpc-timeout": `${4_000_000 + (n % 999_983)}u` }));
}
