/**
 * The thread of a {@linkcode Checkpointer}.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { PHASE } from "./checkpointer.ts";
import { storageError } from "./sqlite.ts";

/** A file whose log is to be brought into it. */
export interface CheckpointOrder {
  readonly path: string;
  /** One word: a {@linkcode PHASE}. */
  readonly phase: SharedArrayBuffer;
}

/** What the thread says of a file that it could not do it for. */
export interface CheckpointFailure {
  readonly message: string;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<CheckpointOrder>) => void;
  postMessage(message: CheckpointFailure): void;
};

/** Does nothing for a file that was deleted meanwhile. */
function checkpoint(path: string): void {
  const url = pathToFileURL(path);
  // SQLite would make the file
  url.searchParams.set("mode", "rw");
  try {
    const database = new DatabaseSync(url);
    try {
      database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } finally {
      database.close();
    }
  } catch (cause) {
    if (!existsSync(path)) return;
    const { message } = storageError(cause, path);
    scope.postMessage({ message: `the write-ahead log of ${path} stays as it is for now: ${message}` });
  }
}

scope.onmessage = ({ data }) => {
  const phase = new Int32Array(data.phase);
  const { idle, busy } = PHASE;
  if (Atomics.compareExchange(phase, 0, idle, busy) !== idle) return;
  try {
    checkpoint(data.path);
  } finally {
    Atomics.store(phase, 0, idle);
    Atomics.notify(phase, 0);
  }
};
