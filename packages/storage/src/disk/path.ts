/** Paths as the storage engines use them: POSIX, as they came in, only cut at slashes. */

export function withoutTrailingSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

/** The folder that holds `path`: what must be synced after a change of its name. */
export function parentOf(path: string): string {
  const trimmed = withoutTrailingSlash(path);
  const slash = trimmed.lastIndexOf("/");
  return slash > 0 ? trimmed.slice(0, slash) : slash === 0 ? "/" : ".";
}
