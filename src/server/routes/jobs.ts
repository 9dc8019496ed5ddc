/**
 * `/_api/job`: asynchronous requests and their answers.
 *
 * Source: `replication-protocol.md` §3.9; recorded examples `job_*`.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { LEAST_AGE } from "../jobs.ts";
import { empty, json, type RequestContext, type Route } from "../route.ts";

/** A user's job: pending without an answer. */
function find(context: RequestContext, id: string): { reply: ApiReply | undefined; background: boolean } {
  const { jobs } = context.server;
  const known = jobs.find(id, context.user);
  if (known && !known.background) return known;
  // jobs of the background outlive servers: their creator is not known for ever
  const job = !known && jobs.isForeign(id, context.user)
    ? undefined
    : context.server.backgroundJob(id, context.database);
  if (!job) throw new ArangoError("ERROR_HTTP_NOT_FOUND");
  return { background: true, reply: job.state === "done" ? job.reply : undefined };
}

function status(context: RequestContext): ApiReply {
  const type = context.params.id!;
  if (type !== "done" && type !== "pending") {
    // what is no number is no id, but a list that is not there
    if (!/^\d/.test(type)) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER");
    context.server.jobs.runWanted(type);
    return empty(find(context, type).reply ? 200 : 204);
  }
  const { jobs } = context.server;
  // whoever looks again and again finds them done, even where nothing else happens
  jobs.run(type === "done" ? 0 : LEAST_AGE, LEAST_AGE);
  const ids = jobs.of(context.user).filter((job) => {
    const reply = job.background ? safeReply(context, job.id) : job.reply;
    return (reply !== undefined) === (type === "done");
  }).map(({ id }) => id);
  return json(200, ids.slice(0, context.number("count") ?? 100));
}

function safeReply(context: RequestContext, id: string): ApiReply | undefined {
  const job = context.server.backgroundJob(id, context.database);
  return job?.state === "done" ? job.reply : undefined;
}

function fetch(context: RequestContext): ApiReply {
  const id = context.params.id!;
  context.server.jobs.runWanted(id);
  const { reply, background } = find(context, id);
  if (!reply) return empty(204);
  if (!background) context.server.jobs.forget(id);
  return { ...reply, headers: { ...reply.headers, "x-arango-async-id": id } };
}

function cancel(context: RequestContext): ApiReply {
  const id = context.params.id!;
  if (!context.server.jobs.find(id, context.user)) throw new ArangoError("ERROR_HTTP_NOT_FOUND");
  context.server.jobs.cancel(id);
  return json(200, { result: true });
}

function remove(context: RequestContext): ApiReply {
  const { jobs } = context.server;
  const id = context.params.id!;
  if (id === "all" || id === "expired") {
    const stamp = context.number("stamp");
    if (id === "expired" && stamp === undefined) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER");
    for (const job of jobs.of(context.user)) {
      if (id === "all" || job.stamp < stamp!) jobs.forget(job.id);
    }
  } else {
    if (!jobs.find(id, context.user)) throw new ArangoError("ERROR_HTTP_NOT_FOUND");
    jobs.forget(id);
  }
  return json(200, { result: true });
}

function wrongPath(): ApiReply {
  throw new ArangoError("ERROR_HTTP_BAD_PARAMETER");
}

/** The routes, below `/_api` and below `/_admin`. */
export const JOBS: readonly Route[] = ["/_api/job", "/_admin/job"].flatMap((path): Route[] => [
  { method: "GET", path: `${path}/:id`, access: "read", handle: status },
  { method: "PUT", path: `${path}/:id`, access: "read", handle: fetch },
  { method: "PUT", path: `${path}/:id/cancel`, access: "read", handle: cancel },
  { method: "DELETE", path: `${path}/:id`, access: "read", handle: remove },
  ...["GET", "PUT", "DELETE"].flatMap((method): Route[] => [
    { method, path, access: "read", handle: wrongPath },
    { method, path: `${path}/:id/*rest`, access: "read", handle: wrongPath },
  ]),
]);
