/** Decoding of requests, with the texts that clients of the original see: one for unary calls, another for streams. */

import { Code, type StreamCall, type UnaryCall } from "@etcd-ts/grpc";
import { ProtoError } from "@etcd-ts/proto";

type Decode<T> = (bytes: Uint8Array) => T;

/** The request of a unary call; undefined when it cannot be decoded: the call has then been refused. */
export function decodeRequest<T>(call: UnaryCall, decode: Decode<T>, bytes: Uint8Array): T | undefined {
  const request = attempt(decode, bytes);
  if (!(request instanceof ProtoError)) return request;
  call.fail(Code.INTERNAL, `grpc: error unmarshalling request: ${request.message}`);
  return undefined;
}

/** A message of a stream; undefined when it cannot be decoded: the stream has then been ended. */
export function decodeMessage<T>(call: StreamCall, decode: Decode<T>, bytes: Uint8Array): T | undefined {
  const message = attempt(decode, bytes);
  if (!(message instanceof ProtoError)) return message;
  call.end(Code.INTERNAL, `grpc: failed to unmarshal the received message: ${message.message}`);
  return undefined;
}

function attempt<T>(decode: Decode<T>, bytes: Uint8Array): T | ProtoError {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof ProtoError) return error;
    throw error;
  }
}
