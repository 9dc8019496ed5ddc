/**
 * Expressions whose names are resolved: what plans compute.
 *
 * @module
 */
import type { BinaryOperator } from "../ast.ts";
import type { FunctionSpec } from "../functions/mod.ts";
import { type AqlTypeName, type AqlValue, typeName } from "../values.ts";

/** A variable of a query. Its id is also the number of its register. */
export interface Variable {
  readonly id: number;
  /** The user's name, or the id as text. */
  readonly name: string;
  /** Whether the query made it up. */
  readonly temporary: boolean;
}

/** Operators that stay operators; LIKE and the pattern operators are calls. */
export type PlainOperator = Exclude<BinaryOperator, "LIKE" | "NOT LIKE" | "=~" | "!~">;

/** The comparisons that quantifiers take. */
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "IN" | "NOT IN";

/** How many members have to agree; see `ast.ts`. */
export type PlanQuantifier =
  | { readonly kind: "ALL" | "ANY" | "NONE" }
  | { readonly kind: "AT LEAST" | "exactly"; readonly count: Expr };

/** What can be told of a constant whatever its value is. */
export interface ConstantShape {
  readonly type: AqlTypeName;
  /** Of an array: how many members it has. */
  readonly length?: number;
}
/** A constant. */
export interface ConstantExpr {
  readonly kind: "constant";
  readonly value: AqlValue;
  /** The bind parameter that it stands for, where the plan may be used again with another value. */
  readonly parameter?: string;
  /** See {@linkcode shapeOf}. */
  readonly shape?: ConstantShape;
}
/** `@x` where no values are known: only when a query is parsed without being run. */
export interface ParameterExpr {
  readonly kind: "parameter";
  readonly name: string;
}
/** A collection; `parameter` when it stands for `@@name` whose value is not known. */
export interface CollectionExpr {
  readonly kind: "collection";
  readonly name: string;
  readonly parameter?: boolean;
}
/** A variable; `subquery` when it holds the result of one. */
export interface VariableExpr {
  readonly kind: "variable";
  readonly variable: Variable;
  readonly subquery?: boolean;
}
/** `target.name`. */
export interface AttributeExpr {
  readonly kind: "attribute";
  readonly target: Expr;
  readonly name: string;
}
/** `target.@name`, see {@linkcode ParameterExpr}. */
export interface BoundAttributeExpr {
  readonly kind: "boundAttribute";
  readonly target: Expr;
  readonly name: string;
}
/** `target[index]`. */
export interface IndexExpr {
  readonly kind: "index";
  readonly target: Expr;
  readonly index: Expr;
}
/** `target[* …]each`; `item` holds each member in turn, `result` what the projection made of it. */
export interface ExpansionExpr {
  readonly kind: "expansion";
  readonly target: Expr;
  readonly levels: number;
  readonly item: Variable;
  readonly filter?: Expr;
  readonly offset?: Expr;
  readonly count?: Expr;
  readonly projection?: Expr;
  /** Reads `result`. */
  readonly each: Expr;
  readonly result: Variable;
}
/** `target[? quantifier FILTER filter]`. */
export interface QuestionExpr {
  readonly kind: "question";
  readonly target: Expr;
  readonly levels: number;
  readonly item: Variable;
  readonly quantifier?: PlanQuantifier;
  readonly filter?: Expr;
}
/** `+a`, `-a`, `!a`. */
export interface UnaryExpr {
  readonly kind: "unary";
  readonly operator: "+" | "-" | "!";
  readonly operand: Expr;
}
/** `a operator b`. */
export interface BinaryExpr {
  readonly kind: "binary";
  readonly operator: PlainOperator;
  readonly left: Expr;
  readonly right: Expr;
}
/** `a ALL == b`; `match` is the function of LIKE and =~. */
export interface QuantifiedExpr {
  readonly kind: "quantified";
  readonly quantifier: PlanQuantifier;
  readonly operator: ComparisonOperator | { readonly match: FunctionSpec; readonly negated: boolean };
  readonly left: Expr;
  readonly right: Expr;
}
/** `a ? b : c`; without `then` the condition's value. */
export interface TernaryExpr {
  readonly kind: "ternary";
  readonly condition: Expr;
  readonly then?: Expr;
  readonly otherwise: Expr;
}
/** `a..b`. */
export interface RangeExpr {
  readonly kind: "range";
  readonly low: Expr;
  readonly high: Expr;
}
/** A call of a built-in function. */
export interface CallExpr {
  readonly kind: "call";
  readonly spec: FunctionSpec;
  readonly args: readonly Expr[];
}
/** A call of a user-defined function, `ns::name`. */
export interface UserCallExpr {
  readonly kind: "userCall";
  readonly name: string;
  readonly args: readonly Expr[];
}
/** `[a, ...b]`. */
export interface ArrayExpr {
  readonly kind: "array";
  readonly items: readonly { readonly value: Expr; readonly spread: boolean }[];
}
/** A member of an object: a fixed name, a computed one, or the copy of another object's members. */
export type ExprMember =
  | { readonly kind: "fixed"; readonly name: string; readonly value: Expr }
  | { readonly kind: "computed"; readonly name: Expr; readonly value: Expr }
  | { readonly kind: "spread"; readonly value: Expr };
/** `{a: b}`. */
export interface ObjectExpr {
  readonly kind: "object";
  readonly members: readonly ExprMember[];
}

/** Anything that has a value. */
export type Expr =
  | ConstantExpr
  | ParameterExpr
  | CollectionExpr
  | VariableExpr
  | AttributeExpr
  | BoundAttributeExpr
  | IndexExpr
  | ExpansionExpr
  | QuestionExpr
  | UnaryExpr
  | BinaryExpr
  | QuantifiedExpr
  | TernaryExpr
  | RangeExpr
  | CallExpr
  | UserCallExpr
  | ArrayExpr
  | ObjectExpr;

/** The direct parts of an expression, in the order of the text. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "constant":
    case "parameter":
    case "collection":
    case "variable":
      return [];
    case "attribute":
    case "boundAttribute":
      return [expr.target];
    case "index":
      return [expr.target, expr.index];
    case "expansion":
      return [expr.target, expr.filter, expr.offset, expr.count, expr.projection, expr.each].filter((part) =>
        part !== undefined
      );
    case "question":
      return [
        expr.target,
        ...(expr.quantifier && "count" in expr.quantifier ? [expr.quantifier.count] : []),
        ...(expr.filter ? [expr.filter] : []),
      ];
    case "unary":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "quantified":
      return "count" in expr.quantifier ? [expr.left, expr.right, expr.quantifier.count] : [expr.left, expr.right];
    case "ternary":
      return expr.then ? [expr.condition, expr.then, expr.otherwise] : [expr.condition, expr.otherwise];
    case "range":
      return [expr.low, expr.high];
    case "call":
    case "userCall":
      return expr.args;
    case "array":
      return expr.items.map((item) => item.value);
    case "object":
      return expr.members.flatMap((member) =>
        member.kind === "computed" ? [member.name, member.value] : [member.value]
      );
  }
}

/** Calls `visit` for an expression and everything in it. */
export function walk(expr: Expr, visit: (part: Expr) => void): void {
  visit(expr);
  for (const part of partsOf(expr)) walk(part, visit);
}

/** Whether `holds` is true for an expression or something in it. */
export function some(expr: Expr, holds: (part: Expr) => boolean): boolean {
  return holds(expr) || partsOf(expr).some((part) => some(part, holds));
}

/** Adds the variables that an expression reads from outside of itself to a set. */
export function addVariables(expr: Expr, to: Set<Variable>): void {
  const own = new Set<Variable>();
  walk(expr, (part) => {
    if (part.kind === "expansion") own.add(part.item).add(part.result);
    else if (part.kind === "question") own.add(part.item);
  });
  walk(expr, (part) => {
    if (part.kind === "variable" && !own.has(part.variable)) to.add(part.variable);
  });
}

/** The variables that an expression reads. */
export function variablesOf(expr: Expr): Set<Variable> {
  const found = new Set<Variable>();
  addVariables(expr, found);
  return found;
}

/** Whether an expression gives the same value whenever its variables are the same, and reads no stored data. */
export function isDeterministic(expr: Expr): boolean {
  return !some(
    expr,
    (part) =>
      part.kind === "userCall" || (part.kind === "call" && (!part.spec.deterministic || part.spec.readsData === true)),
  );
}

/** The attribute path of an access on a variable: `d.a.b` gives `d` and `["a", "b"]`; undefined for anything else. */
export function attributePath(expr: Expr): { variable: Variable; path: string[] } | undefined {
  const path: string[] = [];
  let target = expr;
  while (target.kind === "attribute") {
    path.unshift(target.name);
    target = target.target;
  }
  return target.kind === "variable" ? { variable: target.variable, path } : undefined;
}

/** The shape of a constant: plans that depend on it, and not on the value, can be used again with more values. */
export function shapeOf(expr: ConstantExpr): ConstantShape {
  if (expr.shape) return expr.shape;
  const { value } = expr;
  return Array.isArray(value) ? { type: "array", length: value.length } : { type: typeName(value) };
}

/** A constant expression. */
export function constant(value: AqlValue): ConstantExpr {
  return { kind: "constant", value };
}

/** What holds where all of some conditions do. */
export function allOf(conditions: readonly Expr[]): Expr {
  const [first = constant(true), ...others] = conditions;
  return others.reduce<Expr>((left, right) => ({ kind: "binary", operator: "&&", left, right }), first);
}

/** A reference to a variable. */
export function reference(variable: Variable): VariableExpr {
  return { kind: "variable", variable };
}

/** An attribute of a variable's value, by its path. */
export function attributeOf(variable: Variable, path: readonly string[]): Expr {
  return path.reduce<Expr>((target, name) => ({ kind: "attribute", target, name }), reference(variable));
}
