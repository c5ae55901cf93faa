/** A breach of the protocol that ends the connection: what GOAWAY will say. */

import type { ErrorCode } from "../http2/frame.ts";

export class Breach {
  readonly code: ErrorCode;
  readonly text: string;

  constructor(code: ErrorCode, text: string) {
    this.code = code;
    this.text = text;
  }
}

export function breach(code: ErrorCode, text: string): Breach {
  return new Breach(code, text);
}
