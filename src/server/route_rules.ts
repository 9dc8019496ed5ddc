/**
 * What follows from the rights that a route asks for, besides who may call it.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { isForAdmins } from "./rights.ts";
import type { Route } from "./route.ts";

/** Whether a route changes something in every case, going by the right that it asks for. */
export function changes({ access, method, path }: Route): boolean {
  if (access === "write") return true;
  return isForAdmins(access) && method !== "GET" && !/^\/(_admin|_api\/wal)\//.test(path);
}

/**
 * Checks that a route may be called by the function of a transaction.
 *
 * @throws ArangoError 1651 for a transaction, 1653 for what changes definitions, or runs code
 */
export function assertAllowedWithin({ access, method, path, transactional }: Route): void {
  if (transactional || method === "GET") return;
  if (path.startsWith("/_api/transaction")) throw new ArangoError("ERROR_TRANSACTION_NESTED");
  // what code does there is no part of the transaction
  const isOutside = path === "/_admin/execute";
  if (isOutside || access === "write" || isForAdmins(access)) {
    throw new ArangoError("ERROR_TRANSACTION_DISALLOWED_OPERATION");
  }
}
