/**
 * The view object.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/arango-view`. Source: arangosh.md 5.10. */
export function arangoView({ exports, require }: ModuleScope): void {
  const { enumerable } = require("denosh/errors");
  const { checkRequestResult, helpBlock } = require("@arangodb/arangosh");

  /** Attributes of a reply that are not properties. */
  const HIDDEN = ["code", "error", "globallyUniqueId", "id", "name", "type"];

  class ArangoView {
    [name: string]: Loose;

    constructor(database: Loose, data: Loose) {
      Object.defineProperty(this, "_database", { value: database, writable: true, configurable: true });
      this._dbName = database._name();
      this._id = data.id;
      this._name = data.name;
      this._type = data.type;
    }

    name(): string {
      return this._name;
    }
    type(): string {
      return this._type;
    }
    properties(values?: Loose, partial?: Loose): Loose {
      const connection = this._database._connection;
      const url = urlOf(this, "/properties");
      const reply = values === undefined
        ? connection.GET(url)
        : partial === false
        ? connection.PUT(url, values)
        : connection.PATCH(url, values);
      checkRequestResult(reply);
      return Object.fromEntries(Object.entries(reply).filter(([name]) => !HIDDEN.includes(name)));
    }
    rename(name: Loose): void {
      checkRequestResult(this._database._connection.PUT(urlOf(this, "/rename"), { name }));
      this._database._forget(this._name);
      this._name = name;
      this._database._remember(this);
    }
    drop(options?: Loose): void {
      const query = options?.isSystem ? "?isSystem=true" : "";
      const reply = this._database._connection.DELETE(urlOf(this, query));
      if (reply?.error !== true || reply.errorNum !== 1203) checkRequestResult(reply);
      this._database._forget(this._name);
    }
    toString(): string {
      return `[ArangoView: ${this._id}]`;
    }
    _PRINT(context: Loose): void {
      context.output += `[ArangoView ${this._id}, "${this._name}" (type ${this._type})]`;
    }
    _help(): void {
      require("internal").print(HELP);
    }
  }
  (ArangoView.prototype as Loose).isArangoView = true;
  enumerable(ArangoView);

  function urlOf(view: Loose, suffix: string): string {
    return `/_db/${encodeURIComponent(view._dbName)}/_api/view/${encodeURIComponent(view._name)}${suffix}`;
  }

  const HELP = helpBlock("ArangoView help", [
    ["name()", "the view's name"],
    ["type()", "the view's type"],
    ["properties([DATA[, PARTIAL]])", "shows or changes properties"],
    ["rename(NAME)", "renames the view"],
    ["drop()", "drops the view"],
  ]);

  exports.ArangoView = ArangoView;
}
