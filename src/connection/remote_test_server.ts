/**
 * The server of the remote connection's tests: a worker, since the thread of the tests blocks.
 *
 * @module
 */

/** What the server is told first. */
export interface ServerOrder {
  /** Whether `/_open/auth` hands out tokens, and for how many seconds; `none` for an answer that has none. */
  readonly tokenSeconds?: number | "none";
  /** A Unix socket to listen on as well. */
  readonly socket?: string;
}

/** Where it listens. */
export interface ServerPlace {
  readonly port: number;
  /** A port where connections end in the middle. */
  readonly rudePort: number;
}

let tokens = 0;
const base64url = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll("=", "");

function token(seconds: number): string {
  tokens++;
  return `${base64url({ alg: "none" })}.${base64url({ exp: Math.floor(Date.now() / 1000) + seconds, tokens })}.x`;
}

async function answer(request: Request, order: ServerOrder): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const json = { "content-type": "application/json; charset=utf-8" };
  if (pathname === "/_open/auth") {
    if (order.tokenSeconds === undefined) return Response.json({ error: true }, { status: 404 });
    return Response.json(order.tokenSeconds === "none" ? {} : { jwt: token(order.tokenSeconds) });
  }
  const [, kind, argument] = pathname.split("/");
  switch (kind) {
    case "bytes":
      return new Response(new Uint8Array(Number(argument)).map((_, index) => index % 251));
    case "text":
      return new Response(`{"n":12345678901234567890,"z":-0.0,  "b":1}`, { headers: json });
    case "broken":
      return new Response(`{"unfinished`, { headers: json });
    case "status": {
      const headers = { ...json, "x-arango-endpoint": "tcp://other:1" };
      return new Response(`{"error":true,  "errorNum":1203,"code":404,"errorMessage":"gone"}`, {
        status: Number(argument),
        headers,
      });
    }
    case "restarted": {
      // since it has given out so many tokens, which it does not know any more
      const { tokens: number } = JSON.parse(atob((request.headers.get("authorization") ?? "").split(".")[1] ?? "e30"));
      if (!(number > Number(argument))) return Response.json({ error: true }, { status: 401 });
      return Response.json({ tokens, body: await request.text() });
    }
    case "empty":
      return new Response(null, { status: Number(argument) });
    case "redirect":
      return new Response(null, { status: 307, headers: { location: "/text" } });
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      return new Response();
    default: {
      const body = btoa(String.fromCharCode(...new Uint8Array(await request.arrayBuffer())));
      const headers = Object.fromEntries(request.headers);
      return Response.json({ method: request.method, pathname, search, headers, body, tokens });
    }
  }
}

const encoder = new TextEncoder();

/** Connections that end before, or within, an answer; the second request of `/once` is answered. */
async function beRude(listener: Deno.TcpListener): Promise<void> {
  let asked = 0;
  for await (const connection of listener) {
    void (async () => {
      const buffer = new Uint8Array(65536);
      for (let kept = 0;; kept++) {
        const length = await connection.read(buffer);
        if (length === null) break;
        const head = new TextDecoder().decode(buffer.subarray(0, length));
        const path = head.split(" ")[1]!.replace("/.", "");
        if (path === "/cut") {
          await connection.write(encoder.encode("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly this"));
          break;
        }
        if (path === "/garbage") {
          await connection.write(encoder.encode("SSH-2.0-OpenSSH_9.2\r\n"));
          break;
        }
        // the second request of a kept connection finds it closed
        if (path === "/kept" && kept > 0) break;
        if (path === "/close") break;
        asked++;
        await connection.write(
          encoder.encode(`HTTP/1.1 200 OK\r\ncontent-length: ${String(asked).length}\r\n\r\n${asked}`),
        );
      }
      try {
        connection.close();
      } catch {
        // the client was quicker
      }
    })();
  }
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ServerOrder>) => void;
  postMessage: (place: ServerPlace) => void;
};
scope.onmessage = ({ data: order }) => {
  const handler = (request: Request): Promise<Response> => answer(request, order);
  const rude = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  void beRude(rude);
  if (order.socket !== undefined) Deno.serve({ path: order.socket, onListen: () => {} }, handler);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  scope.postMessage({ port: server.addr.port, rudePort: rude.addr.port });
};
