/**
 * Runs queries over a connection, without a script.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Connection } from "../connection/connection.ts";

const BATCH_SIZE = 10_000;

/**
 * The results of a query, batch by batch.
 *
 * @param database where the query runs
 * @throws ArangoError what the server answers
 */
export function* queryResults<T>(
  connection: Connection,
  database: string,
  query: string,
  bindVars: Readonly<Record<string, unknown>> = {},
): Generator<T> {
  const send = (method: string, path: string, body?: unknown): { result: T[]; hasMore: boolean; id?: string } => {
    const url = `/_db/${encodeURIComponent(database)}${path}`;
    const bytes = body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(body));
    const reply = connection.request({ method, url, headers: {}, body: bytes });
    const answer = JSON.parse(new TextDecoder().decode(reply.body)) as
      & { result: T[]; hasMore: boolean }
      & { errorNum?: number; errorMessage?: string };
    if (reply.status >= 400) {
      throw new ArangoError(answer.errorNum ?? reply.status, answer.errorMessage, { code: reply.status });
    }
    return answer;
  };
  let batch = send("POST", "/_api/cursor", { query, bindVars, batchSize: BATCH_SIZE });
  yield* batch.result;
  while (batch.hasMore) {
    batch = send("POST", `/_api/cursor/${batch.id}`);
    yield* batch.result;
  }
}
