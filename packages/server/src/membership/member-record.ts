/**
 * One member of the cluster as the database and configuration changes store it (`disk-formats.md` 5.3): the key in bucket
 * `members` is the id in lower-case hex without padding, the value this JSON. Permanent: both reach the disk.
 */

import { goJsonString, goJsonStrings, idOf, parseGoJson } from "./go-json.ts";

export interface MemberRecord {
  readonly id: bigint;
  /** `null` only in the context of a promotion. */
  readonly peerUrls: readonly string[];
  readonly isLearner: boolean;
  /** Empty until the member has published itself. */
  readonly name: string;
  readonly clientUrls: readonly string[];
}

export function memberKey(id: bigint): string {
  return id.toString(16);
}

export function encodeMemberRecord(member: MemberRecord): string {
  let json = `{"id":${member.id},"peerURLs":${goJsonStrings(member.peerUrls)}`;
  if (member.isLearner) json += `,"isLearner":true`;
  if (member.name !== "") json += `,"name":${goJsonString(member.name)}`;
  if (member.clientUrls.length > 0) json += `,"clientURLs":${goJsonStrings(member.clientUrls)}`;
  return `${json}}`;
}

/** The context of a configuration change: a member, and whether it is a learner's promotion. */
export interface MemberChangeContext {
  readonly member: MemberRecord;
  readonly isPromote: boolean;
}

/** Parses either form; undefined when the text is not such JSON. */
export function decodeMemberContext(text: string): MemberChangeContext | undefined {
  let parsed: unknown;
  try {
    parsed = parseGoJson(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const fields = parsed as Readonly<Record<string, unknown>>;
  const id = idOf(fields.id);
  if (id === undefined) return undefined;
  return {
    member: {
      id,
      peerUrls: stringsOf(fields.peerURLs),
      isLearner: fields.isLearner === true,
      name: typeof fields.name === "string" ? fields.name : "",
      clientUrls: stringsOf(fields.clientURLs),
    },
    isPromote: fields.isPromote === true,
  };
}

export function decodeMemberRecord(text: string): MemberRecord | undefined {
  return decodeMemberContext(text)?.member;
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
