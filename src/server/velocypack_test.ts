import { equal, match } from "node:assert/strict";
import { bodyBytes } from "../base/exchange.ts";
import { jsonToVelocyPack, VELOCYPACK_TYPE, velocyPackToJson } from "../base/velocypack.ts";
import { TestServer } from "./testing.ts";

const TYPE = { "content-type": VELOCYPACK_TYPE };

Deno.test("a client may send and get VelocyPack; numbers of 64 bits stay what they are", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", jsonToVelocyPack('{"name":"c"}'), TYPE);
  const document = '{"_key":"a","large":9007199254740993,"list":[1.5,"é",{}]}';
  equal(test.send("POST", "/_api/document/c", jsonToVelocyPack(document), TYPE).status, 202);
  match(test.send("GET", "/_api/document/c/a").text, /"large":9007199254740993,"list":\[1\.5,"é",\{\}\]\}$/);

  const reply = test.server.handle({
    method: "GET",
    url: "/_api/document/c/a",
    headers: { accept: VELOCYPACK_TYPE },
    body: new Uint8Array(),
  }, { wait: "block" });
  equal(reply.headers["content-type"], VELOCYPACK_TYPE);
  match(velocyPackToJson(bodyBytes(reply)), /^\{"_key":"a",.*"large":9007199254740993,"list":\[1\.5,"é",\{\}\]\}$/);
  const accepting = { accept: `${VELOCYPACK_TYPE}, application/json` };
  match(test.send("GET", "/_api/version", undefined, accepting).text, /^\{"server"/);
});

Deno.test("a damaged body in VelocyPack is error 600 and changes nothing", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const answer = test.send("POST", "/_api/document/c", jsonToVelocyPack('{"a":[1,2]}').subarray(0, 5), TYPE);
  equal(answer.status, 400);
  equal(answer.body.errorNum, 600);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 0);
});
