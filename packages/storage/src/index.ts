export * from "./backend/backend-types.ts";
export * from "./bbolt/index.ts";
export * from "./disk/disk.ts";
export * from "./disk/faulty-disk.ts";
export * from "./disk/real-disk.ts";
