/** Decoding of requests, with the texts that clients of the original see. */

import { Code, type StreamCall, type UnaryCall } from "@etcd-ts/grpc";
import { ProtoError } from "@etcd-ts/proto";

/** The request; undefined when it cannot be decoded: the call has then been refused. */
export function decodeRequest<T>(
  call: UnaryCall | StreamCall,
  decode: (bytes: Uint8Array) => T,
  bytes: Uint8Array,
): T | undefined {
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof ProtoError)) throw error;
    if ("respond" in call) call.fail(Code.INTERNAL, `grpc: error unmarshalling request: ${error.message}`);
    else call.end(Code.INTERNAL, `grpc: failed to unmarshal the received message: ${error.message}`);
    return undefined;
  }
}
