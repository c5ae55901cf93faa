/** Loads an executable's bundle from dist/bin, with V8's cache of compiled code where Node offers one (22.8 and newer). */
import { existsSync } from "node:fs";
import module from "node:module";

export async function load(name) {
  const bundle = new URL(`../dist/bin/${name}.js`, import.meta.url);
  if (!existsSync(bundle)) {
    process.stderr.write(`${name} is not built; "npm run build" in the checkout builds it\n`);
    process.exit(1);
  }
  module.enableCompileCache?.(new URL("../dist/compile-cache", import.meta.url).pathname);
  await import(bundle.href);
}
