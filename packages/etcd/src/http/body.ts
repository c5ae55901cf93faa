/** A request's body, collected up to a limit. */

export interface BodyCollector {
  readonly onData: (bytes: Buffer) => void;
  readonly onEnd: () => void;
}

/** `then` gets the whole body at its end, or undefined as soon as it is longer than `bytesMax`; what follows is read and dropped. */
export function collectBody(bytesMax: number, then: (body: Buffer | undefined) => void): BodyCollector {
  let chunks: Buffer[] = [];
  let length = 0;
  return {
    onData(bytes) {
      if (length > bytesMax) return;
      length += bytes.length;
      if (length <= bytesMax) {
        chunks.push(bytes);
        return;
      }
      chunks = [];
      then(undefined);
    },
    onEnd() {
      if (length <= bytesMax) then(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    },
  };
}
