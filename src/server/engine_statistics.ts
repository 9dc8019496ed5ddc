/**
 * What the storage engine tells about its data and its disk.
 *
 * Source: HTTP API description of `/_api/engine/stats`, and the manual's page on telemetrics for which figures are of
 * use to others. SQLite has no counterpart of ArangoDB's caches, whose sizes are 0, nor of column families: there are
 * none to list.
 *
 * @module
 */
import { statfsSync } from "node:fs";
import type { Engine } from "../engine/engine.ts";

/** Figures of all databases; sizes in bytes. */
export function engineStatistics(engine: Engine): Readonly<Record<string, unknown>> {
  let [documents, size] = [0, 0];
  for (const database of engine.databases()) {
    for (const collection of database.collections()) {
      documents += collection.count();
      size += collection.reading()?.sizeInBytes() ?? 0;
    }
  }
  const disk = statfsSync(engine.directory);
  return {
    "rocksdb.estimate-num-keys": documents,
    "rocksdb.estimate-live-data-size": size,
    "rocksdb.live-sst-files-size": size,
    "rocksdb.total-sst-files-size": size,
    "rocksdb.block-cache-capacity": 0,
    "rocksdb.block-cache-usage": 0,
    "rocksdb.total-disk-space": disk.blocks * disk.bsize,
    "rocksdb.free-disk-space": disk.bavail * disk.bsize,
    "cache.limit": 0,
    "cache.allocated": 0,
    columnFamilies: {},
  };
}
