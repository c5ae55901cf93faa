/** Errors of the operating system in the words that it has for them, which the original's messages carry. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  ECONNREFUSED: "connection refused",
  EEXIST: "file exists",
  EISDIR: "is a directory",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
};

export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? ""; // errors of Node's modules carry a code
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
