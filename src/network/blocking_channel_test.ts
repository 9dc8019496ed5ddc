import { ok, strictEqual as equal, throws } from "node:assert/strict";
import { BlockingChannel, ChannelFailure, type ChannelOptions, Interrupted } from "./blocking_channel.ts";
import type { Head, Order } from "./blocking_channel_test_worker.ts";

const PATIENCE = 30_000;

function open(options: ChannelOptions = {}): BlockingChannel<Order, Head> {
  const script = new URL("./blocking_channel_test_worker.ts", import.meta.url);
  return new BlockingChannel(new Worker(script, { type: "module" }), options);
}

function checkBytes(body: Uint8Array, size: number): void {
  equal(body.length, size);
  const wrong = body.findIndex((byte, index) => byte !== index % 251);
  equal(wrong, -1);
}

Deno.test("bodies of every size arrive whole, also those larger than the window", () => {
  using channel = open();
  for (const size of [0, 1, 1_000_003, 12 * 1024 * 1024, 12 * 1024 * 1024 + 1, 40_000_000]) {
    const { head, body } = channel.start({ kind: "bytes", size }).wait(PATIENCE);
    equal(head.size, size);
    checkBytes(body, size);
  }
});

Deno.test("several exchanges are under way at once and may be waited for in any order", () => {
  using channel = open();
  const sizes = [30_000_000, 10, 20_000_000, 5_000];
  const pending = sizes.map((size) => channel.start({ kind: "bytes", size }));
  for (const index of [3, 2, 0, 1]) checkBytes(pending[index]!.wait(PATIENCE).body, sizes[index]!);
});

Deno.test("a body is not changed by later exchanges", () => {
  using channel = open();
  const { body } = channel.start({ kind: "bytes", size: 1000 }).wait(PATIENCE);
  channel.start({ kind: "bytes", size: 500 }).wait(PATIENCE).body.fill(0);
  checkBytes(body, 1000);
});

Deno.test("a lent body stays as it is until it is given back; one that does not fit is copied", () => {
  using channel = open();
  const lent = channel.start({ kind: "bytes", size: 1000 }, true).wait(PATIENCE);
  ok(lent.body.buffer instanceof SharedArrayBuffer);
  checkBytes(channel.start({ kind: "bytes", size: 500 }, true).wait(PATIENCE).body, 500);
  checkBytes(lent.body, 1000);
  lent.release!();
  lent.release!();
  const [one, other] = [1, 2].map((size) => channel.start({ kind: "bytes", size }, true).wait(PATIENCE));
  checkBytes(one!.body, 1);
  checkBytes(other!.body, 2);
  const large = channel.start({ kind: "bytes", size: 20_000_000 }, true).wait(PATIENCE);
  equal(large.release, undefined);
  checkBytes(large.body, 20_000_000);
});

Deno.test("waiting twice gives the same answer, or the same failure", () => {
  using channel = open();
  const good = channel.start({ kind: "bytes", size: 10 });
  equal(good.wait(PATIENCE), good.wait(PATIENCE));
  const bad = channel.start({ kind: "fail" });
  for (let time = 0; time < 2; time++) throws(() => bad.wait(PATIENCE), { kind: "worker", message: "out of range" });
});

Deno.test("a wait ends after its time, and the channel goes on", () => {
  using channel = open();
  throws(() => channel.start({ kind: "never" }).wait(20), (error) => (error as ChannelFailure).kind === "timeout");
  checkBytes(channel.start({ kind: "bytes", size: 100 }).wait(PATIENCE).body, 100);
});

Deno.test("an answer that comes too late does not end up in another exchange", () => {
  using channel = open();
  throws(() => channel.start({ kind: "bytes", size: 30_000_000, after: 50 }).wait(5), ChannelFailure);
  for (let time = 0; time < 5; time++) {
    checkBytes(channel.start({ kind: "bytes", size: 3000, after: 20 }).wait(PATIENCE).body, 3000);
  }
});

Deno.test("failures of the worker's handler, of a body's source and of nobody are told", () => {
  using channel = open();
  throws(() => channel.start({ kind: "fail" }).wait(PATIENCE), /out of range/);
  throws(() => channel.start({ kind: "break", size: 30_000_000 }).wait(PATIENCE), /broken in the middle/);
  throws(() => channel.start({ kind: "loose" }).wait(PATIENCE), /nobody catches this/);
  throws(() => channel.start({ kind: "long-head", size: 100_000 }).wait(PATIENCE), /more than the 65536/);
  checkBytes(channel.start({ kind: "bytes", size: 100 }).wait(PATIENCE).body, 100);
});

Deno.test("a wait can be interrupted, and the channel goes on", () => {
  let asked = 0;
  using channel = open({ isInterrupted: () => ++asked === 2 });
  throws(() => channel.start({ kind: "never" }).wait(PATIENCE), Interrupted);
  checkBytes(channel.start({ kind: "bytes", size: 100 }).wait(PATIENCE).body, 100);
});

Deno.test("an abandoned exchange makes room for others", () => {
  using channel = open();
  const large = channel.start({ kind: "bytes", size: 50_000_000 });
  channel.start({ kind: "bytes", size: 10 }).wait(PATIENCE);
  large.abandon();
  checkBytes(channel.start({ kind: "bytes", size: 100 }).wait(PATIENCE).body, 100);
});

Deno.test("a closed channel fails what is under way and what comes later", () => {
  const channel = open();
  const pending = channel.start({ kind: "never" });
  channel[Symbol.dispose]();
  throws(() => pending.wait(PATIENCE), { kind: "closed" });
  throws(() => channel.start({ kind: "bytes" }).wait(PATIENCE), { kind: "closed" });
});

Deno.test("a thread of its own can wait as well", async () => {
  const source = `
    import { BlockingChannel } from ${JSON.stringify(new URL("./blocking_channel.ts", import.meta.url).href)};
    const script = ${JSON.stringify(new URL("./blocking_channel_test_worker.ts", import.meta.url).href)};
    const channel = new BlockingChannel(new Worker(script, { type: "module" }));
    postMessage(channel.start({ kind: "bytes", size: 20_000_000 }).wait(${PATIENCE}).body.length);
    channel[Symbol.dispose]();`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: "module" });
  const length = await new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  worker.terminate();
  ok(length === 20_000_000);
});
