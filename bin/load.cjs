/**
 * Runs an executable's bundle from dist/bin, with V8's compiled code of an earlier run: without it a third of the time up to a server's first
 * line goes into compiling.
 *
 *     dist/compile-cache/NAME-BUILD-NODE-ARCH       sum u32 LE | 1 after a long run, u32 LE | what V8 made
 *
 * A cache is never needed: one that is missing, damaged, or of other flags is not used, and one that cannot be written is not kept. It is written
 * when a program ends, and better when it has run for a while: then it holds what such a run needs.
 */
const fs = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const vm = require("node:vm");

/** Later V8 would have forgotten the code of what ran once. */
const LONG_RUN_MS = 2000;
const HEAD_BYTES = 8;
/** Last line of a bundle: what it was made of. V8 itself would take another text of the same length for it. */
const BUILD = /\n\/\/ build ([0-9a-f]+)\n$/;

exports.run = (name) => {
  const path = join(__dirname, "..", "dist", "bin", `${name}.js`);
  let source;
  try {
    source = fs.readFileSync(path, "latin1");
  } catch {
    process.stderr.write(`${name} is not built; "npm run build" in the checkout builds it\n`);
    process.exit(1);
  }
  const cache = cachePath(name, source);
  const cachedData = cache && readCache(cache);
  const script = new vm.Script(`(function (module, require, __filename, __dirname) {${source}})`, {
    filename: path,
    cachedData: cachedData?.code,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  script.runInThisContext()({ exports: {} }, createRequire(path), path, dirname(path));
  if (cache === undefined || cachedData?.isOfLongRun) return;
  let isWritten = cachedData !== undefined;
  process.once("exit", () => {
    if (!isWritten) writeCache(cache, script.createCachedData(), false);
  });
  setTimeout(() => {
    writeCache(cache, script.createCachedData(), true);
    isWritten = true;
  }, LONG_RUN_MS).unref();
};

function cachePath(name, source) {
  const build = BUILD.exec(source.slice(-100))?.[1];
  if (build === undefined) return undefined;
  const { version, arch } = process;
  return join(__dirname, "..", "dist", "compile-cache", `${name}-${build}-${version}-${arch}`);
}

function readCache(path) {
  try {
    const bytes = fs.readFileSync(path);
    const code = bytes.subarray(HEAD_BYTES);
    if (bytes.readUInt32LE(0) !== sumOf(code)) return undefined;
    return { code, isOfLongRun: bytes.readUInt32LE(4) === 1 };
  } catch {
    return undefined;
  }
}

/** Under a name of its own first: others may be reading, or writing the same. */
function writeCache(path, code, isOfLongRun) {
  const temporary = `${path}.${process.pid}`;
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(sumOf(code), 0);
  head.writeUInt32LE(isOfLongRun ? 1 : 0, 4);
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(temporary, Buffer.concat([head, code]));
    fs.renameSync(temporary, path);
    removeOlder(path);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}

/** Those of the same program's other builds. */
function removeOlder(path) {
  const folder = dirname(path);
  const own = path.slice(folder.length + 1);
  const program = own.slice(0, own.indexOf("-") + 1);
  const isOlder = (file) => file.startsWith(program) && !file.startsWith(own);
  for (const file of fs.readdirSync(folder).filter(isOlder)) fs.rmSync(join(folder, file), { force: true });
}

/** FNV-1a over words. */
function sumOf(bytes) {
  const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
  let sum = 0x811c9dc5 ^ bytes.length;
  for (let i = 0; i < words.length; i++) sum = Math.imul(sum ^ words[i], 0x01000193);
  return sum >>> 0;
}
