export * from "./backend/backend-types.ts";
export * from "./disk/disk.ts";
