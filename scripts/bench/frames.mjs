/** HTTP/2 frames as the load's connections write them: largest windows, no header compression. */

export const FRAME_HEADER_BYTES = 9;
export const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE] = [0, 1, 3, 4, 6, 7, 8];
export const [END_STREAM, ACK, END_HEADERS] = [1, 1, 4];
export const WINDOW_MAX = 2 ** 31 - 1;
export const WINDOW_INITIAL = 65_535;

/** With room above: what is given back counts the heads of frames, too. */
const CONNECTION_WINDOW = 2 ** 30;

/** What a client says first. */
export const PREFACE = prefaceOf(WINDOW_MAX, CONNECTION_WINDOW);

/** A client that takes so many bytes before it says more. */
export function prefaceOf(streamWindow, connectionWindow) {
  return Buffer.concat([
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    frame(SETTINGS, 0, 0, setting(1, 0), setting(4, streamWindow)),
    connectionWindow > WINDOW_INITIAL
      ? frame(WINDOW_UPDATE, 0, 0, uint32(connectionWindow - WINDOW_INITIAL))
      : Buffer.alloc(0),
  ]);
}

/** The HEADERS frame of a gRPC call, but for its stream. Nothing in it is kept in a table. */
export function requestHead(path, authority, scheme) {
  const block = Buffer.concat([
    Buffer.from([0x83, scheme === "https" ? 0x87 : 0x86]),
    literal(":path", path),
    literal(":authority", authority),
    literal("te", "trailers"),
    literal("content-type", "application/grpc"),
  ]);
  return frame(HEADERS, END_HEADERS, 0, block);
}

/** A literal header field that no table keeps. */
function literal(name, value) {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

export function frame(type, flags, id, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(FRAME_HEADER_BYTES);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, body]);
}

function setting(id, value) {
  const out = Buffer.alloc(6);
  out.writeUInt16BE(id, 0);
  out.writeUInt32BE(value, 2);
  return out;
}

export function uint32(value) {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}
