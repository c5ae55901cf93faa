/**
 * Parts of a bundle that are loaded when they are first used, because a start, or a thread, mostly does without: some of Node's own modules (half of
 * the time of loading them all) and packages. What is taken out of such a module at once, as a base class or by destructuring, loads it at once.
 */

const LAZY = [
  "child_process",
  "crypto",
  "fs/promises",
  "http2",
  "https",
  "inspector",
  "perf_hooks",
  "stream/promises",
  "timers/promises",
  "tls",
  "zlib",
];
const LAZY_PACKAGES = ["fs-native-extensions", "ws", "yaml"];

const NAMESPACE = "lazy";

export async function bundleParts() {
  const names = new Map();
  for (const name of LAZY) names.set(name, Object.keys(await import(`node:${name}`)));
  for (const name of LAZY_PACKAGES) names.set(name, Object.keys(await import(name)));
  return [lazyModules(names), NATIVE_ADDONS];
}

function lazyModules(names) {
  return {
    name: "lazy-modules",
    setup(build) {
      const pattern = new RegExp(`^(node:)?(${[...names.keys()].join("|")})$`);
      build.onResolve({ filter: pattern }, ({ path, importer, namespace }) => {
        if (namespace === NAMESPACE) return path.startsWith("node:") ? { path, external: true } : undefined;
        const name = path.replace(/^node:/, "");
        // A package's own files see it as it is.
        if (importer.includes(`/node_modules/${name}/`)) return undefined;
        return { path: name, namespace: NAMESPACE };
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        const target = LAZY.includes(path) ? `node:${path}` : path;
        const getters = names
          .get(path)
          .filter((name) => name !== "default" && name !== "module.exports")
          .map(
            (name) =>
              `get ${JSON.stringify(name)}() { return require("${target}")[${JSON.stringify(name)}]; }`,
          );
        return { contents: `module.exports = { ${getters.join(",\n")} };`, resolveDir: process.cwd() };
      });
    },
  };
}

/** A package's native part is taken from where the package keeps it; its own search for it costs more than all the rest of it. */
const NATIVE_ADDONS = {
  name: "native-addons",
  setup(build) {
    build.onResolve({ filter: /^require-addon$/ }, ({ importer }) => ({
      path: /node_modules\/((@[^/]+\/)?[^/]+)\/[^/]*$/.exec(importer)[1],
      namespace: "addon",
    }));
    build.onLoad({ filter: /.*/, namespace: "addon" }, ({ path }) => ({
      contents: `module.exports = () => require("${path}/prebuilds/" + process.platform + "-" + process.arch + "/${path}.node");`,
    }));
  },
};
