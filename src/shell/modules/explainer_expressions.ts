/**
 * Expressions of execution plans as text.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/explainer/expressions`. Source: arangosh.md 5.12. */
export function explainerExpressions({ exports, require }: ModuleScope): void {
  const { annotation, attribute, collectionName, keyword, paint, value, variable } = require("denosh/explainer/text");

  const LONGEST_VALUE = 1024;
  const MOST_MEMBERS = 20;

  /** Operators by the type of their node; comparisons of all members of an array have `array` before it. */
  const BINARY: Record<string, string> = {
    "compare ==": "==",
    "compare !=": "!=",
    "compare <": "<",
    "compare <=": "<=",
    "compare >": ">",
    "compare >=": ">=",
    "compare in": "IN",
    "compare not in": "not in",
    "logical and": "&&",
    "logical or": "||",
    "plus": "+",
    "minus": "-",
    "times": "*",
    "division": "/",
    "modulus": "%",
  };
  const UNARY: Record<string, string> = { "unary not": "! ", "unary minus": "- ", "unary plus": "+ " };

  /** A constant as text. */
  function constant(given: Loose): string {
    if (typeof given === "object" && given !== null) {
      const isList = Array.isArray(given);
      const entries = Object.entries(given);
      const shown = entries.slice(0, MOST_MEMBERS).map(([key, each]) =>
        isList ? constant(each) : `${value(JSON.stringify(key))} : ${constant(each)}`
      );
      if (entries.length > MOST_MEMBERS) shown.push("...");
      if (shown.length === 0) return isList ? "[ ]" : "{ }";
      return isList ? `[ ${shown.join(", ")} ]` : `{ ${shown.join(", ")} }`;
    }
    const text = JSON.stringify(given) ?? "null";
    return value(text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text);
  }

  /** Used functions are collected while expressions are written. */
  const functions = new Map<string, Loose>();
  /** What plans tell of functions, by name. */
  const knownFunctions = new Map<string, Loose>();

  /** Begins the text of a plan: no function is used yet. */
  function startFunctions(nodes: Loose[]): void {
    functions.clear();
    for (const node of nodes) for (const each of node.functions ?? []) knownFunctions.set(each.name, each);
  }
  /** The functions in the expressions that were written since {@linkcode startFunctions}, by name. */
  function usedFunctions(): Loose[] {
    return [...functions.values()].sort((left, right) => left.name < right.name ? -1 : 1);
  }

  function quantifierText({ quantifier, subNodes: [count] = [] }: Loose): string {
    return keyword(quantifier.toUpperCase()) + (count ? ` (${expression(count)})` : "");
  }

  function expression(node: Loose): string {
    const nodes: Loose[] = node.subNodes ?? [];
    const binary = BINARY[node.type.replace(/^array /, "")];
    if (binary !== undefined) {
      const quantifier = nodes[2]?.type === "quantifier" ? `${quantifierText(nodes[2])} ` : "";
      const sorted = node.sorted && nodes[1]?.type !== "range" ? ` ${annotation("/* sorted */")}` : "";
      const word = /[A-Za-z]/.test(binary) ? keyword(binary) : binary;
      return `(${expression(nodes[0])} ${quantifier}${word}${sorted} ${expression(nodes[1])})`;
    }
    if (UNARY[node.type] !== undefined) return UNARY[node.type] + expression(nodes[0]);
    switch (node.type) {
      case "value":
        return constant(node.value);
      case "object":
        return "raw" in node ? constant(node.raw) : members(nodes, "{", "}");
      case "array":
        return "raw" in node ? constant(node.raw) : members(nodes, "[", "]");
      case "object element":
        return `${value(JSON.stringify(node.name))} : ${expression(nodes[0])}`;
      case "calculated object element":
        return `[ ${expression(nodes[0])} ] : ${expression(nodes[1])}`;
      case "reference":
      case "variable":
        return variable(node);
      case "collection":
      case "view":
        return collectionName(node.name);
      case "parameter":
        return value(`@${node.name}`);
      case "attribute access":
        return `${expression(nodes[0])}.${attribute(node.name)}`;
      case "bound attribute access":
        return `${expression(nodes[0])}.${expression(nodes[1])}`;
      case "indexed access":
        return `${expression(nodes[0])}[${expression(nodes[1])}]`;
      case "range":
        return `${expression(nodes[0])} .. ${expression(nodes[1])}   ${annotation("/* range */")}`;
      case "ternary":
        return nodes.length === 2
          ? `(${expression(nodes[0])} ?: ${expression(nodes[1])})`
          : `(${expression(nodes[0])} ? ${expression(nodes[1])} : ${expression(nodes[2])})`;
      case "n-ary and":
      case "n-ary or": {
        if (nodes.length === 0) return "";
        const joined = nodes.map(expression).join(node.type === "n-ary and" ? " && " : " || ");
        return nodes.length === 1 ? joined : `(${joined})`;
      }
      case "expand":
      case "expansion":
        return expression(nodes[0].type === "iterator" ? nodes[0].subNodes[1] : nodes[0]) + brackets(node);
      case "iterator":
        return expression(nodes[1]);
      case "function call": {
        functions.set(node.name, knownFunctions.get(node.name) ?? node);
        return `${functionName(node.name)}(${argumentsOf(nodes)})`;
      }
      case "user function call": {
        functions.set(node.name, { ...node, deterministic: false, cacheable: false, usesV8: true });
        return `${functionName(node.name)}(${argumentsOf(nodes)})   ${annotation("/* user-defined function */")}`;
      }
      case "array limit":
        return `${expression(nodes[0])}, ${expression(nodes[1])}`;
      case "subquery":
        return "(...)";
      case "no-op":
        return "";
      default:
        return `unhandled node type (${node.type})`;
    }
  }
  const functionName = (name: string) => paint("keyword", name);
  function argumentsOf(nodes: Loose[]): string {
    const [list] = nodes;
    if (list?.type !== "array") return nodes.map(expression).join(", ");
    return (list.raw?.map(constant) ?? (list.subNodes ?? []).map(expression)).join(", ");
  }
  function members(nodes: Loose[], open: string, close: string): string {
    if (nodes.length === 0) return `${open} ${close}`;
    const shown = nodes.slice(0, MOST_MEMBERS).map(expression);
    if (nodes.length > MOST_MEMBERS) shown.push("...");
    return `${open} ${shown.join(", ")} ${close}`;
  }
  /** What stands behind the list of an expansion: `[* FILTER a LIMIT b RETURN c].name`, `[? ALL FILTER a]`. */
  function brackets({ subNodes: [, after, ...clauses], levels = 1, booleanize }: Loose): string {
    const words = ["FILTER", "LIMIT", "RETURN"];
    const parts = clauses.map((clause: Loose, i: number) => {
      if (clause.type === "no-op") return "";
      if (clause.type !== "array filter") return ` ${keyword(words[i])} ${expression(clause)}`;
      const [quantifier, condition] = clause.subNodes;
      return `${countOf(quantifier)} ${keyword("FILTER")} ${expression(condition)}`;
    });
    const path = after && !booleanize ? pathAfter(after) : "";
    return `[${(booleanize ? "?" : "*").repeat(levels)}${parts.join("")}]${path}`;
  }
  /** How many members have to fulfil the filter of `[? …]`. */
  function countOf(quantifier: Loose): string {
    if (quantifier.type === "no-op") return "";
    if (quantifier.quantifier !== "exactly") return ` ${quantifierText(quantifier)}`;
    const [count] = quantifier.subNodes;
    return ` ${count.type === "range" ? count.subNodes.map(expression).join("..") : expression(count)}`;
  }
  /** What follows an expansion, such as the attribute in `list[*].name`. */
  function pathAfter(node: Loose): string {
    const [target, index] = node.subNodes ?? [];
    if (node.type === "attribute access") return `${pathAfter(target)}.${attribute(node.name)}`;
    if (node.type === "indexed access") return `${pathAfter(target)}[${expression(index)}]`;
    return node.type === "expansion" ? pathAfter(target.subNodes[1]) + brackets(node) : "";
  }

  Object.assign(exports, { constant, expression, functionName, startFunctions, usedFunctions });
}
