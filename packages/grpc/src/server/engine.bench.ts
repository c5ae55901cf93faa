/**
 * A trivial unary handler, to be driven by a load generator:
 *
 *     node packages/grpc/dist/server/engine.bench.js 18080 &
 *     h2load -c 50 -m 20 -n 500000 -d body.bin -H 'content-type: application/grpc' -H 'te: trailers' http://127.0.0.1:18080/bench.Echo/Fixed
 *
 * `Fixed` answers 28 bytes at once, `Later` answers at the end of the turn, `Size` with as many bytes as the request's first four say.
 */

import { GrpcServer } from "./grpc-server.ts";
import type { UnaryCall } from "./types.ts";

const waiting: UnaryCall[] = [];
const server = new GrpcServer({
  onTurnEnd() {
    for (const call of waiting) call.respond(ANSWER);
    waiting.length = 0;
  },
});
const ANSWER = Buffer.alloc(28, 1);

server.addUnary("/bench.Echo/Fixed", (call) => call.respond(ANSWER));
server.addUnary("/bench.Echo/Later", (call) => waiting.push(call));
server.addUnary("/bench.Echo/Size", (call, request) => {
  call.respondInto(request.readUInt32BE(0), fill, 7);
});

function fill(value: number, target: Buffer, position: number): number {
  const size = target.readUInt32BE(position - 4); // the prefix that has just been written
  target.fill(value, position, position + size);
  return position + size;
}

const port = Number(process.argv[2] ?? 18_080);
server.createListener().listen(port, "127.0.0.1", () => console.log(`listening on ${port}`));
