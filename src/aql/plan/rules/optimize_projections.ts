/**
 * `optimize-projections`: the attributes that a loop takes out of documents get variables of their own.
 *
 * @module
 */
import { attributeOf, attributePath, type Variable } from "../expression.ts";
import type { PlanNode } from "../nodes.ts";
import { replaceParts, rewriteExpressions } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Gives projections variables, and lets the nodes behind the loop read those.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const optimizeProjections: Rule = (nodes, _source, context) => {
  /** By document and path. */
  const variables = new Map<Variable, Map<string, Variable>>();
  let changed = false;
  const result = nodes.map((given): PlanNode => {
    const node = variables.size === 0 ? given : rewriteExpressions(given, (expr) =>
      replaceParts(expr, (part) => {
        if (part.kind !== "attribute") return undefined;
        const access = attributePath(part);
        const known = access && variables.get(access.variable);
        if (!known) return undefined;
        for (let length = 1; length <= access.path.length; length++) {
          const variable = known.get(access.path.slice(0, length).join("\0"));
          if (!variable) continue;
          return attributeOf(variable, access.path.slice(length));
        }
        return undefined;
      }));
    if (node.type !== "EnumerateCollectionNode" && node.type !== "IndexNode" && node.type !== "MaterializeNode") {
      return node;
    }
    if (!node.projections || node.projections.some(({ variable }) => variable)) return node;
    const own = new Map<string, Variable>();
    const projections = node.projections.map(({ path }) => {
      const variable = context.newVariable();
      own.set(path.join("\0"), variable);
      return { path, variable };
    });
    // an index loop and the node that reads its documents may give attributes of the same variable
    variables.set(node.outVariable, new Map([...variables.get(node.outVariable) ?? [], ...own]));
    changed = true;
    return { ...node, projections };
  });
  return changed ? result : undefined;
};
