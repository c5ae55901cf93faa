/** The one function of `fs-native-extensions` in use; the package ships no types. */
declare module "fs-native-extensions" {
  /** Takes an open-file-description lock on a range (length 0: all of it); false when somebody else holds it. */
  export function tryLock(
    descriptor: number,
    offset?: number,
    length?: number,
    options?: { shared?: boolean },
  ): boolean;
}
