/**
 * A message type as a value: what service tables, the gateway and generic tools hold. Hot code calls the plain functions
 * (`decodePutRequest`, …) instead, which the engine can inline.
 */
export interface Codec<T> {
  /** With its package, as on the wire: `etcdserverpb.PutRequest`. */
  readonly typeName: string;
  create(partial?: Partial<T>): T;
  /** Byte fields of the result are views of `buf`. Throws {@link ProtoError} and nothing else. */
  decode(buf: Uint8Array, start?: number, end?: number): T;
  sizeOf(message: T): number;
  /** Writes exactly `sizeOf(message)` bytes from `pos`; returns the position behind them. */
  write(message: T, buf: Uint8Array, pos: number): number;
  encode(message: T): Uint8Array;
}
