/**
 * What a decoder throws, and all it throws. The texts are the reasons that release 3.7 puts behind
 * `grpc: error unmarshalling request: `, so they are wire format.
 */
export class ProtoError extends Error {
  override readonly name = "ProtoError";
}

export const INVALID_WIRE_FORMAT = "proto: cannot parse invalid wire-format data";
export const INVALID_UTF8 = "string field contains invalid UTF-8";

export function failInvalid(): never {
  throw new ProtoError(INVALID_WIRE_FORMAT);
}
