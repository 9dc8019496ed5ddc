/**
 * A leader on real sockets in a thread of its own, behind a proxy that can be told to misbehave.
 *
 * @module
 */
import { Engine, MEMORY } from "../src/engine/engine.ts";
import { serve } from "../src/server/listen.ts";
import { Server } from "../src/server/server.ts";
import { type LeaderOrder, PROXY } from "./leader_order.ts";

async function proxy(listener: Deno.Listener, port: number, faults: Int32Array): Promise<void> {
  for await (const client of listener) {
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    // either side may go at any time: that is what this is for
    client.readable.pipeTo(server.writable).catch(() => {});
    answer(server, client as Deno.TcpConn, faults).catch(() => {});
  }
}

async function answer(server: Deno.TcpConn, client: Deno.TcpConn, faults: Int32Array): Promise<void> {
  const buffer = new Uint8Array(16384);
  let passed = 0;
  for (let read = await server.read(buffer); read !== null; read = await server.read(buffer)) {
    passed += read;
    const fault = Atomics.load(faults, 0);
    if (fault !== PROXY.pass && passed > Atomics.load(faults, 1)) {
      if (fault === PROXY.cut) return client.close();
      // says nothing more, and keeps the connection
      if (fault === PROXY.stall) return;
      damage(buffer.subarray(0, read), fault);
    }
    await client.write(buffer.subarray(0, read));
  }
  client.close();
}

/** Makes of the last document in a piece of text something that is no JSON, or not UTF-8, of the same length. */
function damage(bytes: Uint8Array, fault: number): void {
  const at = new TextDecoder("latin1").decode(bytes).lastIndexOf(`"text":"x`);
  if (at < 0) return;
  if (fault === PROXY.misencode) bytes[at + 8] = 0xff;
  else bytes[at + 6] = 0x20;
}

async function start(order: LeaderOrder): Promise<void> {
  const engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  engine.write([collection], () => {
    for (let i = 0; i < order.documents; i++) collection.insert(`{"_key":"${i}","text":"${"x".repeat(200)}"}`);
  });
  const server = new Server(engine, {
    authentication: order.password !== undefined,
    ...(order.password === undefined ? {} : { rootPassword: order.password }),
  });
  const { certificateAndKey } = order;
  const running = await serve({
    server,
    endpoints: [`${certificateAndKey ? "ssl" : "tcp"}://127.0.0.1:0`],
    ...(certificateAndKey ? { certificateAndKey } : {}),
  });
  const port = Number(new URL(running.endpoints[0]!).port);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  proxy(listener, port, new Int32Array(order.faults));
  scope.postMessage({ port: (listener.addr as Deno.NetAddr).port });
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<LeaderOrder>) => void;
  postMessage(message: { port: number }): void;
};
scope.onmessage = (event) => void start(event.data);
