/**
 * What a data directory holds cannot be gone on with, or not by this version: the message says what is wrong and, where there is
 * something, what to do. Nothing in the directory has been changed.
 */
export class CannotStartError extends Error {
  override readonly name = "CannotStartError";
}
