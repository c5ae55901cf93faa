/**
 * Keeps the directions between packages: who may import whom, through the front door only, with every import declared in the
 * package's own package.json. Prints each breach; exits with 1 if there is one.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./setup.mjs";
import { importsOf, isForDevelopment, packageSources } from "./source-text.mjs";

const SCOPE = "@etcd-ts/";

/** For each package, the packages that it may import. Nothing imports `sim`: it is not shipped. */
export const MAY_IMPORT = {
  base: [],
  proto: ["base"],
  raft: ["base", "proto"],
  storage: ["base", "proto"],
  grpc: ["base"],
  server: ["base", "proto", "raft", "storage", "grpc"],
  client: ["base", "proto", "grpc"],
  etcd: ["base", "proto", "raft", "storage", "grpc", "server", "client"],
  etcdctl: ["base", "proto", "client"],
  // A restore makes what a member begins with; flags are read alike. No server runs in it.
  etcdutl: ["base", "proto", "storage", "server", "etcd"],
  benchmark: ["base", "proto", "client"],
  sim: ["base", "proto", "raft", "storage", "grpc", "server"],
};

/** Returns one line a breach. `declared` holds the dependencies of the source's package, `forTests` those its tests may use besides. */
export function breaches(source, declared, forTests) {
  return importsOf(source.text).flatMap(({ specifier, line }) => {
    const reason = objection(source, specifier, declared, forTests);
    return reason === undefined ? [] : [`${source.path}:${line}: ${reason}`];
  });
}

function objection(source, specifier, declared, forTests) {
  if (specifier.startsWith("node:")) return undefined;
  if (specifier.startsWith(".")) return relativeObjection(source, specifier);
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (name.startsWith(SCOPE)) {
    const target = name.slice(SCOPE.length);
    if (target === source.package) return `imports its own front door ${specifier}`;
    if (!(MAY_IMPORT[source.package] ?? []).includes(target))
      return `${source.package} may not import ${target}`;
    if (specifier !== name) return `${specifier} is not a front door; import ${name}`;
  }
  if (declared.has(name) || (isForDevelopment(source.path) && forTests.has(name))) return undefined;
  return `${name} is not among the dependencies of packages/${source.package}`;
}

function relativeObjection(source, specifier) {
  const home = join("packages", source.package, "src");
  const target = normalize(join(dirname(source.path), specifier));
  if (!target.startsWith(`${home}/`)) return `${specifier} lies outside of packages/${source.package}/src`;
  return undefined;
}

function dependenciesOf(path, ...fields) {
  const file = join(ROOT, path, "package.json");
  if (!existsSync(file)) return new Set();
  const json = JSON.parse(readFileSync(file, "utf8"));
  return new Set(fields.flatMap((field) => Object.keys(json[field] ?? {})));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const ofRoot = dependenciesOf(".", "devDependencies");
  const lines = packageSources().flatMap((source) => {
    const home = join("packages", source.package);
    const forTests = new Set([...ofRoot, ...dependenciesOf(home, "devDependencies")]);
    return breaches(source, dependenciesOf(home, "dependencies"), forTests);
  });
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.exit(lines.length > 0 ? 1 : 0);
}
