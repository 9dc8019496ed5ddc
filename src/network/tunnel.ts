/**
 * A detour for encrypted connections. Deno's HTTP client cannot connect to one address and check the certificate of another;
 * through a proxy it can: the certificate must then be that of the address it has asked for.
 *
 * @module
 */
import type { Address } from "./connect_to.ts";

/** A proxy on loopback that leads to one address, whatever it is asked for. */
export class Tunnel implements Disposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: Address;

  constructor(target: Address) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    void this.#accept();
  }

  /** The proxy's URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) void this.#lead(connection);
    } catch (error) {
      // closing the listener ends the loop this way
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  /** Reads a CONNECT request and connects the two ends. */
  async #lead(client: Deno.TcpConn): Promise<void> {
    const { host, port } = this.#target;
    try {
      if (!await isConnectRequest(client)) return client.close();
      let server: Deno.TcpConn;
      try {
        server = await Deno.connect({ hostname: host, port });
      } catch (error) {
        await client.write(new TextEncoder().encode("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
        throw error;
      }
      await client.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"));
      await Promise.allSettled([client.readable.pipeTo(server.writable), server.readable.pipeTo(client.writable)]);
    } catch {
      // whoever sent the request through the tunnel sees its connection end, and reports that
      try {
        client.close();
      } catch {
        // closed by the other end
      }
    }
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

async function isConnectRequest(client: Deno.TcpConn): Promise<boolean> {
  const buffer = new Uint8Array(1024);
  let text = "";
  while (!text.includes("\r\n\r\n") && text.length < 16384) {
    const read = await client.read(buffer);
    if (read === null) return false;
    text += new TextDecoder().decode(buffer.subarray(0, read));
  }
  return text.startsWith("CONNECT ");
}
