/** A protobuf message while it is being written, growing as it needs to. */

const FIRST_BYTES = 256;

export class WireBuffer {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private length = 0;

  written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  varint(value: bigint): void {
    this.reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  tag(fieldNumber: number, wireType: number): void {
    this.varint(BigInt(fieldNumber * 8 + wireType));
  }

  lengthDelimited(fieldNumber: number, bytes: Uint8Array): void {
    this.tag(fieldNumber, 2);
    this.varint(BigInt(bytes.length));
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
