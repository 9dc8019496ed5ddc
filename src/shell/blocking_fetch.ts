/**
 * HTTP exchanges that block the thread which asks for them.
 *
 * @module
 */
import type { Fetch } from "./host.ts";
import type { WaitForWord } from "./programs.ts";

/** A worker that performs one exchange, and a thread that waits for it. */
const FETCH_WORKER = `
onmessage = async ({ data: { request, shared } }) => {
  const state = new Int32Array(shared, 0, 2);
  const store = (text) => {
    let bytes = new TextEncoder().encode(text);
    if (bytes.length > shared.byteLength - 8) {
      const message = "the answer is too large for this shell: " + bytes.length + " bytes";
      bytes = new TextEncoder().encode(JSON.stringify({ code: 500, message, headers: {}, body: "" }));
    }
    new Uint8Array(shared, 8).set(bytes.subarray(0, shared.byteLength - 8));
    state[1] = bytes.length;
    Atomics.store(state, 0, 1);
    Atomics.notify(state, 0);
  };
  try {
    const { method, url, headers, body, timeout, redirect } = request;
    const reply = await fetch(url, {
      method, headers, redirect, body: body.length > 0 ? body : undefined, signal: AbortSignal.timeout(timeout * 1000),
    });
    const bytes = new Uint8Array(await reply.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
    store(JSON.stringify({
      code: reply.status, message: reply.statusText, headers: Object.fromEntries(reply.headers), body: btoa(binary),
    }));
  } catch (error) {
    let message = String(error?.message ?? error);
    for (let at = error?.cause; at?.message && !message.includes(at.message); at = at.cause) message += ": " + at.message;
    store(JSON.stringify({ code: 500, message, headers: {}, body: "" }));
  }
};`;

/**
 * Performs one exchange in a worker of its own. Its other parameters are those of {@linkcode Fetch}.
 *
 * @param wait waits for the answer; the exchange ends when it throws, as after Ctrl-C
 */
export function blockingFetch(
  wait: WaitForWord,
  ...[method, url, headers, body, timeout]: Parameters<Fetch>
): string {
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(FETCH_WORKER)}`, { type: "module" });
  try {
    const shared = new SharedArrayBuffer(8, { maxByteLength: 256 * 1024 * 1024 });
    shared.grow(256 * 1024 * 1024);
    const state = new Int32Array(shared, 0, 2);
    const request = { method, url, headers: { ...headers }, body, timeout, redirect: "manual" };
    worker.postMessage({ request, shared });
    if (!wait(state, 0, 0, timeout + 1)) {
      return JSON.stringify({ code: 500, message: "Request timeout reached", headers: {}, body: "" });
    }
    return new TextDecoder().decode(new Uint8Array(shared, 8, state[1]).slice());
  } finally {
    worker.terminate();
  }
}
