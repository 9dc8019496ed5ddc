/**
 * `/_api/batch`: several requests in one, as 3.11 has it.
 *
 * Source: recorded example `RestBatchMultipartHeader`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { type ApiReply, type ApiRequest, bodySize, bodyText } from "../../base/exchange.ts";
import { bytes, type RequestContext, type Route } from "../route.ts";
import { oneByOne, type Waiting } from "../waiting.ts";

const PART_TYPE = "application/x-arango-batchpart";
const encoder = new TextEncoder();

/** What the status line of a part says after its number. */
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

interface Part {
  /** What the client calls it. */
  readonly id: string | undefined;
  readonly request: ApiRequest;
}

function invalid(what: string): ArangoError {
  return new ArangoError("ERROR_HTTP_BAD_PARAMETER", `invalid multipart message: ${what}`);
}

/** Cuts text at its first empty line: lines of headers, and the rest. */
function splitHead(text: string): { lines: string[]; rest: string } {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end ? text.slice(0, end.index) : text;
  return {
    lines: head.split(/\r?\n/).filter((line) => line !== ""),
    rest: end ? text.slice(end.index + end[0].length) : "",
  };
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(":");
    if (colon < 0) throw invalid(`'${line}' is no header`);
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  }));
}

function parsePart(text: string, authorization: string | undefined): Part {
  const { lines, rest } = splitHead(text);
  const headers = headersOf(lines);
  if (headers["content-type"] !== PART_TYPE) throw invalid(`a part is not of type ${PART_TYPE}`);
  const { lines: [requestLine = "", ...own], rest: body } = splitHead(rest);
  const [, method, url] = /^([A-Z]+) (\S+)(?: HTTP\/1\.[01])?$/.exec(requestLine.trim()) ?? [];
  if (method === undefined || url === undefined) throw invalid("a part has no request");
  return {
    id: headers["content-id"],
    request: {
      method,
      url,
      headers: { ...(authorization === undefined ? {} : { authorization }), ...headersOf(own) },
      body: encoder.encode(body),
    },
  };
}

/** The texts between the boundaries. */
function cut(body: string, boundary: string): string[] {
  const pieces = `\n${body}`.split(`\n--${boundary}`);
  const last = pieces.pop();
  if (pieces.length === 0 || !last?.startsWith("--")) throw invalid("the last boundary is missing");
  return pieces.slice(1).map((piece) => piece.replace(/^\r?\n/, "").replace(/\r$/, ""));
}

function answerPart({ id }: Part, reply: ApiReply): string {
  const head = [
    `HTTP/1.1 ${reply.status} ${REASONS[reply.status] ?? ""}`.trimEnd(),
    "Server: ",
    ...Object.entries({ Etag: reply.headers.etag, Location: reply.headers.location })
      .flatMap(([name, value]) => value === undefined ? [] : [`${name}: ${value}`]),
    "Connection: Close",
    `Content-Type: ${reply.headers["content-type"] ?? "text/plain"}`,
    `Content-Length: ${bodySize(reply)}`,
  ];
  const names = [`Content-Type: ${PART_TYPE}`, ...(id === undefined ? [] : [`Content-Id: ${id}`])];
  return `${names.join("\r\n")}\r\n\r\n${head.join("\r\n")}\r\n\r\n${bodyText(reply)}\r\n`;
}

function batch(context: RequestContext): ApiReply | Waiting {
  const type = context.headers["content-type"] ?? "";
  const boundary = /boundary="?([^";,\s]+)/.exec(type)?.[1] ?? /^--([^\r\n]+)/.exec(context.text())?.[1];
  if (boundary === undefined) throw invalid("no boundary");
  const { authorization } = context.headers;
  const parts = cut(context.text(), boundary).map((text) => parsePart(text, authorization));
  const answers: string[] = [];
  let errors = 0;
  const note = (part: Part, reply: ApiReply): void => {
    if (reply.status >= 400) errors++;
    answers.push(`--${boundary}\r\n${answerPart(part, reply)}`);
  };
  const next = (): Part | undefined => parts[answers.length];
  return oneByOne(
    () => next() && answerOf(context, next()!),
    (reply) => note(next()!, reply),
    () =>
      bytes(
        200,
        type.startsWith("multipart/") ? type : `multipart/form-data; boundary=${boundary}`,
        encoder.encode(`${answers.join("")}--${boundary}--`),
        { "x-arango-errors": String(errors) },
      ),
  );
}

function answerOf({ server, databaseName, mayWait }: RequestContext, { request }: Part): ApiReply | Waiting {
  const isPrefixed = request.url.startsWith("/_db/") || databaseName === "_system";
  const url = isPrefixed ? request.url : `/_db/${encodeURIComponent(databaseName)}${request.url}`;
  return server.handle({ ...request, url }, { wait: mayWait ? "later" : "block" });
}

/** The routes. */
export const BATCH: readonly Route[] = [
  { method: "POST", path: "/_api/batch", access: "read", mayRunElsewhere: true, handle: batch },
];
