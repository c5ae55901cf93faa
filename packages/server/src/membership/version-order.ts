/** Versions of clusters and of storage (`3.7.0`): what counts is major and minor. */

export function isBelow(version: string, other: string): boolean {
  const [major, minor] = partsOf(version);
  const [otherMajor, otherMinor] = partsOf(other);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

export function isAbove(version: string, other: string): boolean {
  return isBelow(other, version);
}

/** `3.6` of "3.6", "3.6.0" and "3.6.5-rc.1"; undefined when the text is no version. */
export function majorMinor(text: string): string | undefined {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)(\.(0|[1-9]\d*)([-+].*)?)?$/.exec(text);
  return match === null ? undefined : `${match[1]}.${match[2]}`;
}

/** `3.6` for "3.7.0": what a cluster of this version may go back to. */
export function minorBelow(version: string): string {
  const [major, minor] = partsOf(version);
  return `${major}.${minor - 1}`;
}

function partsOf(version: string): readonly [number, number] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return [major, minor];
}
