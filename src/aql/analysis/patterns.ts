/**
 * Declares the variables of patterns.
 *
 * @module
 */
import type { Pattern } from "../ast.ts";
import { constant, type Expr, type Variable } from "../plan/expression.ts";
import type { ExpressionAnalyzer } from "./expression_analyzer.ts";

/** The variable of a loop, a temporary one where a pattern takes it apart. */
export function loopVariable(analyzer: ExpressionAnalyzer, pattern: Pattern): Variable {
  return pattern.kind === "variable" ? analyzer.scopes.declare(pattern.name) : analyzer.scopes.temporary();
}

/** Declares the variables of a pattern that takes a value apart. */
export function destructure(analyzer: ExpressionAnalyzer, pattern: Pattern, value: Expr): void {
  switch (pattern.kind) {
    case "variable":
      return;
    case "arrayPattern":
      pattern.items.forEach((item, i) => {
        if (item) bindPattern(analyzer, item, { kind: "index", target: value, index: constant(i) });
      });
      return;
    case "objectPattern":
      for (const { name, pattern: inner } of pattern.members) {
        bindPattern(analyzer, inner, { kind: "attribute", target: value, name });
      }
  }
}

function bindPattern(analyzer: ExpressionAnalyzer, pattern: Pattern, value: Expr): void {
  if (pattern.kind === "variable") {
    analyzer.let(analyzer.scopes.declare(pattern.name), analyzer.fold(value));
  } else {
    destructure(analyzer, pattern, value);
  }
}
