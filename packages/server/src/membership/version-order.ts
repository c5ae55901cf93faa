/** Versions of clusters and of storage (`3.7.0`): what counts is major and minor. */

export function isBelow(version: string, other: string): boolean {
  const [major, minor] = partsOf(version);
  const [otherMajor, otherMinor] = partsOf(other);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

export function isAbove(version: string, other: string): boolean {
  return isBelow(other, version);
}

function partsOf(version: string): readonly [number, number] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return [major, minor];
}
