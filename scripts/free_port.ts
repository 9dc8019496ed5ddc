/**
 * Ports for programs that cannot choose one themselves.
 *
 * @module
 */

/** A port of the loopback interface where nothing listens. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
