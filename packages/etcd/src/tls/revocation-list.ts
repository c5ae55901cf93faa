/**
 * Serial numbers of revoked certificates, from a CRL in DER or PEM. Only the serials are looked at, as the original does: neither who
 * signed the list nor how old it is.
 *
 *     CertificateList := { TBSCertList, algorithm, signature }
 *     TBSCertList     := { version?, algorithm, issuer, thisUpdate, nextUpdate?, revokedCertificates?, [0] extensions? }
 *     revoked         := { serial, date, extensions? } ...
 */

import { type DerElement, DerError, readElements, Tag } from "./der.ts";

/** In hexadecimal, without leading zeros. Throws {@link DerError}. */
export function revokedSerials(file: Buffer): ReadonlySet<string> {
  const [list] = readElements(derOf(file));
  const [content] = readElements(elementOf(list, Tag.SEQUENCE));
  const fields = readElements(elementOf(content, Tag.SEQUENCE));
  const times = fields.findLastIndex(({ tag }) => tag === Tag.UTC_TIME || tag === Tag.GENERALIZED_TIME);
  const revoked = fields[times + 1];
  if (times < 0) throw new DerError("the list has no date");
  if (revoked === undefined || revoked.tag !== Tag.SEQUENCE) return new Set();
  return new Set(readElements(revoked.content).map(serialOf));
}

function derOf(file: Buffer): Buffer {
  const armored = /-----BEGIN X509 CRL-----([A-Za-z\d+/=\s]*)-----END X509 CRL-----/.exec(
    file.toString("latin1"),
  );
  return armored === null ? file : Buffer.from(armored[1]!, "base64");
}

function elementOf(element: DerElement | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new DerError("this is no list of revoked certificates");
  return element.content;
}

function serialOf(entry: DerElement): string {
  const [serial] = readElements(elementOf(entry, Tag.SEQUENCE));
  return serialText(elementOf(serial, Tag.INTEGER).toString("hex"));
}

/** Certificates and lists write the same number in more ways than one. */
export function serialText(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/, "");
}
