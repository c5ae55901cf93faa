import assert from "node:assert/strict";
import { test } from "node:test";
import { passAccess } from "./access.ts";
import { FakeExchange, type FakeRequest } from "./fake-exchange.ts";
import { cleanPath, parseTarget, Routes } from "./routes.ts";

function serve(request: FakeRequest): FakeExchange {
  const routes = new Routes();
  routes.add("/version", (exchange) => exchange.answer(200, [], "exact"));
  routes.add("/v3/", (exchange, { path }) => exchange.answer(200, [], `subtree ${path}`));
  const exchange = new FakeExchange(request);
  const url = parseTarget(exchange.target);
  if (url !== undefined) routes.serve(exchange, url);
  return exchange;
}

test("an exact path is served, with a query or an escape, and nothing near it", () => {
  assert.equal(serve({ target: "/version" }).body, "exact");
  assert.equal(serve({ target: "/version?x=1" }).body, "exact");
  assert.equal(serve({ target: "/v%65rsion" }).body, "exact");
  assert.equal(serve({ target: "http://somewhere/version" }).body, "exact");
  for (const target of ["/version/", "/Version", "/", "/nothing"])
    assert.equal(serve({ target }).status, 404);
});

test("a subtree is served at its root and below it, and redirected to where its slash is missing", () => {
  assert.equal(serve({ target: "/v3/kv/range" }).body, "subtree /v3/kv/range");
  assert.equal(serve({ target: "/v3/" }).body, "subtree /v3/");
  const redirected = serve({ target: "/v3?a=b" });
  assert.deepEqual([redirected.status, redirected.headers.Location], [307, "/v3/?a=b"]);
});

test("a path that is not clean is redirected; only a GET gets a page", () => {
  const got = serve({ target: "//version" });
  assert.equal(got.status, 307);
  assert.equal(got.body, '<a href="/version">Temporary Redirect</a>.\n\n');
  const posted = serve({ method: "POST", target: "/v3/../version" });
  assert.deepEqual([posted.headers.Location, posted.body], ["/version", ""]);
});

test("paths are cleaned", () => {
  const cases = { "/": "/", "//a": "/a", "/a/./b": "/a/b", "/a/../../b/": "/b/", "/a//": "/a/" };
  for (const [path, clean] of Object.entries(cases)) assert.equal(cleanPath(path), clean);
});

test("a broken escape is no target", () => {
  assert.equal(parseTarget("/a%zz"), undefined);
  assert.equal(parseTarget("/a%"), undefined);
});

const OPEN = { origins: ["*"], hosts: ["*"] };

function pass(rules: { origins: string[]; hosts: string[] }, request: FakeRequest) {
  const exchange = new FakeExchange(request);
  const url = passAccess(rules, exchange, parseTarget(exchange.target)!);
  return { exchange, path: url?.path };
}

test("the old prefix is the new one", () => {
  assert.equal(pass(OPEN, { target: "/v3beta/kv/put" }).path, "/v3/kv/put");
  assert.equal(pass(OPEN, { target: "/v3beta" }).path, "/v3beta");
});

test("a host that is not listed is refused in plain text, and not asked for over TLS", () => {
  const rules = { origins: ["*"], hosts: ["good.example", "::1"] };
  assert.equal(pass(rules, { host: "good.example:80" }).path, "/");
  assert.equal(pass(rules, { host: "[::1]:80" }).path, "/");
  assert.equal(pass(rules, { host: "GOOD.example", tls: true }).path, "/");
  const { exchange, path } = pass(rules, { host: "GOOD.example" });
  assert.deepEqual([path, exchange.status], [undefined, 421]);
  assert.match(exchange.body, /--host-whitelist "GOOD.example"/);
  assert.deepEqual(exchange.extraHeaders, []);
});

test("no host at all is allowed by an empty list", () => {
  assert.equal(pass({ origins: ["*"], hosts: [] }, {}).exchange.status, 421);
});

test("origins: all, listed, or none; OPTIONS is answered for every path", () => {
  const origin = (origins: string[], headers: Record<string, string>) =>
    pass({ origins, hosts: ["*"] }, { headers }).exchange.extraHeaders.at(-1)?.[1];
  assert.equal(origin(["*"], {}), "*");
  assert.equal(origin(["http://a:1"], { Origin: "http://a:1" }), "http://a:1");
  assert.equal(origin(["http://a:1"], { Origin: "http://a" }), undefined);
  assert.equal(origin(["http://a:1"], {}), undefined);
  const { exchange, path } = pass(OPEN, { method: "OPTIONS", target: "/nothing" });
  assert.deepEqual([path, exchange.status, exchange.body], [undefined, 200, ""]);
});
