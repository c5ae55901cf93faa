/**
 * The database file is damaged, or is not one. Fatal: the member stops with the message, which names the file, the page
 * and its offset, and nothing is overwritten. (I/O failures are `DiskError`, bugs are `AssertionError`.)
 */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
}

/** "page 17 at offset 69632", as every message names a page. */
export function describePage(page: number, pageBytes: number): string {
  return `page ${page} at offset ${page * pageBytes}`;
}
