/**
 * What must hold of the records of bucket `key`, in their order, whoever reads all of them: revisions ascend, above the last
 * compaction none is missing, and a put's pair is one of that revision. Of what lies inside of a pair (key, value, lease) the database's
 * format proves nothing.
 */

import { parsed, parseKeyValue } from "./key-value.ts";

const REVISION_OF_EMPTY = 1;

/** The database holds what no release writes. */
export class DamagedRecordError extends Error {
  override readonly name = "DamagedRecordError";
  readonly main: number;
  readonly sub: number;

  constructor(main: number, sub: number, fault: string) {
    super(`the record of revision ${main}.${sub} in bucket "key" is damaged: ${fault}`);
    this.main = main;
    this.sub = sub;
  }
}

export class RecordCheck {
  /** The last record that was looked at. */
  lastMain = 0;
  private lastSub = -1;

  /** The next record; a pair is left in `parsed`. False: it is empty, and only raises the revision. */
  next(
    livesFrom: number,
    main: number,
    sub: number,
    tombstone: boolean,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    this.mustFollow(livesFrom, main, sub);
    this.lastMain = main;
    this.lastSub = sub;
    if (end === start) {
      mustBeRaised(livesFrom, main, sub, tombstone);
      return false;
    }
    if (!parseKeyValue(bytes, start, end)) throw damaged(main, sub, "it is no key-value pair");
    if (!tombstone) mustBePairOf(main, sub);
    return true;
  }

  /** Revisions ascend. Above the last compaction none is missing: every one of them changed something. */
  private mustFollow(livesFrom: number, main: number, sub: number): void {
    const { lastMain, lastSub } = this;
    const isNext = main === lastMain ? sub > lastSub : main > lastMain;
    if (!isNext) throw damaged(main, sub, `it follows revision ${lastMain}.${lastSub}`);
    if (main < livesFrom) return;
    const isWhole =
      main === lastMain
        ? sub === lastSub + 1
        : sub === 0 && main === Math.max(lastMain, livesFrom - 1, REVISION_OF_EMPTY) + 1;
    if (!isWhole) throw damaged(main, sub, "the one before it is missing");
  }
}

/** A record without a value raises the revision, and everything up to it counts as compacted. */
function mustBeRaised(livesFrom: number, main: number, sub: number, tombstone: boolean): void {
  const isRaised = sub === 0 && !tombstone && main < livesFrom;
  if (!isRaised) throw damaged(main, sub, "it is empty");
}

/** The pair that was just parsed says of itself that it belongs to this revision. */
function mustBePairOf(main: number, sub: number): void {
  const { create, mod, version } = parsed;
  if (mod !== main) throw damaged(main, sub, `its pair is of revision ${mod}`);
  if (create < 1 || create > main || version < 1) {
    throw damaged(main, sub, `its pair was made at revision ${create} and has version ${version}`);
  }
}

/** One record by itself, as a read finds it. */
export function mustBeRecordOf(pair: Uint8Array, main: number, sub: number): void {
  if (!parseKeyValue(pair, 0, pair.length)) throw damaged(main, sub, "it is no key-value pair");
  mustBePairOf(main, sub);
}

export function damaged(main: number, sub: number, fault: string): DamagedRecordError {
  return new DamagedRecordError(main, sub, fault);
}
