import { deepStrictEqual as deepEqual, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { connectAddress, parseConnectRule } from "./connect_to.ts";

function lead(rules: string[], host: string, port: number): string {
  const address = connectAddress(rules.map(parseConnectRule), { host, port });
  return `${address.host} ${address.port}`;
}

Deno.test("connections for the first pair go to the second", () => {
  const rule = ["leader.domain.org:8529:127.0.0.1:9000"];
  equal(lead(rule, "leader.domain.org", 8529), "127.0.0.1 9000");
  equal(lead(rule, "LEADER.domain.org", 8529), "127.0.0.1 9000");
  equal(lead(rule, "leader.domain.org", 8530), "leader.domain.org 8530");
  equal(lead(rule, "other.domain.org", 8529), "other.domain.org 8529");
});

Deno.test("empty parts match everything, or change nothing", () => {
  equal(lead([":8529:127.0.0.1:1"], "any", 8529), "127.0.0.1 1");
  equal(lead(["h::127.0.0.1:1"], "h", 77), "127.0.0.1 1");
  equal(lead([":::"], "h", 77), "h 77");
  equal(lead(["h:1::2"], "h", 1), "h 2");
  equal(lead(["h:1:g:"], "h", 1), "g 1");
});

Deno.test("IPv6 addresses stand in brackets", () => {
  deepEqual(parseConnectRule("[::1]:8529:[FE80::1]:9"), { host: "::1", port: "8529", toHost: "fe80::1", toPort: "9" });
  equal(lead(["[::1]:8529:[::2]:9"], "::1", 8529), "::2 9");
});

Deno.test("the first rule that matches decides", () => {
  equal(lead(["h:1:a:2", "h:1:b:3"], "h", 1), "a 2");
  equal(lead(["x:1:a:2", "h:1:b:3"], "h", 1), "b 3");
});

Deno.test("a rule of another form or with an impossible port is refused, and the error quotes it", () => {
  for (const text of ["", "a:1:b", "a:1:b:c", "a:1:b:2:3", "::1:1:b:2", "a:70000:b:1", "a:1:b:70000"]) {
    throws(() => parseConnectRule(text), { errorNum: 10, message: /--connect-to: expecting HOST1:PORT1:HOST2:PORT2/ });
  }
});

Deno.test("a rule leads its own pair to its target, and nothing else", () => {
  const port = fc.integer({ min: 1, max: 65535 });
  fc.assert(fc.property(fc.domain(), port, fc.domain(), port, fc.domain(), port, (h1, p1, h2, p2, h3, p3) => {
    const rule = [`${h1}:${p1}:${h2}:${p2}`];
    equal(lead(rule, h1, p1), `${h2.toLowerCase()} ${p2}`);
    fc.pre(h3.toLowerCase() !== h1.toLowerCase() || p3 !== p1);
    equal(lead(rule, h3, p3), `${h3} ${p3}`);
  }));
});
