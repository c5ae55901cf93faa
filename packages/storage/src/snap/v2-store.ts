/**
 * The data of a `.snap` file: the membership, laid out as the tree of the old v2 store, as JSON. Releases up to 3.6 read it;
 * 3.7 writes it and does not read it.
 *
 *     /0                                      the cluster
 *     /0/members/<id>/raftAttributes          {"peerURLs":[…],"isLearner":true}      isLearner only when true
 *     /0/members/<id>/attributes              {"name":…,"clientURLs":[…]}            only of members that made themselves known
 *     /0/removed_members/<id>                 ""
 *     /0/version                              "3.7.0"
 *     /1                                      users' keys of old: always empty
 *
 * Ids are hex without padding. A folder has an object of children, a value has null. The store's history and counters are
 * left out: readers start them anew.
 */

import { utf8Bytes, utf8String } from "@etcd-ts/base";

export interface V2Member {
  readonly id: bigint;
  readonly peerUrls: readonly string[];
  readonly isLearner: boolean;
  /** Empty with no client URLs: the member has not yet made itself known. */
  readonly name: string;
  readonly clientUrls: readonly string[];
}

export interface V2Membership {
  readonly members: readonly V2Member[];
  readonly removed: readonly bigint[];
  /** Cluster version with three parts; undefined while there is none. */
  readonly version: string | undefined;
}

interface Node {
  Path: string;
  CreatedIndex: number;
  ModifiedIndex: number;
  ExpireTime: string;
  Value: string;
  Children: Record<string, Node> | null;
}

const NEVER = "0001-01-01T00:00:00Z";
/** Permanent. */
const STORE_VERSION = 2;

export function encodeV2Store(membership: V2Membership): Uint8Array {
  const writer = new TreeWriter();
  for (const member of membership.members) {
    const path = ["0", "members", member.id.toString(16)];
    writer.set([...path, "raftAttributes"], raftAttributesOf(member));
    if (isKnown(member)) writer.set([...path, "attributes"], attributesOf(member));
  }
  for (const id of membership.removed) writer.set(["0", "removed_members", id.toString(16)], "");
  if (membership.version !== undefined) writer.set(["0", "version"], membership.version);
  const store = { Root: writer.root, CurrentIndex: writer.index, CurrentVersion: STORE_VERSION };
  return utf8Bytes(JSON.stringify(store));
}

function isKnown(member: V2Member): boolean {
  return member.name !== "" || member.clientUrls.length > 0;
}

function raftAttributesOf(member: V2Member): string {
  return JSON.stringify({ peerURLs: member.peerUrls, ...(member.isLearner ? { isLearner: true } : {}) });
}

function attributesOf(member: V2Member): string {
  return JSON.stringify({
    ...(member.name === "" ? {} : { name: member.name }),
    ...(member.clientUrls.length === 0 ? {} : { clientURLs: member.clientUrls }),
  });
}

class TreeWriter {
  /** Counts the writes to the store. */
  index = 0;
  readonly root: Node = this.#node("/", {});

  constructor() {
    for (const name of ["0", "1"]) this.root.Children![name] = this.#node(`/${name}`, {});
  }

  set(path: readonly string[], value: string): void {
    this.index++;
    let folder = this.root;
    let sofar = "";
    for (const name of path.slice(0, -1)) {
      sofar += `/${name}`;
      folder.Children![name] ??= this.#node(sofar, {});
      folder = folder.Children![name]!;
    }
    const name = path.at(-1)!;
    folder.Children![name] = this.#node(`${sofar}/${name}`, null, value);
  }

  #node(path: string, children: Record<string, Node> | null, value = ""): Node {
    const { index } = this;
    return {
      Path: path,
      CreatedIndex: index,
      ModifiedIndex: index,
      ExpireTime: NEVER,
      Value: value,
      Children: children,
    };
  }
}

/** Throws an `Error` that says what is wrong. Unknown nodes are left out, users' keys are refused. */
export function decodeV2Store(bytes: Uint8Array): V2Membership {
  const root = childrenOf(fieldOf(JSON.parse(utf8String(bytes)), "Root"));
  const users = childrenOf(root.get("1"));
  if (users.size > 0) throw new Error("the v2 store holds keys of users");
  const cluster = childrenOf(root.get("0"));
  const members: V2Member[] = [];
  for (const [name, node] of childrenOf(cluster.get("members")))
    members.push(decodeMember(name, childrenOf(node)));
  const version = cluster.get("version");
  return {
    members,
    removed: [...childrenOf(cluster.get("removed_members")).keys()].map(idOf),
    version: version === undefined ? undefined : textOf(version),
  };
}

function decodeMember(name: string, children: ReadonlyMap<string, unknown>): V2Member {
  const raftNode = children.get("raftAttributes");
  if (raftNode === undefined) throw new Error(`member ${name} has no raft attributes`);
  const raft: unknown = JSON.parse(textOf(raftNode));
  const node = children.get("attributes");
  const attributes: unknown = node === undefined ? {} : JSON.parse(textOf(node));
  const memberName = fieldOf(attributes, "name");
  return {
    id: idOf(name),
    peerUrls: textsOf(fieldOf(raft, "peerURLs")),
    isLearner: fieldOf(raft, "isLearner") === true,
    name: typeof memberName === "string" ? memberName : "",
    clientUrls: textsOf(fieldOf(attributes, "clientURLs")),
  };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) throw new Error("the v2 store is malformed");
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** A missing folder is an empty one. */
function childrenOf(node: unknown): ReadonlyMap<string, unknown> {
  if (node === undefined) return new Map();
  const children = fieldOf(node, "Children");
  return new Map(typeof children === "object" && children !== null ? Object.entries(children) : []);
}

function textOf(node: unknown): string {
  const value = fieldOf(node, "Value");
  if (typeof value !== "string") throw new Error("a node of the v2 store has no value");
  return value;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function idOf(name: string): bigint {
  if (!/^[0-9a-f]{1,16}$/.test(name)) throw new Error(`"${name}" is no member id`);
  return BigInt(`0x${name}`);
}
