/**
 * What a SORT that keeps few rows lets the loop before it leave out.
 *
 * @module
 */
import type { AttributeCondition } from "../../storage/document_sql.ts";
import type { AqlValue } from "../values.ts";

/** Shared by a SORT with a limit and the loop that it gets its rows from. */
export class TopBound {
  readonly #path: readonly string[];
  readonly #operator: "<=" | ">=";
  #worst: AqlValue | undefined;

  /** @param path of the attribute that the SORT looks at first */
  constructor(path: readonly string[], ascending: boolean) {
    this.#path = path;
    this.#operator = ascending ? "<=" : ">=";
  }

  /** Notes the attribute of the last row that is sure to be among the first ones; undefined while there is none. */
  set worst(value: AqlValue | undefined) {
    this.#worst = value;
  }

  /** What documents have to fulfil to be among the first ones; undefined while all may be. */
  condition(): AttributeCondition | undefined {
    const value = this.#worst;
    return value === undefined ? undefined : { kind: "compare", path: this.#path, operator: this.#operator, value };
  }
}
