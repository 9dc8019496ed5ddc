import { strictEqual as equal, throws } from "node:assert/strict";
import { ArangoError } from "../base/arango_error.ts";
import type { Held } from "../engine/document_locks.ts";
import { jsonText } from "./route.ts";
import { isWaiting, oneByOne, patiently, settled, type Waiting } from "./waiting.ts";

class HeldError extends ArangoError implements Held {
  isHeld = (): boolean => true;

  constructor(readonly patience: number) {
    super("ERROR_LOCK_TIMEOUT");
  }
}

/** Lets the clock stand until it is set. */
function clock(): { now: number } & Disposable {
  const { now } = Date;
  const time = { now: 0, [Symbol.dispose]: () => void (Date.now = now) };
  Date.now = () => time.now;
  return time;
}

Deno.test("work is tried until the patience with what is in its way ends; waiting without end takes nothing from that", () => {
  using time = clock();
  const [endless, collection] = [new HeldError(Infinity), new HeldError(1000)];
  let inTheWay: HeldError | undefined = endless;
  const answer = patiently(() => {
    if (inTheWay) throw inTheWay;
    return jsonText(200, "{}");
  }, () => {});
  if (!isWaiting(answer)) throw new Error("nothing was waited for");
  time.now = 5000;
  equal(answer.poll(), undefined);
  inTheWay = collection;
  endless.isHeld = () => false;
  equal(answer.poll(), undefined);
  time.now = 5999;
  equal(answer.poll(), undefined);
  time.now = 6000;
  throws(() => answer.poll(), collection);
  inTheWay = undefined;
  equal(answer.poll()?.status, 200);
});

Deno.test("a great many answers come one after the other, whether they tell when they are there or not", async () => {
  const count = 50_000;
  const reply = jsonText(200, "{}");
  for (const ready of [undefined, Promise.resolve()]) {
    let [begun, noted] = [0, 0];
    const answerOf = (): Waiting => {
      equal(begun++, noted);
      let isAsked = false;
      return { ...(ready ? { ready } : {}), poll: () => isAsked ? reply : void (isAsked = true) };
    };
    const answer = oneByOne(() => begun < count ? answerOf() : undefined, () => void noted++, () => reply);
    if (!isWaiting(answer)) throw new Error("nothing was waited for");
    if (!ready) { for (let i = 1; i < count; i++) equal(answer.poll(), undefined); }
    equal(await settled(answer), reply);
    equal(noted, count);
  }
});
