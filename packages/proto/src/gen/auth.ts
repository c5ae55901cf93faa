/** Generated from proto/auth.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader, readNested } from "../wire/reader.ts";
import { sizeOfBytes, sizeOfLengthAnd, sizeOfString, sizeOfVarint, writeBytes, writeString, writeVarint } from "../wire/writer.ts";

/** Open: other numbers survive decoding and encoding. */
export type PermissionType = number;

export const PermissionType = {
  READ: 0,
  WRITE: 1,
  READWRITE: 2,
} as const;

export interface UserAddOptions {
  /** User can only log in by certificate CN. */
  noPassword: boolean;
}

export function createUserAddOptions(partial?: Partial<UserAddOptions>): UserAddOptions {
  const message: UserAddOptions = {
    noPassword: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeUserAddOptions(buf: Uint8Array, start = 0, end = buf.length): UserAddOptions {
  const message = createUserAddOptions();
  readUserAddOptions(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readUserAddOptions(reader: Reader, message: UserAddOptions): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.noPassword = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfUserAddOptions(message: UserAddOptions): number {
  let size = 0;
  if (message.noPassword) {
    size += 1 + 1;
  }
  return size;
}

export function writeUserAddOptions(message: UserAddOptions, buf: Uint8Array, pos: number): number {
  if (message.noPassword) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.noPassword ? 1 : 0);
  }
  return pos;
}

export function encodeUserAddOptions(message: UserAddOptions): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfUserAddOptions(message));
  assert(writeUserAddOptions(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const UserAddOptionsCodec: Codec<UserAddOptions> = {
  typeName: "authpb.UserAddOptions",
  create: createUserAddOptions,
  decode: decodeUserAddOptions,
  sizeOf: sizeOfUserAddOptions,
  write: writeUserAddOptions,
  encode: encodeUserAddOptions,
};

/** Storage record (bucket authUsers). */
export interface AuthUser {
  name: Uint8Array;
  /** Bcrypt string. */
  password: Uint8Array;
  /** Kept sorted. */
  roles: string[];
  options: UserAddOptions | undefined;
}

export function createAuthUser(partial?: Partial<AuthUser>): AuthUser {
  const message: AuthUser = {
    name: EMPTY_BYTES,
    password: EMPTY_BYTES,
    roles: [],
    options: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUser(buf: Uint8Array, start = 0, end = buf.length): AuthUser {
  const message = createAuthUser();
  readAuthUser(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUser(reader: Reader, message: AuthUser): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.bytes();
        break;
      case 18:
        message.password = reader.bytes();
        break;
      case 26:
        message.roles.push(reader.string());
        break;
      case 34:
        message.options = readNested(reader, message.options ?? createUserAddOptions(), readUserAddOptions);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUser(message: AuthUser): number {
  let size = 0;
  if (message.name.length !== 0) {
    size += 1 + sizeOfBytes(message.name);
  }
  if (message.password.length !== 0) {
    size += 1 + sizeOfBytes(message.password);
  }
  for (const item of message.roles) {
    size += 1 + sizeOfString(item);
  }
  if (message.options !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfUserAddOptions(message.options));
  }
  return size;
}

export function writeAuthUser(message: AuthUser, buf: Uint8Array, pos: number): number {
  if (message.name.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.name);
  }
  if (message.password.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.password);
  }
  for (const item of message.roles) {
    buf[pos++] = 26;
    pos = writeString(buf, pos, item);
  }
  if (message.options !== undefined) {
    buf[pos++] = 34;
    pos = writeVarint(buf, pos, sizeOfUserAddOptions(message.options));
    pos = writeUserAddOptions(message.options, buf, pos);
  }
  return pos;
}

export function encodeAuthUser(message: AuthUser): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUser(message));
  assert(writeAuthUser(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserCodec: Codec<AuthUser> = {
  typeName: "authpb.User",
  create: createAuthUser,
  decode: decodeAuthUser,
  sizeOf: sizeOfAuthUser,
  write: writeAuthUser,
  encode: encodeAuthUser,
};

export interface Permission {
  permType: PermissionType;
  key: Uint8Array;
  /** Empty = single key; one 0x00 byte = open-ended. */
  rangeEnd: Uint8Array;
}

export function createPermission(partial?: Partial<Permission>): Permission {
  const message: Permission = {
    permType: 0,
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodePermission(buf: Uint8Array, start = 0, end = buf.length): Permission {
  const message = createPermission();
  readPermission(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readPermission(reader: Reader, message: Permission): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.permType = reader.int32();
        break;
      case 18:
        message.key = reader.bytes();
        break;
      case 26:
        message.rangeEnd = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfPermission(message: Permission): number {
  let size = 0;
  if (message.permType !== 0) {
    size += 1 + sizeOfVarint(message.permType);
  }
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.rangeEnd.length !== 0) {
    size += 1 + sizeOfBytes(message.rangeEnd);
  }
  return size;
}

export function writePermission(message: Permission, buf: Uint8Array, pos: number): number {
  if (message.permType !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.permType);
  }
  if (message.key.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.rangeEnd.length !== 0) {
    buf[pos++] = 26;
    pos = writeBytes(buf, pos, message.rangeEnd);
  }
  return pos;
}

export function encodePermission(message: Permission): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfPermission(message));
  assert(writePermission(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const PermissionCodec: Codec<Permission> = {
  typeName: "authpb.Permission",
  create: createPermission,
  decode: decodePermission,
  sizeOf: sizeOfPermission,
  write: writePermission,
  encode: encodePermission,
};

/** Storage record (bucket authRoles). */
export interface AuthRole {
  name: Uint8Array;
  /** Kept sorted by key. */
  keyPermission: Permission[];
}

export function createAuthRole(partial?: Partial<AuthRole>): AuthRole {
  const message: AuthRole = {
    name: EMPTY_BYTES,
    keyPermission: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRole(buf: Uint8Array, start = 0, end = buf.length): AuthRole {
  const message = createAuthRole();
  readAuthRole(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRole(reader: Reader, message: AuthRole): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.bytes();
        break;
      case 18:
        message.keyPermission.push(readNested(reader, createPermission(), readPermission));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthRole(message: AuthRole): number {
  let size = 0;
  if (message.name.length !== 0) {
    size += 1 + sizeOfBytes(message.name);
  }
  for (const item of message.keyPermission) {
    size += 1 + sizeOfLengthAnd(sizeOfPermission(item));
  }
  return size;
}

export function writeAuthRole(message: AuthRole, buf: Uint8Array, pos: number): number {
  if (message.name.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.name);
  }
  for (const item of message.keyPermission) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfPermission(item));
    pos = writePermission(item, buf, pos);
  }
  return pos;
}

export function encodeAuthRole(message: AuthRole): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRole(message));
  assert(writeAuthRole(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleCodec: Codec<AuthRole> = {
  typeName: "authpb.Role",
  create: createAuthRole,
  decode: decodeAuthRole,
  sizeOf: sizeOfAuthRole,
  write: writeAuthRole,
  encode: encodeAuthRole,
};
