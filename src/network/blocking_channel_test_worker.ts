/**
 * The worker of the channel's tests.
 *
 * @module
 */
import { serveChannel } from "./blocking_channel.ts";

/** What the tests ask for. */
export interface Order {
  /** `bytes`: as many bytes as `size` says; `never`: no answer; `fail`: a failure; `loose`: an error that nobody catches. */
  readonly kind: "bytes" | "never" | "fail" | "loose" | "break" | "long-head";
  readonly size?: number;
  /** Milliseconds before the answer. */
  readonly after?: number;
}

/** What precedes the bytes. */
export interface Head {
  readonly size: number;
  readonly text?: string;
}

function* bytes(size: number, breaks: boolean): Generator<Uint8Array> {
  const part = 1_000_003;
  for (let from = 0; from < size; from += part) {
    const piece = new Uint8Array(Math.min(part, size - from));
    for (let index = 0; index < piece.length; index++) piece[index] = (from + index) % 251;
    yield piece;
  }
  if (breaks) throw new Error("broken in the middle");
}

serveChannel<Order, Head>(async ({ kind, size = 0, after = 0 }) => {
  if (after > 0) await new Promise((resolve) => setTimeout(resolve, after));
  if (kind === "fail") throw new RangeError("out of range");
  if (kind === "loose") {
    setTimeout(() => {
      throw new Error("nobody catches this");
    }, 0);
  }
  if (kind === "never" || kind === "loose") await new Promise(() => {});
  if (kind === "long-head") return { head: { size, text: "x".repeat(size) }, body: [] };
  return { head: { size }, body: bytes(size, kind === "break") };
}, (error) => ({ kind: "worker", message: error instanceof Error ? error.message : String(error) }));
