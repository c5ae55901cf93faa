export * from "./raftpb/index.ts";
