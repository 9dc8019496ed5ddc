/**
 * Resolves expressions.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import {
  type CallExpression,
  type Expression,
  type ObjectExpression,
  type Quantifier,
  type Query,
  type Statement,
  unreachable,
} from "../ast.ts";
import { invalidBind } from "../bind_parameters.ts";
import type { BoundOptions, BoundStatement } from "../bound.ts";
import { AQL_FUNCTIONS, checkArgumentCount, type FunctionSpec, qualifiedName } from "../functions/mod.ts";
import {
  constant,
  type Expr,
  type ExprMember,
  type PlanQuantifier,
  reference,
  type Variable,
} from "../plan/expression.ts";
import { checkedOptions } from "../statement_options.ts";
import { isObject, isTruthy } from "../values.ts";
import { computed, folded } from "./constant_folding.ts";
import { hasSubquery, Resolution, type ResolverInput } from "./resolution.ts";

/** How many arguments of functions, the first ones, may be collections; none of functions that are not listed. */
const COLLECTION_ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ["LENGTH", 1],
  ["COUNT", 1],
  ["COLLECTION_COUNT", 1],
  ["DOCUMENT", 1],
  ["IS_SAME_COLLECTION", 2],
  ["SCHEMA_GET", 1],
  ["SHARD_ID", 1],
  ["FULLTEXT", 1],
  ["NEAR", 1],
  ["WITHIN", 1],
  ["WITHIN_RECTANGLE", 1],
]);

/** Resolves expressions; the statements of subqueries are left to somebody else. */
export abstract class ExpressionResolver extends Resolution {
  /** Names that a COLLECT is about to declare, and the message for their use. */
  collectNames: ReadonlyMap<string, string> = new Map();
  readonly #hasSubqueries: boolean;
  /** What CURRENT means, innermost last; undefined where it means nothing. */
  #current: (Variable | undefined)[] = [];
  /** What the accesses after an expansion apply to. */
  #item: Variable | undefined;
  /** The condition under which a subquery that comes now is needed. */
  #guard: Expr | undefined;

  constructor(query: Query, input: ResolverInput | undefined) {
    super(query, input);
    this.#hasSubqueries = hasSubquery(query.statements);
  }

  /** Resolves the statements of a (sub)query. */
  protected abstract statements(statements: readonly Statement[]): readonly BoundStatement[];

  /** See {@linkcode folded}. */
  fold(expr: Expr): Expr {
    return folded(expr, this.input);
  }

  /** See {@linkcode computed}. */
  computed(expr: Expr): Expr {
    return computed(expr, this.input);
  }

  /** An expression that has to be a value. */
  expr(node: Expression): Expr {
    const expr = this.#any(node);
    if (expr.kind === "collection" && this.input) {
      throw this.lateError(
        "ERROR_QUERY_COLLECTION_USED_IN_EXPRESSION",
        `collection '${expr.name}' used as expression operand`,
      );
    }
    return expr;
  }

  /** An expression, or a collection. */
  #any(node: Expression): Expr {
    switch (node.kind) {
      case "literal":
        if (node.overflow) this.input?.context.warn(1504, "number out of range");
        return constant(node.value);
      case "name":
        return this.name(node.name);
      case "bind":
        return this.bind(node.name);
      case "collectionBind":
        return this.collectionParameter(node.name);
      case "array": {
        const items = node.items.map((item) =>
          item.kind === "spread"
            ? { value: this.expr(item.operand), spread: true }
            : { value: this.expr(item), spread: false }
        );
        return this.fold({ kind: "array", items });
      }
      case "object":
        return this.#object(node);
      case "attribute":
        return this.fold({ kind: "attribute", target: this.expr(node.target), name: node.name });
      case "boundAttribute":
        return this.#boundAttribute(this.expr(node.target), node.bind.name);
      case "index": {
        const target = this.expr(node.target);
        // `a['b']` is `a.b`; a text like a number could be a place in an array
        const name = node.index.kind === "literal" ? node.index.value : undefined;
        if (typeof name === "string" && /^[^0-9]/.test(name)) return this.fold({ kind: "attribute", target, name });
        return this.fold({ kind: "index", target, index: this.expr(node.index) });
      }
      case "expansion":
        return this.#expansion(node);
      case "question":
        return this.#question(node);
      case "item":
        return reference(this.#item!);
      case "unary":
        return this.fold({ kind: "unary", operator: node.operator, operand: this.expr(node.operand) });
      case "binary":
        return this.#binary(node);
      case "quantified": {
        const { operator } = node;
        const left = this.expr(node.left);
        const right = this.expr(node.right);
        const quantifier = this.#quantifier(node.quantifier);
        const pattern = patternFunction(operator);
        const plain = pattern ? { match: this.#functionSpec(pattern.name, 2), negated: pattern.negated } : operator;
        return this.fold({ kind: "quantified", quantifier, operator: plain as "==", left, right });
      }
      case "ternary":
        return this.#ternary(node);
      case "range":
        return { kind: "range", low: this.expr(node.low), high: this.expr(node.high) };
      case "call":
        return this.#call(node);
      case "subquery": {
        const variable = this.subquery(node.statements, () => this.scopes.temporary());
        return { kind: "variable", variable, subquery: true };
      }
      default:
        return unreachable(node);
    }
  }

  /** What a name stands for: a variable, or a collection. */
  name(name: string): Expr {
    if (name === "CURRENT") {
      const variable = this.#current.at(-1);
      if (variable) return reference(variable);
    }
    const variable = this.scopes.find(name);
    if (variable) return this.valueOf(variable);
    const message = this.collectNames.get(name);
    if (message !== undefined) throw new ArangoError("ERROR_QUERY_VARIABLE_NAME_UNKNOWN", message);
    this.known(name);
    if (this.input) this.notWritten(name);
    this.touch(name, "read");
    return { kind: "collection", name };
  }

  /** The collection that `@@name` stands for. */
  collectionParameter(name: string): Expr {
    const { name: bound, parameter } = this.boundCollection({ kind: "collectionBind", at: 0, name }, "read");
    if (this.input) this.notWritten(bound);
    return { kind: "collection", name: bound, ...(parameter ? { parameter } : {}) };
  }

  #boundAttribute(target: Expr, name: string): Expr {
    if (!this.input) return { kind: "boundAttribute", target, name };
    const value = this.input.binds.value(name);
    const path = Array.isArray(value) ? value : [value];
    if (path.length === 0) throw invalidBind(name);
    for (const part of path) {
      if (typeof part !== "string" || part === "") throw invalidBind(name);
      target = this.fold({ kind: "attribute", target, name: part });
    }
    return target;
  }

  #object(node: ObjectExpression): Expr {
    const members: ExprMember[] = [];
    const names = new Set<string>();
    const spreads = node.members.some(({ kind }) => kind === "spread");
    for (const member of node.members) {
      switch (member.kind) {
        case "member": {
          if (member.shorthand && !this.#isVariable(member.name)) {
            throw new ArangoError(
              "ERROR_QUERY_VARIABLE_NAME_UNKNOWN",
              `use of unknown variable '${member.name}' in object literal`,
            );
          }
          this.#addMember(members, member.name, this.expr(member.value), names, spreads);
          break;
        }
        case "bound": {
          const bound = this.bind(member.bind.name);
          const value = this.expr(member.value);
          if (bound.kind !== "constant") members.push({ kind: "computed", name: bound, value });
          else if (typeof bound.value !== "string") throw invalidBind(member.bind.name);
          else this.#addMember(members, bound.value, value, names, spreads);
          break;
        }
        case "computed":
          members.push({ kind: "computed", name: this.expr(member.name), value: this.expr(member.value) });
          break;
        case "spread":
          members.push({ kind: "spread", value: this.expr(member.operand) });
      }
    }
    return this.fold({ kind: "object", members });
  }

  #isVariable(name: string): boolean {
    return this.scopes.find(name) !== undefined || (name === "CURRENT" && this.#current.at(-1) !== undefined);
  }

  /** Up to 3.12 the first of several members with one name counts; one that follows a spread overrides. */
  #addMember(members: ExprMember[], name: string, value: Expr, names: Set<string>, spreads: boolean): void {
    if (names.has(name) && !spreads) return;
    names.add(name);
    members.push({ kind: "fixed", name, value });
  }

  /** Resolves inline parts in which CURRENT is `item`. */
  inline<T>(item: Variable, body: () => T): T {
    this.#current.push(item);
    const result = body();
    this.#current.pop();
    return result;
  }

  #expansion(node: Extract<Expression, { kind: "expansion" }>): Expr {
    const target = this.expr(node.target);
    const item = this.scopes.hidden("CURRENT");
    const inline = this.inline(item, () => ({
      ...(node.filter ? { filter: this.expr(node.filter) } : {}),
      ...(node.limit?.offset ? { offset: this.expr(node.limit.offset) } : {}),
      ...(node.limit ? { count: this.expr(node.limit.count) } : {}),
      ...(node.projection ? { projection: this.expr(node.projection) } : {}),
    }));
    const result = inline.projection ? this.scopes.hidden("CURRENT") : item;
    const before = this.#item;
    this.#item = result;
    const each = this.expr(node.each);
    this.#item = before;
    return this.fold({ kind: "expansion", target, levels: node.levels, item, ...inline, each, result });
  }

  #question(node: Extract<Expression, { kind: "question" }>): Expr {
    const target = this.expr(node.target);
    const quantifier = node.quantifier && this.#quantifier(node.quantifier);
    const item = this.scopes.hidden("CURRENT");
    const filter = node.filter && this.inline(item, () => this.expr(node.filter!));
    return this.fold({
      kind: "question",
      target,
      levels: node.levels,
      item,
      ...(quantifier ? { quantifier } : {}),
      ...(filter ? { filter } : {}),
    });
  }

  #quantifier(quantifier: Quantifier): PlanQuantifier {
    return "count" in quantifier ? { kind: quantifier.kind, count: this.expr(quantifier.count) } : quantifier;
  }

  #binary(node: Extract<Expression, { kind: "binary" }>): Expr {
    const { operator } = node;
    const pattern = patternFunction(operator);
    if (pattern) {
      const args = [this.expr(node.left), this.expr(node.right)];
      const call = this.fold({ kind: "call", spec: this.#functionSpec(pattern.name, 2), args });
      return pattern.negated ? this.fold({ kind: "unary", operator: "!", operand: call }) : call;
    }
    let left = this.expr(node.left);
    let right: Expr;
    if ((operator === "&&" || operator === "||") && this.#mayGuard(node.right)) {
      left = this.#guardBy(left);
      right = this.#guarded(left, operator === "||", node.right);
    } else {
      right = this.expr(node.right);
    }
    return this.fold({ kind: "binary", operator: operator as "==", left, right });
  }

  #ternary(node: Extract<Expression, { kind: "ternary" }>): Expr {
    let condition = this.expr(node.condition);
    let then: Expr | undefined;
    let otherwise: Expr;
    if ((node.then && this.#mayGuard(node.then)) || this.#mayGuard(node.otherwise)) {
      condition = this.#guardBy(condition);
      then = node.then && this.#guarded(condition, false, node.then);
      otherwise = this.#guarded(condition, true, node.otherwise);
    } else {
      then = node.then && this.expr(node.then);
      otherwise = this.expr(node.otherwise);
    }
    if (condition.kind === "constant" && this.input) {
      return isTruthy(condition.value) ? then ?? condition : otherwise;
    }
    return { kind: "ternary", condition, ...(then ? { then } : {}), otherwise };
  }

  /** Whether a subquery in `node` has to wait for a condition. Inside of expansions nothing can. */
  #mayGuard(node: Expression): boolean {
    return this.input !== undefined && this.#hasSubqueries && this.#current.at(-1) === undefined &&
      hasSubquery(node);
  }

  /** The condition as a variable that subqueries can test. */
  #guardBy(condition: Expr): Expr {
    if (condition.kind === "constant") return condition;
    const value: Expr = this.#guard
      ? { kind: "binary", operator: "&&", left: this.#guard, right: condition }
      : condition;
    return reference(this.letTemporary(value));
  }

  /** Resolves an operand whose subqueries are needed only if `condition` holds (or, `negated`, does not). */
  #guarded(condition: Expr, negated: boolean, node: Expression): Expr {
    const before = this.#guard;
    const test: Expr = negated ? this.fold({ kind: "unary", operator: "!", operand: condition }) : condition;
    this.#guard = before && negated ? { kind: "binary", operator: "&&", left: before, right: test } : test;
    const expr = this.expr(node);
    this.#guard = before;
    return expr;
  }

  #functionSpec(name: string, args: number): FunctionSpec {
    const spec = AQL_FUNCTIONS.get(name);
    if (!spec) throw new ArangoError("ERROR_QUERY_FUNCTION_NAME_UNKNOWN", `usage of unknown function '${name}()'`);
    checkArgumentCount(spec, args);
    return spec;
  }

  #call(node: CallExpression): Expr {
    const name = qualifiedName(node.name);
    if (name.includes("::")) return { kind: "userCall", name, args: node.args.map((arg) => this.expr(arg)) };
    const spec = this.#functionSpec(name, node.args.length);
    const collections = COLLECTION_ARGUMENTS.get(spec.name) ?? 0;
    const args = node.args.map((arg, i) => i < collections ? this.#any(arg) : this.expr(arg));
    if (spec.readsData && this.written.size > 0 && this.input) {
      throw this.lateError(
        "ERROR_QUERY_ACCESS_AFTER_MODIFICATION",
        `access after data-modification by function ${spec.name}`,
      );
    }
    return this.fold({ kind: "call", spec, args });
  }

  /** A subquery as a statement of its own; `declare` makes the variable for its result. */
  subquery(statements: readonly Statement[], declare: () => Variable): Variable {
    const { length } = this.#current;
    this.#current.push(undefined);
    this.scopes.openQuery();
    const guard = this.#guard;
    this.#guard = undefined;
    const bound = this.statements(statements);
    this.#guard = guard;
    this.scopes.closeQuery();
    this.#current.length = length;
    const variable = declare();
    const guarded: readonly BoundStatement[] = guard ? [{ kind: "filter", condition: guard }, ...bound] : bound;
    this.out.push({ kind: "subquery", variable, statements: guarded });
    return variable;
  }

  /** The value of an OPTIONS object; `statement` names it in warnings, undefined leaves it unchecked. */
  boundOptions(statement: string | undefined, options: ObjectExpression | undefined): BoundOptions | undefined {
    if (!options) return undefined;
    const expression = this.computed(this.expr(options));
    if (!this.input) return { expression, value: {} };
    if (expression.kind !== "constant" || !isObject(expression.value)) {
      throw this.lateError("ERROR_QUERY_COMPILE_TIME_OPTIONS", undefined, "instantiating plan");
    }
    const value = statement === undefined
      ? expression.value
      : checkedOptions(statement, expression.value, (code, message) => this.input!.context.warn(code, message));
    return { expression, value };
  }
}

/** The function behind an operator of patterns. */
function patternFunction(operator: string): { name: string; negated: boolean } | undefined {
  switch (operator) {
    case "LIKE":
    case "NOT LIKE":
      return { name: "LIKE", negated: operator === "NOT LIKE" };
    case "=~":
    case "!~":
      return { name: "REGEX_TEST", negated: operator === "!~" };
    default:
      return undefined;
  }
}
