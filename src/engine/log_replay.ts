/**
 * Brings a collection's file, whose last writer died before it committed there, to the state that the log tells.
 *
 * @module
 */
import type { CollectionFile } from "../storage/collection_file.ts";
import type { Collection } from "./collection.ts";
import type { DocumentStore } from "./document_store.ts";
import type { Engine } from "./engine.ts";
import { LeafChanges } from "./leaf_changes.ts";
import { PendingWrites } from "./pending_writes.ts";

/** How many entries of the log are read at once. */
const PAGE = 1000;

/**
 * Does again what the log has committed and the file does not contain.
 *
 * @param store writes the collection's documents
 * @param file is locked for writing
 * @param committed the tick of the last operation
 */
export function rollForward(
  engine: Engine,
  collection: Collection,
  store: DocumentStore,
  file: CollectionFile,
  committed: bigint,
): void {
  const state = file.state();
  const replay = engine.newTransaction();
  const participant = { collection, file, state, leaves: new LeafChanges(), pending: new PendingWrites(file) };
  let after = state.applied;
  for (;;) {
    const entries = engine.catalog.entries(after, PAGE, collection.id);
    store.replay(replay, participant, entries, false);
    if (entries.length < PAGE) break;
    after = entries.at(-1)!.tick;
  }
  replay.settle(participant);
  file.setState({ ...participant.state, applied: committed });
}
