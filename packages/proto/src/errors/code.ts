/** The status codes of gRPC. Permanent: numbers travel in trailers, names in logs and metrics. */
export const Code = {
  OK: 0,
  Canceled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  DataLoss: 15,
  Unauthenticated: 16,
} as const;

export type CodeName = keyof typeof Code;
export type Code = (typeof Code)[CodeName];

const NAMES = Object.keys(Code) as CodeName[];

/** `Code(n)` for a number that gRPC does not define, as Go prints it. */
export function codeName(code: number): string {
  return NAMES[code] ?? `Code(${code})`;
}
