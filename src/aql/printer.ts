/**
 * Writes a syntax tree as text that parses to the same tree.
 *
 * @module
 */
import {
  type Assignment,
  type DataSourceName,
  type Expression,
  type GraphSubject,
  type LimitClause,
  type ObjectExpression,
  type ObjectMember,
  type Pattern,
  type Quantifier,
  type Query,
  type Statement,
  unreachable,
} from "./ast.ts";
import { KEYWORDS } from "./token.ts";
import { type AqlValue, jsonText } from "./values.ts";

const PLAIN_NAME = /^(?:\$|_*)[A-Za-z][A-Za-z0-9_]*$/;

/** Prints a query, one statement on a line. */
export function print(query: Query): string {
  const declared = query.withCollections.map(printSource).join(", ");
  return `${declared && `WITH ${declared}\n`}${printStatements(query.statements, "\n")}`;
}

function printStatements(statements: readonly Statement[], separator: string): string {
  return statements.map(printStatement).join(separator);
}

/** A name, in ticks where the grammar needs them. */
function printName(name: string): string {
  if (PLAIN_NAME.test(name) && !Object.hasOwn(KEYWORDS, name.toUpperCase())) return name;
  return `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}

/** How tightly an expression binds: operands that bind looser than their operator get parentheses. */
const STRENGTH = {
  ternary: 1,
  "||": 2,
  "&&": 3,
  equality: 4,
  membership: 5,
  relational: 6,
  range: 7,
  sum: 8,
  product: 9,
  unary: 10,
  primary: 11,
};

function strength(expression: Expression): number {
  switch (expression.kind) {
    case "ternary":
      return STRENGTH.ternary;
    case "binary":
    case "quantified":
      return operatorStrength(expression.operator);
    case "range":
      return STRENGTH.range;
    case "unary":
      return STRENGTH.unary;
    case "literal":
      return isNegative(expression.value) ? STRENGTH.unary : STRENGTH.primary;
    default:
      return STRENGTH.primary;
  }
}

function isNegative(value: AqlValue): boolean {
  return (typeof value === "number" || typeof value === "bigint") && value < 0;
}

function operatorStrength(operator: string): number {
  switch (operator) {
    case "||":
      return STRENGTH["||"];
    case "&&":
      return STRENGTH["&&"];
    case "IN":
    case "NOT IN":
      return STRENGTH.membership;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return STRENGTH.relational;
    case "+":
    case "-":
      return STRENGTH.sum;
    case "*":
    case "/":
    case "%":
      return STRENGTH.product;
    default:
      return STRENGTH.equality;
  }
}

function operand(expression: Expression, atLeast: number): string {
  const text = printExpression(expression);
  return strength(expression) < atLeast ? `(${text})` : text;
}

/** Prints one expression. */
function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return expression.overflow ? "1e999" : jsonText(expression.value);
    case "name":
      return printName(expression.name);
    case "bind":
      return `@${expression.name}`;
    case "collectionBind":
      return `@@${expression.name}`;
    case "array":
      return `[${
        expression.items.map((item) =>
          item.kind === "spread" ? `...${printExpression(item.operand)}` : printExpression(item)
        ).join(", ")
      }]`;
    case "object":
      return printObject(expression);
    case "attribute":
      return `${target(expression.target)}.${printName(expression.name)}`;
    case "boundAttribute":
      return `${target(expression.target)}.@${expression.bind.name}`;
    case "index":
      return `${target(expression.target)}[${printExpression(expression.index)}]`;
    case "expansion": {
      const { filter, limit, projection } = expression;
      const inline = [
        filter && `FILTER ${printExpression(filter)}`,
        limit && printLimit(limit),
        projection && `RETURN ${printExpression(projection)}`,
      ].filter((part) => part).map((part) => ` ${part}`).join("");
      return `${target(expression.target)}[${"*".repeat(expression.levels)}${inline}]${
        printExpression(expression.each)
      }`;
    }
    case "question": {
      const { quantifier, filter } = expression;
      const inline = `${quantifier ? ` ${printQuantifier(quantifier)}` : ""}${
        filter ? ` FILTER ${printExpression(filter)}` : ""
      }`;
      return `${target(expression.target)}[${"?".repeat(expression.levels)}${inline}]`;
    }
    case "item":
      return "";
    case "unary": {
      const inner = operand(expression.operand, STRENGTH.unary);
      return expression.operator === "!" ? `NOT ${inner}` : `${expression.operator} ${inner}`;
    }
    case "binary": {
      const level = operatorStrength(expression.operator);
      return `${operand(expression.left, level)} ${expression.operator} ${operand(expression.right, level + 1)}`;
    }
    case "quantified": {
      const level = operatorStrength(expression.operator);
      const quantifier = printQuantifier(expression.quantifier);
      return `${operand(expression.left, level)} ${quantifier} ${expression.operator} ${
        operand(expression.right, level + 1)
      }`;
    }
    case "ternary": {
      const condition = operand(expression.condition, STRENGTH.ternary + 1);
      const then = expression.then ? ` ${printExpression(expression.then)} ` : " ";
      return `${condition} ?${then}: ${printExpression(expression.otherwise)}`;
    }
    case "range":
      return `${operand(expression.low, STRENGTH.sum)} .. ${operand(expression.high, STRENGTH.sum)}`;
    case "call":
      return `${expression.name}(${expression.args.map(printExpression).join(", ")})`;
    case "subquery":
      return `(${printStatements(expression.statements, " ")})`;
    default:
      return unreachable(expression);
  }
}

/** The target of an access; an expansion takes all accesses after it, so parentheses have to end it. */
function target(expression: Expression): string {
  if (expression.kind === "expansion") return `(${printExpression(expression)})`;
  return operand(expression, STRENGTH.primary);
}

function printObject(object: ObjectExpression): string {
  return `{${object.members.map(printMember).join(", ")}}`;
}

function printMember(member: ObjectMember): string {
  switch (member.kind) {
    case "member":
      return member.shorthand
        ? printName(member.name)
        : `${JSON.stringify(member.name)}: ${printExpression(member.value)}`;
    case "bound":
      return `@${member.bind.name}: ${printExpression(member.value)}`;
    case "computed":
      return `[${printExpression(member.name)}]: ${printExpression(member.value)}`;
    case "spread":
      return `...${printExpression(member.operand)}`;
  }
}

function printQuantifier(quantifier: Quantifier): string {
  switch (quantifier.kind) {
    case "AT LEAST":
      return `AT LEAST (${printExpression(quantifier.count)})`;
    case "exactly":
      return printExpression(quantifier.count);
    default:
      return quantifier.kind;
  }
}

function printLimit(limit: LimitClause): string {
  return `LIMIT ${limit.offset ? `${printExpression(limit.offset)}, ` : ""}${printExpression(limit.count)}`;
}

function printSource(name: DataSourceName): string {
  return printExpression(name);
}

function printGraph(graph: GraphSubject): string {
  if (graph.kind === "graph") return `GRAPH ${printSource(graph.name)}`;
  return graph.collections.map(({ direction, name }) => `${direction ? `${direction} ` : ""}${printSource(name)}`).join(
    ", ",
  );
}

function printPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case "variable":
      return printName(pattern.name);
    case "arrayPattern": {
      const items = pattern.items.map((item) => item ? printPattern(item) : "");
      return `[${items.join(", ")}${items.at(-1) === "" ? "," : ""}]`;
    }
    case "objectPattern":
      return `{${
        pattern.members.map((member) =>
          member.shorthand ? printName(member.name) : `${JSON.stringify(member.name)}: ${printPattern(member.pattern)}`
        ).join(", ")
      }}`;
  }
}

function printOptions(options: ObjectExpression | undefined): string {
  return options ? ` OPTIONS ${printObject(options)}` : "";
}

function printAssignments(assignments: readonly Assignment[]): string {
  return assignments.map(({ variable, value }) => `${printName(variable.name)} = ${printExpression(value)}`).join(", ");
}

/** Whether an IN would be taken for the one before the collection. */
function beforeIn(expression: Expression): string {
  const text = printExpression(expression);
  return strength(expression) < STRENGTH.primary ? `(${text})` : text;
}

/** Prints one statement. */
function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case "for": {
      const search = statement.search ? ` SEARCH ${printExpression(statement.search)}` : "";
      return `FOR ${printPattern(statement.pattern)} IN ${printExpression(statement.source)}${search}${
        printOptions(statement.options)
      }`;
    }
    case "traversal": {
      const { prune } = statement;
      const pruned = prune
        ? ` PRUNE ${prune.variable ? `${printName(prune.variable.name)} = ` : ""}${printExpression(prune.condition)}`
        : "";
      return `FOR ${statement.variables.map(printPattern).join(", ")} IN ${
        printDepth(statement.depth)
      }${statement.direction} ${printExpression(statement.start)} ${printGraph(statement.graph)}${pruned}${
        printOptions(statement.options)
      }`;
    }
    case "path":
      return `FOR ${statement.variables.map(printPattern).join(", ")} IN ${
        printDepth(statement.depth)
      }${statement.direction} ${statement.search} ${printExpression(statement.start)} TO ${
        printExpression(statement.target)
      } ${printGraph(statement.graph)}${printOptions(statement.options)}`;
    case "let":
      return `LET ${printPattern(statement.pattern)} = ${printExpression(statement.value)}`;
    case "filter":
      return `FILTER ${printExpression(statement.condition)}`;
    case "sort":
      return `SORT ${
        statement.elements.map(({ value, direction }) =>
          `${printExpression(value)}${
            direction === undefined ? "" : ` ${typeof direction === "string" ? direction : printExpression(direction)}`
          }`
        ).join(", ")
      }`;
    case "limit":
      return printLimit(statement.limit);
    case "return":
      return `RETURN ${statement.distinct ? "DISTINCT " : ""}${printExpression(statement.value)}`;
    case "collect": {
      const { groups, aggregates, count, into, keep } = statement;
      return [
        "COLLECT",
        groups.length > 0 && printAssignments(groups),
        count && `WITH COUNT INTO ${printName(count.name)}`,
        aggregates.length > 0 && `AGGREGATE ${printAssignments(aggregates)}`,
        into &&
        `INTO ${printName(into.variable.name)}${into.projection ? ` = ${printExpression(into.projection)}` : ""}`,
        keep && `KEEP ${keep.map(({ name }) => printName(name)).join(", ")}`,
      ].filter((part) => part).join(" ") + printOptions(statement.options);
    }
    case "window":
      return `WINDOW ${statement.range ? `${printExpression(statement.range)} WITH ` : ""}${
        printObject(statement.bounds)
      } AGGREGATE ${printAssignments(statement.aggregates)}`;
    case "insert":
    case "remove":
      return `${statement.kind.toUpperCase()} ${beforeIn(statement.document)} IN ${printSource(statement.collection)}${
        printOptions(statement.options)
      }`;
    case "update":
    case "replace":
      return `${statement.kind.toUpperCase()} ${statement.key ? `${beforeIn(statement.key)} WITH ` : ""}${
        beforeIn(statement.document)
      } IN ${printSource(statement.collection)}${printOptions(statement.options)}`;
    case "upsert":
      return `UPSERT ${statement.search.kind === "filter" ? "FILTER " : ""}${
        printExpression(statement.search.value)
      } INSERT ${printExpression(statement.insert)} ${statement.replace ? "REPLACE" : "UPDATE"} ${
        beforeIn(statement.update)
      } IN ${printSource(statement.collection)}${printOptions(statement.options)}`;
    default:
      return unreachable(statement);
  }
}

function printDepth(depth: Expression | undefined): string {
  return depth ? `${printExpression(depth)} ` : "";
}
