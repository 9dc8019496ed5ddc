/**
 * Declares the variables of patterns.
 *
 * @module
 */
import type { Pattern } from "../ast.ts";
import { constant, type Expr, type Variable } from "../plan/expression.ts";
import type { ExpressionResolver } from "./expression_resolver.ts";

/** The variable of a loop, a temporary one where a pattern takes it apart. */
export function loopVariable(resolver: ExpressionResolver, pattern: Pattern): Variable {
  return pattern.kind === "variable" ? resolver.scopes.declare(pattern.name) : resolver.scopes.temporary();
}

/** Declares the variables of a pattern that takes a value apart. */
export function destructure(resolver: ExpressionResolver, pattern: Pattern, value: Expr): void {
  switch (pattern.kind) {
    case "variable":
      return;
    case "arrayPattern":
      pattern.items.forEach((item, i) => {
        if (item) bindPattern(resolver, item, { kind: "index", target: value, index: constant(i) });
      });
      return;
    case "objectPattern":
      for (const { name, pattern: inner } of pattern.members) {
        bindPattern(resolver, inner, { kind: "attribute", target: value, name });
      }
  }
}

function bindPattern(resolver: ExpressionResolver, pattern: Pattern, value: Expr): void {
  if (pattern.kind === "variable") {
    resolver.let(resolver.scopes.declare(pattern.name), resolver.fold(value));
  } else {
    destructure(resolver, pattern, value);
  }
}
