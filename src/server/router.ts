/**
 * Finds the route of a path.
 *
 * @module
 */
import type { Route } from "./route.ts";

interface Node {
  readonly fixed: Map<string, Node>;
  any: Node | undefined;
  readonly routes: Map<string, Row>;
  readonly rest: Map<string, Row>;
}

interface Row {
  readonly route: Route;
  /** The names of the variable parts, in order. */
  readonly names: readonly string[];
}

function node(): Node {
  return { fixed: new Map(), any: undefined, routes: new Map(), rest: new Map() };
}

/** What {@linkcode Router.find} knows about a path. */
export type Found =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path is known, but not with this method. */
  | "method"
  | undefined;

/** The table of routes, by path. */
export class Router {
  readonly #root = node();

  /**
   * Builds the table.
   *
   * @throws Error if two routes have the same method and path
   */
  constructor(routes: Iterable<Route>) {
    for (const route of routes) this.#add(route);
  }

  #add(route: Route): void {
    let at = this.#root;
    const names: string[] = [];
    let rest = false;
    for (const part of route.path.split("/").slice(1)) {
      if (part.startsWith("*")) {
        names.push(part.slice(1));
        rest = true;
      } else if (part.startsWith(":")) {
        names.push(part.slice(1));
        at = at.any ??= node();
      } else {
        let next = at.fixed.get(part);
        if (!next) at.fixed.set(part, next = node());
        at = next;
      }
    }
    const rows = rest ? at.rest : at.routes;
    if (rows.has(route.method)) throw new Error(`two routes for ${route.method} ${route.path}`);
    rows.set(route.method, { route, names });
  }

  /**
   * The route for a method and the decoded parts of a path.
   *
   * @param parts without empty ones
   */
  find(method: string, parts: readonly string[]): Found {
    const values: string[] = [];
    let known = false;
    const choose = (rows: Map<string, Row>): Row | undefined => {
      if (rows.size > 0) known = true;
      return rows.get(method) ?? (method === "HEAD" ? rows.get("GET") : undefined) ?? rows.get("*");
    };
    const walk = (at: Node, depth: number): Row | undefined => {
      if (depth === parts.length) {
        const row = choose(at.routes);
        if (row) return row;
      } else {
        const part = parts[depth]!;
        const fixed = at.fixed.get(part);
        const row = fixed && walk(fixed, depth + 1);
        if (row) return row;
        if (at.any) {
          values.push(part);
          const found = walk(at.any, depth + 1);
          if (found) return found;
          values.pop();
        }
      }
      const row = choose(at.rest);
      if (row) values.push(parts.slice(depth).join("/"));
      return row;
    };
    const row = walk(this.#root, 0);
    if (!row) return known ? "method" : undefined;
    return { route: row.route, params: Object.fromEntries(row.names.map((name, i) => [name, values[i]!])) };
  }
}
