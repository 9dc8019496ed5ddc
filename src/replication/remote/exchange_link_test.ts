import { deepStrictEqual as deepEqual } from "node:assert/strict";
import { RepeatingExchange } from "./exchange_link.ts";

Deno.test("what is to be repeated goes before the requests of whoever uses the exchange, until that ends", () => {
  const seen: string[] = [];
  const exchange = new RepeatingExchange({
    request: ({ method, url }) => {
      seen.push(`${method} ${url}`);
      return { status: 200, headers: {}, body: new Uint8Array() };
    },
  });
  const send = (method: string, url: string) => ({ method, url, headers: {}, body: new Uint8Array() });
  const later = exchange.repeat(send("PUT", "/batch/1"), 3600);
  const now = exchange.repeat(send("PUT", "/batch/2"), 0);
  exchange.request(send("POST", "/document/c"));
  exchange.request(send("POST", "/document/c"));
  now[Symbol.dispose]();
  later[Symbol.dispose]();
  exchange.request(send("GET", "/version"));
  deepEqual(seen, ["PUT /batch/2", "POST /document/c", "PUT /batch/2", "POST /document/c", "GET /version"]);
});
