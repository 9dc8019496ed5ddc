/**
 * The dumps of a server that go on.
 *
 * @module
 */
import { ParallelDumps } from "../replication/parallel_dumps.ts";
import type { Server } from "./server.ts";

/** The dumps of a server that go on. */
export function dumpsOf(server: Server): ParallelDumps {
  return server.part(newDumps);
}

function newDumps(server: Server): ParallelDumps {
  return new ParallelDumps(server.engine);
}
