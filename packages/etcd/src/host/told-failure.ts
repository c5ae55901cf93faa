/** Why the server does not start, when the log has been told already: whoever catches it just ends the process. */
export class ToldFailure extends Error {
  override readonly name = "ToldFailure";
}
