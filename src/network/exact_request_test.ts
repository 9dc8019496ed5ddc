import { equal, rejects } from "node:assert/strict";
import { parseConnectRule } from "./connect_to.ts";
import { parseEndpoint } from "./endpoint.ts";
import { hasDotStep } from "./exact_request.ts";
import { HttpClient } from "./http_client.ts";

const fixture = (name: string): string => new URL(`../../tests/fixtures/${name}`, import.meta.url).pathname;

Deno.test("steps that URLs do not keep are found, however they are written", () => {
  for (const path of ["/a/.", "/a/../b", "/%2e", "/a/.%2E?b", "/..#"]) {
    equal(hasDotStep(path), true, path);
    equal(new URL(path, "http://h").pathname === path.replace(/[?#].*/, ""), false, path);
  }
  for (const path of ["/a/...", "/a/.b", "/a?b=/..c", "/a.", "/%2e%2e%2e", "/"]) {
    equal(hasDotStep(path), false, path);
    equal(new URL(path, "http://h").pathname, path.replace(/[?#].*/, ""), path);
  }
});

Deno.test("a server that is not the one of the endpoint, or that nobody trusts, is asked for no such path either", async () => {
  const pem = Deno.readTextFileSync(fixture("leader.pem"));
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: pem, key: pem, onListen: () => {} },
    ({ url }) => new Response(url),
  );
  const ask = async (host: string, path: string, caFile?: string): Promise<string> => {
    const { port } = server.addr;
    using client = new HttpClient({
      endpoint: parseEndpoint(`ssl://${host}:8529`),
      connectTo: [parseConnectRule(`${host}:8529:127.0.0.1:${port}`)],
      connectTimeout: 10,
      ...(caFile === undefined ? {} : { caFile }),
    });
    return await (await client.request("GET", path, { headers: {}, timeout: 30 })).text();
  };
  const trusted = fixture("ca.pem");
  for (const path of ["/a/..", "/a"]) {
    for (const host of ["leader.domain.org", "127.0.0.1"]) {
      equal(await ask(host, path, trusted), `https://${host}:8529${path}`);
      await rejects(ask(host, path), /its certificate is not trusted/);
    }
    for (const host of ["other.domain.org", "127.0.0.2"]) await rejects(ask(host, path, trusted), /TLS failure/);
  }
});
