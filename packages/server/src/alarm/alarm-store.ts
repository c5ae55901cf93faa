/**
 * Alarms: conditions under which members refuse work until an operator clears them. Kept by (type, member), in memory and in
 * bucket `alarm`, where the key is the encoded `AlarmMember` and the value is empty (`disk-formats.md` 5.4). Permanent.
 *
 * Changed by the apply chain only, so that all members hold the same alarms.
 */

import { EMPTY_BYTES } from "@etcd-ts/base";
import { decodeAlarmMember, encodeAlarmMember } from "@etcd-ts/proto";
import type { Backend } from "@etcd-ts/storage";

export const ALARM_NONE = 0;
export const ALARM_NOSPACE = 1;
export const ALARM_CORRUPT = 2;

export interface AlarmRecord {
  readonly memberId: bigint;
  /** A number of the wire enum; numbers that we do not know are kept and listed too. */
  readonly alarm: number;
}

export class AlarmStore {
  /** By type, then by member. */
  private readonly alarms = new Map<number, Map<bigint, AlarmRecord>>();
  /** Whatever was raised since the start, whether it still is or not: for metrics. */
  private readonly seen = new Map<string, AlarmRecord>();
  private readonly backend: Backend;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  /** A key of the bucket, found at start. */
  restore(key: Uint8Array): void {
    const { memberId, alarm } = decodeAlarmMember(key);
    this.remember({ memberId, alarm });
  }

  /** Some member has raised this alarm. */
  isActive(type: number): boolean {
    return this.alarms.has(type);
  }

  /** Raises it; nothing changes when it is raised already. */
  activate(memberId: bigint, type: number): AlarmRecord {
    const existing = this.alarms.get(type)?.get(memberId);
    if (existing !== undefined) return existing;
    const record = { memberId, alarm: type };
    this.remember(record);
    this.backend.put("alarm", encodeAlarmMember(record), EMPTY_BYTES);
    return record;
  }

  /** Clears it; undefined when it was not raised. */
  deactivate(memberId: bigint, type: number): AlarmRecord | undefined {
    const ofType = this.alarms.get(type);
    const record = ofType?.get(memberId);
    if (ofType === undefined || record === undefined) return undefined;
    ofType.delete(memberId);
    if (ofType.size === 0) this.alarms.delete(type);
    this.backend.delete("alarm", encodeAlarmMember(record));
    return record;
  }

  /** All alarms, or those of one type. */
  list(type: number): readonly AlarmRecord[] {
    if (type !== ALARM_NONE) return [...(this.alarms.get(type)?.values() ?? [])];
    return [...this.alarms.values()].flatMap((ofType) => [...ofType.values()]);
  }

  everSeen(): readonly AlarmRecord[] {
    return [...this.seen.values()];
  }

  has(memberId: bigint, type: number): boolean {
    return this.alarms.get(type)?.has(memberId) === true;
  }

  private remember(record: AlarmRecord): void {
    this.seen.set(`${record.alarm} ${record.memberId}`, record);
    const ofType = this.alarms.get(record.alarm) ?? new Map<bigint, AlarmRecord>();
    ofType.set(record.memberId, record);
    this.alarms.set(record.alarm, ofType);
  }
}
