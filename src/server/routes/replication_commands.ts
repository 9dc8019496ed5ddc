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

const KNOWN: ReadonlySet<string> = new Set(
  [...REPLICATION, ...APPLIER, ...RESTORES].filter(({ path }) => path.startsWith(PREFIX))
    .map(({ path }) => path.slice(PREFIX.length).split("/")[0]!),
);

function refuse(context: RequestContext): never {
  const command = context.params.rest!.split("/")[0]!;
  const clusterError = OF_CLUSTERS.get(command);
  if (clusterError) throw new ArangoError(clusterError);
  if (KNOWN.has(command)) throw new ArangoError("ERROR_HTTP_METHOD_NOT_ALLOWED");
  throw new ArangoError(400, `invalid command '${command}'`);
}

/** The route. */
export const REPLICATION_COMMANDS: readonly Route[] = [
  { method: "*", path: `${PREFIX}*rest`, access: "read", handle: refuse },
];
