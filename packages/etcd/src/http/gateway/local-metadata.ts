/** Metadata of a call that does not come over gRPC. */

import type { Metadata } from "@etcd-ts/grpc";

export class LocalMetadata implements Metadata {
  readonly fields: readonly string[];
  memo: unknown = undefined;

  /** Name in lower case, value, name, value. */
  constructor(fields: readonly string[]) {
    this.fields = fields;
  }

  get(name: string): string | undefined {
    const { fields } = this;
    for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return fields[i + 1];
    return undefined;
  }

  getBinary(name: string): Uint8Array | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : Buffer.from(value, "base64");
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}
