/**
 * Requests whose path `fetch` would change: steps `.` and `..` lead nowhere and up in a URL, but documents have such keys.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import type { PeerCertificate } from "node:tls";
import type { Address } from "./connect_to.ts";
import type { Endpoint } from "./endpoint.ts";

/** Where a request goes to, and what it is. */
export interface ExactRequest {
  readonly endpoint: Endpoint;
  /** Where to connect to. */
  readonly address: Address;
  /** A PEM file of certificates that are trusted besides the platform's. */
  readonly caFile: string | undefined;
  readonly method: string;
  /** Path and query, with a leading slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** Whether `fetch` would ask for another path. Source: WHATWG's URL standard, "single-dot" and "double-dot URL path segment". */
export function hasDotStep(url: string): boolean {
  return /\/(\.|%2e){1,2}(?=[/?#\\]|$)/i.test(url);
}

/**
 * Sends a request to exactly its path, on a connection of its own.
 *
 * @throws Error without an answer: what Node's client has said, or the reason of `signal`
 */
export async function requestExactly(request: ExactRequest): Promise<Response> {
  const { endpoint, address, caFile, method, url, headers, body, signal } = request;
  // they take longer to load than most requests take
  const { default: client } = endpoint.secure ? await import("node:https") : await import("node:http");
  const place = endpoint.socket === undefined ? address : { socketPath: endpoint.socket };
  const trust = endpoint.secure ? await trustIn(endpoint, caFile) : {};
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  // Node's client says nothing about the body of a DELETE
  const length = bytes === undefined ? {} : { "content-length": String(bytes.length) };
  const sent = { host: new URL(endpoint.origin).host, ...headers, ...length };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  signal.throwIfAborted();
  const exchange = client.request({ ...place, ...trust, path: url, method, headers: sent, agent: false }, resolve);
  exchange.on("error", reject);
  // the answer's body ends with it
  signal.addEventListener("abort", () => {
    reject(signal.reason);
    exchange.destroy(signal.reason);
  });
  exchange.end(bytes);
  return response(await promise);
}

/** Options by which a server has to be the one that its endpoint names, wherever it was found. */
async function trustIn({ host }: Endpoint, caFile: string | undefined) {
  const { checkServerIdentity, rootCertificates } = await import("node:tls");
  return {
    // an address is no name to ask for
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ...(caFile === undefined ? {} : { ca: [...rootCertificates, Deno.readTextFileSync(caFile)] }),
    checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
  };
}

function response(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const status = answer.statusCode!;
  const body = [204, 205, 304].includes(status) ? null : ReadableStream.from<Uint8Array>(answer);
  return new Response(body, { status, headers });
}
