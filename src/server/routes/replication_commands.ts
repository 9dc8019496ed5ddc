/**
 * Requests to `/_api/replication` that no other route is for.
 *
 * Source: `replication-protocol.md` §1.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ErrorName } from "../../base/error_table.ts";
import type { RequestContext, Route } from "../route.ts";
import { APPLIER } from "./applier.ts";
import { REPLICATION } from "./replication.ts";
import { RESTORES } from "./restores.ts";

/** Commands that only servers of a cluster know, and what others say. */
const OF_CLUSTERS: ReadonlyMap<string, ErrorName> = new Map<string, ErrorName>([
  ["clusterInventory", "ERROR_CLUSTER_ONLY_ON_COORDINATOR"],
  ["addFollower", "ERROR_CLUSTER_ONLY_ON_DBSERVER"],
  ["removeFollower", "ERROR_CLUSTER_ONLY_ON_DBSERVER"],
  ["set-the-leader", "ERROR_CLUSTER_ONLY_ON_DBSERVER"],
  ["holdReadLockCollection", "ERROR_CLUSTER_ONLY_ON_DBSERVER"],
]);

const PREFIX = "/_api/replication/";

/** The commands, with the most parts that their paths have. */
const KNOWN: ReadonlyMap<string, number> = new Map(
  [...REPLICATION, ...APPLIER, ...RESTORES].filter(({ path }) => path.startsWith(PREFIX))
    .map(({ path }) => path.slice(PREFIX.length).split("/"))
    .sort((one, other) => one.length - other.length)
    .map((parts) => [parts[0]!, parts.length]),
);

function refuse(context: RequestContext): never {
  const parts = context.params.rest!.split("/");
  const [command] = parts as [string];
  const clusterError = OF_CLUSTERS.get(command);
  if (clusterError) throw new ArangoError(clusterError);
  const most = KNOWN.get(command);
  if (most === undefined) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", `invalid command '${command}'`);
  if (parts.length > most) {
    throw new ArangoError("ERROR_HTTP_SUPERFLUOUS_SUFFICES", `expecting URL ${PREFIX}<command>`);
  }
  throw new ArangoError("ERROR_HTTP_METHOD_NOT_ALLOWED");
}

/** The route. */
export const REPLICATION_COMMANDS: readonly Route[] = [
  { method: "*", path: `${PREFIX}*rest`, access: "read", handle: refuse },
];
