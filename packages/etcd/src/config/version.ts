/** What this server says that it is. The version is the original's whose behaviour it has: clients and wrappers decide by it. */

export const SERVER_VERSION = "3.7.1";

/** Not a commit of the original. */
export const BUILD_ID = "etcd-ts";

export function versionText(): string {
  return [
    `etcd Version: ${SERVER_VERSION}`,
    `Git SHA: ${BUILD_ID}`,
    `Go Version: none (Node ${process.version})`,
    `Go OS/Arch: ${goPlatform()}/${goArchitecture()}`,
    "",
  ].join("\n");
}

export function goPlatform(): string {
  return process.platform === "win32" ? "windows" : process.platform;
}

export function goArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}
