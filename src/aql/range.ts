/**
 * Ranges of integers, made into arrays where somebody needs them whole.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { AqlArray } from "./values.ts";

/** How many members a range may have as an array. */
const MAX_SIZE = 10_000_000;

/** @throws ArangoError 1504 for an array of more members than a range may have */
export function assertRangeSize(size: number): void {
  if (size > MAX_SIZE) throw new ArangoError("ERROR_QUERY_NUMBER_OUT_OF_RANGE", "range is too big to be materialized");
}

/** How many integers lie between two, both included. */
export function rangeSize(from: number, to: number): number {
  return Math.abs(to - from) + 1;
}

/**
 * The integers from one end to the other, both included, descending where `from` is the larger.
 *
 * @throws ArangoError 1504 for more than ten million
 */
export function rangeArray(from: number, to: number): AqlArray {
  const size = rangeSize(from, to);
  assertRangeSize(size);
  const members: AqlArray = new Array(size);
  const step = from <= to ? 1 : -1;
  for (let i = 0; i < size; i++) members[i] = from + i * step;
  return members;
}
