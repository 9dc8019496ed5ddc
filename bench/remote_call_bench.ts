/**
 * What it costs to wait: a blocking remote call beside the same call awaited through arangojs.
 *
 * @module
 */
import { bodyText } from "../src/base/exchange.ts";
import { RemoteConnection } from "../src/connection/remote.ts";
import { Database } from "arangojs";

const SERVER = `
const small = new TextEncoder().encode('{"server":"arango","license":"community","version":"3.12.5"}');
const documents = Array.from({ length: 1000 }, (_, i) => ({ _key: String(i), value: "x".repeat(200) }));
const large = new TextEncoder().encode(JSON.stringify({ result: documents, hasMore: false, error: false, code: 201 }));
const headers = { "content-type": "application/json; charset=utf-8" };
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) =>
  new Response(request.url.endsWith("large") ? large : small, { headers }));
postMessage(server.addr.port);
`;

const server = new Worker(`data:text/javascript,${encodeURIComponent(SERVER)}`, { type: "module" });
const port = await new Promise<number>((resolve) => server.onmessage = ({ data }) => resolve(data));
const endpoint = `http://127.0.0.1:${port}`;
const driver = new Database({ url: endpoint });
const connection = new RemoteConnection({ endpoint });

/** As the shell does: a request, its answer decoded and parsed. */
function blocking(path: string): unknown {
  const url = `/_db/_system/${path}`;
  return JSON.parse(bodyText(connection.request({ method: "GET", url, headers: {}, body: new Uint8Array() })));
}

for (const path of ["small", "large"]) {
  Deno.bench(`awaited through arangojs, ${path} answer`, { group: path, baseline: true }, async () => {
    await driver.route(path).get();
  });
  Deno.bench(`blocking, ${path} answer`, { group: path }, () => {
    blocking(path);
  });
}
