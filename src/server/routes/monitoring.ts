/**
 * What a server says about itself to those who watch it: statistics, metrics, log.
 *
 * Source: recorded example `RestAdminStatistics1`; HTTP API description.
 *
 * @module
 */
import type { ApiReply } from "../../base/exchange.ts";
import { LEVELS } from "../../base/log_level.ts";
import { bytes, json, ok, type RequestContext, type Route } from "../route.ts";
import { type LogEntry, type LogFilter, logOf, parseLevel } from "../server_log.ts";
import { metricsText } from "../metrics.ts";
import { statisticsDescription, statisticsReport } from "../statistics.ts";

const encoder = new TextEncoder();
/** The name that stands for all outputs of the log: they have the same levels. */
const OUTPUT = "-";

function statistics(context: RequestContext): ApiReply {
  return json(200, { ...statisticsReport(context.server), error: false, code: 200 });
}

function metrics(context: RequestContext): ApiReply {
  return bytes(200, "text/plain; version=0.0.4", encoder.encode(metricsText(context.server)));
}

/** The messages that a request asks for: all that fit, and the part of them that it wants. */
function messages(context: RequestContext): { total: number; page: LogEntry[] } {
  const { query } = context;
  const [upto, level, search] = [query.get("upto"), query.get("level"), query.get("search")];
  const filter: LogFilter = {
    ...(upto === null ? {} : { upto: parseLevel(upto) }),
    ...(level === null ? {} : { level: parseLevel(level) }),
    ...(search === null ? {} : { search }),
    start: context.number("start") ?? 0,
  };
  const found = logOf(context.server).entries(filter);
  if (query.get("sort")?.toLowerCase() === "desc") found.reverse();
  const offset = Math.max(0, context.number("offset") ?? 0);
  return { total: found.length, page: found.slice(offset, offset + (context.number("size") ?? Infinity)) };
}

function entries(context: RequestContext): ApiReply {
  const { total, page } = messages(context);
  return json(200, { total, messages: page });
}

/** The older form: a list for each attribute. */
function columns(context: RequestContext): ApiReply {
  const { total, page } = messages(context);
  return json(200, {
    totalAmount: total,
    lid: page.map(({ id }) => id),
    topic: page.map(({ topic }) => topic),
    level: page.map(({ level }) => LEVELS.indexOf(level)),
    timestamp: page.map(({ date }) => Math.floor(Date.parse(date) / 1000)),
    text: page.map(({ message }) => message),
  });
}

/** Writes a record, or those of `messages`, as suites do with `logServer()` of `@arangodb/test-helper`. */
function write(context: RequestContext): ApiReply {
  const body = context.object();
  for (const record of Array.isArray(body.messages) ? body.messages : [body]) {
    const { message, level = "INFO", topic = "general" } = Object(record);
    logOf(context.server).note(parseLevel(level), String(message), String(topic));
  }
  return ok();
}

function clear(context: RequestContext): ApiReply {
  logOf(context.server).clear();
  return ok();
}

/** The levels of topics; with `withAppenders` also those of its outputs, which are the same. */
function levels(context: RequestContext): ApiReply {
  const { levels } = logOf(context.server);
  return json(200, context.flag("withAppenders", false) ? { global: levels, appenders: { [OUTPUT]: levels } } : levels);
}

/** The levels that a request asks for. */
function wantedLevels(context: RequestContext): Record<string, unknown> {
  const wanted = context.json();
  if (typeof wanted === "string") return { all: wanted };
  const body = context.object();
  if (!context.flag("withAppenders", false)) return body;
  const { global, appenders } = body as { global?: object; appenders?: Record<string, object> };
  return { ...global, ...appenders?.[OUTPUT] };
}

function setLevels(context: RequestContext): ApiReply {
  logOf(context.server).setLevels(wantedLevels(context));
  return levels(context);
}

function structured(context: RequestContext): ApiReply {
  return json(200, logOf(context.server).structured);
}

function setStructured(context: RequestContext): ApiReply {
  logOf(context.server).setStructured(context.object());
  return structured(context);
}

function resetLevels(context: RequestContext): ApiReply {
  logOf(context.server).resetLevels();
  return levels(context);
}

/** The routes. */
export const MONITORING: readonly Route[] = [
  { method: "GET", path: "/_admin/statistics", access: "read", handle: statistics },
  {
    method: "GET",
    path: "/_admin/statistics-description",
    access: "read",
    handle: () => json(200, { ...statisticsDescription(), error: false, code: 200 }),
  },
  { method: "GET", path: "/_admin/metrics", access: "read", handle: metrics },
  { method: "GET", path: "/_admin/metrics/v2", access: "read", handle: metrics },
  { method: "GET", path: "/_admin/usage-metrics", access: "read", handle: metrics },
  { method: "GET", path: "/_admin/log", access: "admin", handle: columns },
  { method: "POST", path: "/_admin/log", access: "admin", handle: write },
  { method: "DELETE", path: "/_admin/log", access: "admin", handle: clear },
  { method: "GET", path: "/_admin/log/entries", access: "admin", handle: entries },
  { method: "DELETE", path: "/_admin/log/entries", access: "admin", handle: clear },
  { method: "GET", path: "/_admin/log/level", access: "admin", handle: levels },
  { method: "PUT", path: "/_admin/log/level", access: "admin", handle: setLevels },
  { method: "DELETE", path: "/_admin/log/level", access: "admin", handle: resetLevels },
  { method: "GET", path: "/_admin/log/structured", access: "admin", handle: structured },
  { method: "PUT", path: "/_admin/log/structured", access: "admin", handle: setStructured },
];
