/** The other end of a socket. */

import type { Socket } from "node:net";
import { type PeerCertificate, TLSSocket } from "node:tls";
import type { Peer } from "./types.ts";

export class SocketPeer implements Peer {
  readonly address: string;
  readonly tls: boolean;
  memo: unknown = undefined;
  private readonly socket: Socket;
  private known: PeerCertificate | undefined = undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.address = addressOf(socket);
    this.tls = socket instanceof TLSSocket;
  }

  certificate(): PeerCertificate | undefined {
    if (this.known !== undefined || !(this.socket instanceof TLSSocket)) return this.known;
    if (!this.socket.authorized) return undefined;
    const certificate = this.socket.getPeerCertificate();
    if (certificate?.raw !== undefined) this.known = certificate;
    return this.known;
  }
}

/** `host:port`, `@` for a unix socket. */
export function addressOf(socket: Socket): string {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined) return "@";
  const host = remoteAddress.startsWith("::ffff:") ? remoteAddress.slice(7) : remoteAddress;
  return host.includes(":") ? `[${host}]:${remotePort}` : `${host}:${remotePort}`;
}
