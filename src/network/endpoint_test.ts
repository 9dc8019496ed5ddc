import { strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { parseEndpoint } from "./endpoint.ts";

Deno.test("endpoints are shown as ArangoDB shows them, and give URLs", () => {
  const cases: [string, string, string][] = [
    ["tcp://localhost:8529", "http+tcp://127.0.0.1:8529", "http://127.0.0.1:8529"],
    ["tcp://Leader.Domain.ORG", "http+tcp://leader.domain.org:8529", "http://leader.domain.org:8529"],
    ["http://10.0.0.1:80/", "http+tcp://10.0.0.1:80", "http://10.0.0.1:80"],
    ["http+tcp://h:1", "http+tcp://h:1", "http://h:1"],
    ["https://h", "http+ssl://h:8529", "https://h:8529"],
    ["ssl://h:443", "http+ssl://h:443", "https://h:443"],
    ["http+ssl://h:9", "http+ssl://h:9", "https://h:9"],
    ["HTTP+SSL://H:9", "http+ssl://h:9", "https://h:9"],
    ["tcp://[::1]:8529", "http+tcp://[::1]:8529", "http://[::1]:8529"],
    ["tcp://[FE80::1]", "http+tcp://[fe80::1]:8529", "http://[fe80::1]:8529"],
    ["unix:///tmp/A b.sock", "http+unix:///tmp/A b.sock", "http://localhost"],
    ["http+unix:///x", "http+unix:///x", "http://localhost"],
  ];
  for (const [given, text, origin] of cases) {
    const endpoint = parseEndpoint(given);
    equal(endpoint.text, text);
    equal(endpoint.origin, origin);
  }
});

Deno.test("an address that nobody can connect to is refused by name", () => {
  throws(() => parseEndpoint("tcp://0.0.0.0:8529"), /0\.0\.0\.0 is no address that one can connect to/);
  throws(() => parseEndpoint("tcp://[::]:8529"), /\[::\] is no address/);
});

Deno.test("protocols that denosh does not speak are refused by name", () => {
  throws(() => parseEndpoint("vst://127.0.0.1:8529"), /VelocyStream is not supported/);
  throws(() => parseEndpoint("h2+ssl://127.0.0.1:8529"), /HTTP\/2 is not supported/);
  throws(() => parseEndpoint("http+srv://name"), /SRV records are not supported/);
});

Deno.test("anything else is refused with the forms that there are", () => {
  for (
    const text of [
      "",
      "localhost",
      "tcp:/h",
      "tcp://",
      "tcp://h:99999",
      "tcp://h:x",
      "tcp://a b",
      "unix://x",
      "ftp://h",
    ]
  ) {
    throws(() => parseEndpoint(text), { errorNum: 10, message: /expecting for instance tcp:\/\/127\.0\.0\.1:8529/ });
  }
});

Deno.test("the text of an endpoint is an endpoint with the same text", () => {
  const scheme = fc.constantFrom("tcp", "http", "http+tcp", "ssl", "https", "http+ssl");
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6().map((address) => `[${address}]`));
  const port = fc.integer({ min: 1, max: 65535 });
  fc.assert(fc.property(scheme, host, port, (one, two, three) => {
    fc.pre(two !== "0.0.0.0" && !/^\[[0:]*\]$/.test(two));
    const first = parseEndpoint(`${one}://${two}:${three}`);
    const second = parseEndpoint(first.text);
    equal(second.text, first.text);
    equal(second.origin, first.origin);
    equal(first.port, three);
  }));
});
