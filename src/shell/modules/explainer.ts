/**
 * Execution plans as text.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/aql/explainer`. Source: arangosh.md 5.12. */
export function explainer({ exports, require, host }: ModuleScope): void {
  const { COLORS, output, print } = require("denosh/printer");
  const { db } = require("@arangodb");
  const { make } = require("denosh/errors");

  const LONGEST_QUERY = 4096;
  const QUERY_WIDTH = 100;
  const LONGEST_VALUE = 1024;
  const MOST_MEMBERS = 20;

  /** Colour of each kind of text; all empty while colours are off. */
  let palette: Record<string, string> = {};
  function usePalette(on: boolean): void {
    const named: Record<string, string> = {
      keyword: COLORS.COLOR_CYAN,
      annotation: COLORS.COLOR_BLUE,
      value: COLORS.COLOR_GREEN,
      variable: COLORS.COLOR_YELLOW,
      internal: COLORS.COLOR_MAGENTA,
      collection: COLORS.COLOR_RED,
      heading: COLORS.COLOR_MAGENTA,
      section: COLORS.COLOR_BOLD_BLUE,
    };
    palette = on ? named : {};
  }
  function paint(kind: string, text: Loose): string {
    const color = palette[kind];
    return color ? color + text + COLORS.COLOR_RESET : String(text);
  }
  const keyword = (text: Loose) => paint("keyword", text);
  const annotation = (text: Loose) => paint("annotation", text);
  const value = (text: Loose) => paint("value", text);
  const collectionName = (text: Loose) => paint("collection", text);
  const section = (text: Loose) => paint("section", text);
  function variable(node: Loose): string {
    const name = String(node?.name ?? "");
    return /^[0-9_]/.test(name) ? paint("internal", `#${name}`) : paint("variable", name);
  }
  const attribute = (name: Loose) => `\`${name}\``;
  // deno-lint-ignore no-control-regex -- escape sequences are what must not count
  const widthOf = (text: string) => text.replace(/\u001b\[[\d;]*m/g, "").length;
  const padEnd = (text: string, width: number) => text + " ".repeat(Math.max(0, width - widthOf(text)));
  const padStart = (text: string, width: number) => " ".repeat(Math.max(0, width - widthOf(text))) + text;

  // expressions

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
    "array compare ==": "==",
    "array compare !=": "!=",
    "array compare <": "<",
    "array compare <=": "<=",
    "array compare >": ">",
    "array compare >=": ">=",
    "array compare in": "IN",
    "array compare not in": "not in",
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
  let functions: Map<string, Loose>;
  /** What the plan tells of functions, by name. */
  const knownFunctions = new Map<string, Loose>();

  function expression(node: Loose): string {
    const nodes: Loose[] = node.subNodes ?? [];
    const binary = BINARY[node.type];
    if (binary !== undefined) {
      const quantifier = nodes[2]?.type === "quantifier" ? `${keyword(nodes[2].quantifier.toUpperCase())} ` : "";
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
        return node.subqueryReference ? variable(node) : variable(node);
      case "variable":
        return variable(node);
      case "collection":
        return collectionName(node.name);
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
      case "expansion": {
        const filter = nodes.length > 2 && nodes[2].type !== "no-op"
          ? ` ${keyword("FILTER")} ${expression(nodes[2])}`
          : "";
        const mapped = nodes.length > 4 && nodes[4].type !== "no-op"
          ? ` ${keyword("RETURN")} ${expression(nodes[4])}`
          : "";
        const tail = mapped === "" && nodes[1] ? pathAfter(nodes[1]) : "";
        return `${expression(nodes[0].type === "iterator" ? nodes[0].subNodes[1] : nodes[0])}[${
          "*".repeat(node.levels ?? 1)
        }${filter}${mapped}]${tail}`;
      }
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
    return (list.subNodes ?? []).map(expression).join(", ");
  }
  function members(nodes: Loose[], open: string, close: string): string {
    if (nodes.length === 0) return `${open} ${close}`;
    const shown = nodes.slice(0, MOST_MEMBERS).map(expression);
    if (nodes.length > MOST_MEMBERS) shown.push("...");
    return `${open} ${shown.join(", ")} ${close}`;
  }
  /** What follows an expansion, such as the attribute in `list[*].name`. */
  function pathAfter(node: Loose): string {
    if (node.type === "attribute access") return `${pathAfter(node.subNodes[0])}.${attribute(node.name)}`;
    return "";
  }

  // nodes

  /** What is gathered while the nodes are written. */
  interface Findings {
    indexes: Loose[];
    traversals: Loose[];
    paths: Loose[];
    level: number;
  }

  function projection(list: Loose, title = "projections"): string {
    if (!Array.isArray(list) || list.length === 0) return "";
    const paths = list.map((each) => [].concat(each.path ?? each).map(attribute).join("."));
    return ` (${title}: ${paths.join(", ")})`;
  }
  /** `LET` parts for projections that have registers of their own. */
  function projectionVariables(node: Loose): string {
    const list = (node.projections ?? []).filter((each: Loose) => each?.variable !== undefined);
    if (list.length === 0) return "";
    const parts = list.map((each: Loose) => {
      const path = [].concat(each.path).map((name) => `.${attribute(name)}`).join("");
      return `${variable(each.variable)} = ${variable(node.outVariable)}${path}`;
    });
    return `${keyword("LET")} ${parts.join(", ")}   `;
  }
  function earlyFilter(node: Loose): string {
    return node.filter
      ? `${keyword("FILTER")} ${expression(node.filter)}   ${annotation("/* early pruning */")}   `
      : "";
  }

  function rangesOf(node: Loose, index: number): string {
    const condition = Array.isArray(node.condition?.subNodes)
      ? node.condition.subNodes[index] ?? node.condition
      : node.condition;
    const text = condition && Object.keys(condition).length > 0 ? expression(condition) : "";
    return text === "" ? "*" : text;
  }

  function indexComment(node: Loose, found: Findings): string {
    const list = node.indexes ?? [];
    list.forEach((index: Loose, position: number) => {
      found.indexes.push({ ...index, node: node.id, collection: node.collection, condition: rangesOf(node, position) });
    });
    const types = [...new Set(list.map((index: Loose) => `${node.reverse ? "reverse " : ""}${index.type} index scan`))];
    let access = "index scan + document lookup";
    if (node.indexCoversProjections) access = "index only";
    else if (node.producesResult === false || node.indexIdOutVariable || node.isLateMaterialized) access = "scan only";
    const late = node.isLateMaterialized ? annotation("/* with late materialization */") : "";
    const count = node.count ? annotation("/* with count optimization */") : "";
    const comment = `/* ${types.join(", ")}, ${access}${projection(node.filterProjections, "filter projections")}${
      projection(node.projections)
    } */`;
    const limit = node.limit > 0
      ? `${keyword("LIMIT")} ${value(node.limit)} ${annotation("/* early reducing results */")}   `
      : "";
    return `${keyword("FOR")} ${variable(node.outVariable)} ${keyword("IN")} ${collectionName(node.collection)}   ` +
      `${annotation(comment)}    ${projectionVariables(node)}${earlyFilter(node)}${limit}${late}${count}`;
  }

  const DIRECTIONS: Record<number, string> = { 0: "ANY", 1: "INBOUND", 2: "OUTBOUND" };
  function vertexText(given: Loose): string {
    if (typeof given === "string") return value(`'${given}'`);
    return variable(given);
  }
  function graphText(node: Loose): string {
    if (typeof node.graph === "string") return `${keyword("GRAPH")} ${value(`'${node.graph}'`)}`;
    const definition = node.graphDefinition;
    if (definition?.name) return `${keyword("GRAPH")} ${value(`'${definition.name}'`)}`;
    return (node.edgeCollections ?? node.graph ?? []).map((name: string, at: number) => {
      const direction = DIRECTIONS[node.directions?.[at]];
      const own = at > 0 && direction !== undefined && direction !== DIRECTIONS[node.directions?.[0]];
      return `${own ? `${keyword(direction)} ` : ""}${collectionName(name)}`;
    }).join(", ");
  }
  function pathParts({ options = {} }: Loose): string[] {
    const { producePathsVertices = true, producePathsEdges = true } = options;
    return [...(producePathsVertices ? ["vertices"] : []), ...(producePathsEdges ? ["edges"] : [])];
  }
  /** What a traversal tests on its way. */
  function pathTests(node: Loose): string {
    const filters = [node.condition, node.postFilter].filter((each) => each && Object.keys(each).length > 0);
    const parts = filters.map((each) => `${keyword("FILTER")} ${expression(each)}`);
    if (node.expression) parts.push(`${keyword("PRUNE")} ${expression(node.expression)}`);
    return parts.join(" ");
  }
  function graphComment(node: Loose, found: Findings, kind: string): string {
    const direction = DIRECTIONS[node.defaultDirection ?? node.directions?.[0]] ?? "ANY";
    const outputs: string[] = [];
    if (node.vertexOutVariable) outputs.push(`${variable(node.vertexOutVariable)}  ${annotation("/* vertex */")}`);
    if (node.edgeOutVariable) outputs.push(`${variable(node.edgeOutVariable)}  ${annotation("/* edge */")}`);
    if (node.pathOutVariable) {
      const note = kind === "traversal" ? `/* paths: ${pathParts(node).join(", ")} */` : "/* path */";
      outputs.push(`${variable(node.pathOutVariable)}  ${annotation(note)}`);
    }
    const head = `${keyword("FOR")} ${outputs.join(", ")} ${keyword("IN")} `;
    const { options = {} } = node;
    const record = {
      id: node.id,
      depth: `${options.minDepth ?? node.minMaxDepth ?? 1}..${options.maxDepth ?? 1}`,
      vertices: (node.graphDefinition?.vertexCollectionNames ?? node.vertexCollections ?? []).join(", "),
      edges: (node.graphDefinition?.edgeCollectionNames ?? node.edgeCollections ?? []).join(", "),
      options: Object.entries(options).filter(([name]) =>
        /^(uniqueVertices|uniqueEdges|order|weightAttribute|defaultWeight)$/.test(name)
      )
        .map(([name, each]) => `${name}: ${each}`).join(", "),
      condition: pathTests(node),
    };
    for (const [at, index] of Object.entries(node.indexes?.base ?? [])) {
      found.indexes.push({
        ...(index as Loose),
        node: node.id,
        collection: node.edgeCollections?.[Number(at)] ?? "",
        condition: `base ${direction}`,
      });
    }
    if (kind === "traversal") {
      found.traversals.push(record);
      const depth = `${value(`${options.minDepth ?? 1}..${options.maxDepth ?? 1}`)}  ${
        annotation("/* min..maxPathDepth */")
      }`;
      const start = vertexText(node.vertexId ?? node.inVariable);
      const order = options.order && options.order !== "dfs" ? ` ${annotation(`/* order: ${options.order} */`)}` : "";
      return `${head}${depth} ${keyword(direction)} ${start} ${annotation("/* startnode */")}  ${
        graphText(node)
      }${order}`;
    }
    found.paths.push(record);
    const start = vertexText(node.startVertexId ?? node.startInVariable);
    const target = vertexText(node.targetVertexId ?? node.targetInVariable);
    const range = kind === "K_PATHS" ? `${value(record.depth)}  ${annotation("/* min..maxPathDepth */")} ` : "";
    return `${head}${range}${keyword(direction)} ${keyword(kind)} ${start} ${annotation("/* startnode */")} ` +
      `${keyword("TO")} ${target} ${annotation("/* targetnode */")} ${graphText(node)}`;
  }

  function collectComment(node: Loose): string {
    let text = keyword("COLLECT");
    const groups = (node.groups ?? []).map(({ outVariable, inVariable }: Loose) =>
      `${variable(outVariable)} = ${variable(inVariable)}`
    );
    if (groups.length > 0) text += ` ${groups.join(", ")}`;
    const aggregates = (node.aggregates ?? []).map(({ outVariable, inVariable, type }: Loose) =>
      `${variable(outVariable)} = ${functionName(type)}(${inVariable ? variable(inVariable) : ""})`
    );
    const isCount = node.collectOptions?.method === "count" || node.count;
    if (isCount && aggregates.length === 1) {
      text += ` ${aggregates[0]}`.replace(/ = .*/, ` = ${functionName("LENGTH")}()`);
    } else if (aggregates.length > 0) text += ` ${keyword("AGGREGATE")} ${aggregates.join(", ")}`;
    if (node.outVariable) text += ` ${keyword(node.count ? "WITH COUNT INTO" : "INTO")} ${variable(node.outVariable)}`;
    if (node.expressionVariable) text += ` = ${variable(node.expressionVariable)}`;
    if (node.keepVariables?.length > 0) {
      text += ` ${keyword("KEEP")} ${
        node.keepVariables.map((each: Loose) => variable(each.variable ?? each)).join(", ")
      }`;
    }
    return `${text}   ${annotation(`/* ${node.collectOptions?.method ?? "sorted"} */`)}`;
  }

  function sortElements(elements: Loose[]): string {
    return (elements ?? []).map(({ inVariable, ascending, path }: Loose) => {
      const tail = (path ?? []).map((name: string) => `.${attribute(name)}`).join("");
      return `${variable(inVariable)}${tail} ${keyword(ascending ? "ASC" : "DESC")}`;
    }).join(", ");
  }

  function modification(word: string, node: Loose): string {
    const target = `${keyword("IN")} ${collectionName(node.collection)}`;
    if (node.inKeyVariable) {
      return `${keyword(word)} ${variable(node.inKeyVariable)} ${keyword("WITH")} ${
        variable(node.inDocVariable)
      } ${target}`;
    }
    return `${keyword(word)} ${variable(node.inDocVariable ?? node.inVariable)} ${target}`;
  }

  type Comment = (node: Loose, found: Findings) => string;
  const COMMENTS: Record<string, Comment> = {
    SingletonNode: () => `${keyword("ROOT")} `,
    NoResultsNode: () => `${keyword("EMPTY")}   ${annotation("/* empty result set */")}`,
    EnumerateCollectionNode(node) {
      const notes = [
        `full collection scan${node.random ? ", random order" : ""}${
          projection(node.filterProjections, "filter projections")
        }${projection(node.projections)}`,
      ];
      if (node.satellite) notes.push("satellite");
      if (node.producesResult === false && !node.count) notes.push("scan only");
      if (node.count) notes.push("with count optimization");
      const note = annotation(`/* ${notes.join(", ")}${node.readOwnWrites ? "; read own writes" : ""}  */`);
      const head = `${keyword("FOR")} ${variable(node.outVariable)} ${keyword("IN")} ${
        collectionName(node.collection)
      }`;
      return `${head}   ${note}   ${projectionVariables(node)}${earlyFilter(node)}`;
    },
    EnumerateListNode(node) {
      if (node.mode === "object") {
        const pair = `[${variable(node.keyValuePairOutVars?.[0])}, ${variable(node.keyValuePairOutVars?.[1])}]`;
        return `${keyword("FOR")} ${pair} ${keyword("OF")} ${variable(node.inVariable)}   ${
          annotation("/* object iteration */")
        }`;
      }
      const head = `${keyword("FOR")} ${variable(node.outVariable)} ${keyword("IN")} ${variable(node.inVariable)}`;
      return `${head}   ${annotation("/* list iteration */")}   ${earlyFilter(node)}`;
    },
    EnumerateViewNode(node) {
      const condition = node.condition && Object.keys(node.condition).length > 0 &&
          !(node.condition.type === "value" && node.condition.value === true)
        ? ` ${keyword("SEARCH")} ${expression(node.condition)}`
        : "";
      const head = `${keyword("FOR")} ${variable(node.outVariable)} ${keyword("IN")} ${collectionName(node.view)}`;
      return `${head}${condition}   ${annotation("/* view query */")}`;
    },
    IndexNode: indexComment,
    TraversalNode: (node, found) => graphComment(node, found, "traversal"),
    ShortestPathNode: (node, found) => graphComment(node, found, "SHORTEST_PATH"),
    EnumeratePathsNode: (node, found) =>
      graphComment(
        node,
        found,
        ({ kPaths: "K_PATHS", shortestPaths: "K_SHORTEST_PATHS", allShortestPaths: "ALL_SHORTEST_PATHS" } as Record<
          string,
          string
        >)[node.shortestPathType] ?? node.shortestPathType?.replace(/ /g, "_").toUpperCase() ?? "K_SHORTEST_PATHS",
      ),
    CalculationNode(node) {
      const type = annotation(`/* ${node.expressionType ?? "simple"} expression */`);
      const isConst = ["value"].includes(node.expression?.type) || node.expression?.raw !== undefined
        ? `   ${annotation("/* const assignment */")}`
        : "";
      return `${keyword("LET")} ${variable(node.outVariable)} = ${expression(node.expression)}   ${type}${isConst}`;
    },
    FilterNode: (node) => `${keyword("FILTER")} ${variable(node.inVariable)}`,
    ReturnNode: (node) => `${keyword("RETURN")} ${variable(node.inVariable)}`,
    LimitNode: (node) =>
      `${keyword("LIMIT")} ${value(node.offset)}, ${value(node.limit)}${
        node.fullCount ? `  ${annotation("/* fullCount */")}` : ""
      }`,
    SortNode: (node) =>
      `${keyword("SORT")} ${sortElements(node.elements)}   ${
        annotation(`/* sorting strategy: ${String(node.strategy ?? "standard").split("-").pop()!} */`)
      }`,
    CollectNode: collectComment,
    SubqueryStartNode: (node) =>
      `${keyword("LET")} ${variable(node.subqueryOutVariable)} = ( ${annotation("/* subquery begin */")}`,
    SubqueryEndNode: (node) =>
      node.inVariable
        ? `${keyword("RETURN")}  ${variable(node.inVariable)} ) ${annotation("/* subquery end */")}`
        : `) ${annotation("/* subquery end */")}`,
    SubqueryNode: (node) =>
      `${keyword("LET")} ${variable(node.outVariable)} = ...   ${
        annotation(`/* ${node.isConst ? "const " : ""}subquery */`)
      }`,
    InsertNode: (node) => modification("INSERT", { ...node, inDocVariable: node.inVariable ?? node.inDocVariable }),
    RemoveNode: (node) => modification("REMOVE", { ...node, inDocVariable: node.inVariable ?? node.inDocVariable }),
    UpdateNode: (node) => modification("UPDATE", node),
    ReplaceNode: (node) => modification("REPLACE", node),
    UpsertNode: (node) =>
      `${keyword("UPSERT")} ${variable(node.inDocVariable)} ${keyword("INSERT")} ${variable(node.insertVariable)} ` +
      `${keyword(node.isReplace ? "REPLACE" : "UPDATE")} ${variable(node.updateVariable)} ${keyword("IN")} ${
        collectionName(node.collection)
      }`,
    MaterializeNode: (node) => {
      const source = node.oldDocVariable ?? node.inNmDocId ?? node.outVariable;
      const target = node.outVariable.id === source.id ? "" : ` ${keyword("INTO")} ${variable(node.outVariable)}`;
      const projected = projection(node.projections);
      const comment = projected === "" ? "" : ` ${annotation(`/*${projected} */`)}   ${projectionVariables(node)}`;
      return `${keyword("MATERIALIZE")} ${variable(source)}${target}${comment}`;
    },
    RemoteNode: () => keyword("REMOTE"),
    ScatterNode: () => keyword("SCATTER"),
    DistributeNode: (node) => `${keyword("DISTRIBUTE")} ${variable(node.variable)}`,
    GatherNode: (node) => `${keyword("GATHER")} ${sortElements(node.elements)}`,
    MutexNode: () => `${keyword("MUTEX")}   ${annotation("/* end async execution */")}`,
    AsyncNode: () => `${keyword("ASYNC")}   ${annotation("/* begin async execution */")}`,
    WindowNode: (node) => {
      const aggregates = (node.aggregates ?? []).map(({ outVariable, inVariable, type }: Loose) =>
        `${variable(outVariable)} = ${functionName(type)}(${inVariable ? variable(inVariable) : ""})`
      );
      const range = node.rangeVariable ? `${variable(node.rangeVariable)} ${keyword("WITH")} ` : "";
      const bounds = `{ preceding: ${constant(node.preceding)}, following: ${constant(node.following)} }`;
      return `${keyword("WINDOW")} ${range}${bounds} ${keyword("AGGREGATE")} ${aggregates.join(", ")}`;
    },
  };
  const LOOPS = new Set([
    "EnumerateCollectionNode",
    "EnumerateListNode",
    "EnumerateViewNode",
    "IndexNode",
    "TraversalNode",
    "ShortestPathNode",
    "EnumeratePathsNode",
    "SubqueryStartNode",
    "SingletonNode",
    "JoinNode",
  ]);

  // tables

  interface Column {
    title: string;
    cells: string[];
    right?: boolean;
  }
  /** Lines of a table: one leading blank, three blanks between columns. */
  function table(columns: Column[], padLast = true): string[] {
    const widths = columns.map(({ title, cells }) => Math.max(title.length, ...cells.map(widthOf)));
    const line = (pick: (column: Column) => string, isHead: boolean) =>
      " " + columns.map((column, at) => {
        const text = pick(column);
        if (!padLast && at === columns.length - 1) return text;
        return column.right && !isHead ? padStart(text, widths[at]!) : padEnd(text, widths[at]!);
      }).join("   ");
    const rows = columns[0]?.cells.length ?? 0;
    const lines = [line(({ title }) => paint("heading", title), true)];
    for (let row = 0; row < rows; row++) lines.push(line(({ cells }) => cells[row]!, false));
    return lines;
  }

  function queryLines(query: string): string[] {
    const text = query.length > LONGEST_QUERY
      ? `${query.slice(0, LONGEST_QUERY / 2)} ... ${query.slice(-LONGEST_QUERY / 2)}`
      : query;
    const lines: string[] = [];
    for (let line of text.replace(/^\n+|\s+$/g, "").split("\n")) {
      let indent = " ";
      while (line.length > QUERY_WIDTH) {
        let cut = line.lastIndexOf(" ", QUERY_WIDTH);
        if (cut <= 0) cut = QUERY_WIDTH;
        lines.push(indent + line.slice(0, cut));
        line = line.slice(cut).trimStart();
        indent = "  ";
      }
      lines.push(indent + value(line));
    }
    return lines;
  }

  const seconds = (number: Loose) => Number(number ?? 0).toFixed(5);
  const percent = (number: Loose) => typeof number === "number" ? `${(number * 100).toFixed(2)} %` : "n/a";

  /** The nodes of a plan from the root downwards; those of nested plans between their begin and their end. */
  function orderOf(nodes: Loose[]): Loose[] {
    return nodes.flatMap((node) => {
      const inner = node.type === "SubqueryNode" ? node.subquery?.nodes : undefined;
      if (!Array.isArray(inner) || inner.length === 0) return [node];
      const last = inner[inner.length - 1];
      const begin = { ...node, type: "SubqueryStartNode", subqueryOutVariable: node.outVariable };
      const end = { ...last, type: "SubqueryEndNode" };
      const body = inner.slice(0, -1).filter(({ type }: Loose) => type !== "SingletonNode");
      return [begin, ...orderOf(body), end];
    });
  }

  function planLines(plan: Loose, profile: Loose, found: Findings): string[] {
    const nodes = orderOf(plan.nodes);
    const comments: string[] = [];
    /** Levels to return to at the ends of subqueries. */
    const outer: number[] = [];
    for (const node of nodes) {
      const write = COMMENTS[node.type];
      const comment = write ? write(node, found) : keyword(node.type.replace(/Node$/, "").toUpperCase());
      const mark = node.type === "SingletonNode" ? "* " : "- ";
      const split = node.isCallstackSplitEnabled ? ` ${annotation("/* callstack split */")}` : "";
      comments.push("  ".repeat(node.type === "SingletonNode" ? 0 : found.level) + mark + comment + split);
      if (node.type === "SubqueryStartNode") outer.push(found.level);
      if (node.type === "SubqueryEndNode") found.level = outer.pop() ?? found.level;
      if (LOOPS.has(node.type)) found.level++;
    }
    const columns: Column[] = [
      { title: "Id", cells: nodes.map(({ id }) => String(id)), right: true },
      { title: "NodeType", cells: nodes.map(({ type }) => keyword(type)) },
    ];
    if (profile === undefined) {
      columns.push({ title: "Par", cells: nodes.map((node) => node.isAsyncPrefetchEnabled ? "✓" : ""), right: true });
      columns.push({ title: "Est.", cells: nodes.map((node) => value(node.estimatedNrItems ?? 0)), right: true });
    } else {
      const byId = new Map<number, Loose>(profile.map((each: Loose) => [each.id, each]));
      const upstream = (node: Loose) =>
        (node.dependencies ?? []).reduce((sum: number, id: number) => sum + (byId.get(id)?.runtime ?? 0), 0);
      const of = (pick: (stats: Loose, node: Loose) => Loose) =>
        nodes.map((node) => value(pick(byId.get(node.id) ?? {}, node)));
      columns.push({ title: "Calls", cells: of((stats) => stats.calls ?? 0), right: true });
      columns.push({
        title: "Par",
        cells: of((stats, node) => node.isAsyncPrefetchEnabled ? stats.parallel ?? 0 : "-"),
        right: true,
      });
      columns.push({ title: "Items", cells: of((stats) => stats.items ?? 0), right: true });
      columns.push({ title: "Filtered", cells: of((stats) => stats.filtered ?? 0), right: true });
      columns.push({
        title: "Runtime [s]",
        cells: of((stats, node) => seconds(Math.max(0, (stats.runtime ?? 0) - upstream(node)))),
        right: true,
      });
    }
    columns.push({ title: "Comment", cells: comments });
    return table(columns, false);
  }

  function indexLines(found: Findings): string[] {
    if (found.indexes.length === 0) return [` none`];
    const list = found.indexes;
    const fields = (each: Loose) => {
      const names = (each ?? []).map((name: Loose) => attribute(typeof name === "string" ? name : name.name));
      return names.length === 0 ? "[  ]" : `[ ${names.join(", ")} ]`;
    };
    const bool = (given: Loose) => value(given === true ? "true" : "false");
    return table([
      { title: "By", cells: list.map(({ node }) => String(node)), right: true },
      { title: "Name", cells: list.map(({ name }) => collectionName(name)) },
      { title: "Type", cells: list.map(({ type }) => keyword(type)) },
      { title: "Collection", cells: list.map(({ collection }) => collectionName(collection)) },
      { title: "Unique", cells: list.map(({ unique }) => bool(unique)) },
      { title: "Sparse", cells: list.map(({ sparse }) => bool(sparse)) },
      { title: "Cache", cells: list.map(({ cacheEnabled }) => bool(cacheEnabled)) },
      {
        title: "Selectivity",
        cells: list.map(({ selectivityEstimate }) => value(percent(selectivityEstimate))),
        right: true,
      },
      { title: "Fields", cells: list.map((index) => fields(index.fields)) },
      { title: "Stored values", cells: list.map((index) => fields(index.storedValues)) },
      { title: "Ranges", cells: list.map(({ condition }) => condition) },
    ]);
  }

  /** Numbered names in up to three columns, one below the other. */
  function ruleLines(rules: string[]): string[] {
    if (rules.length === 0) return [` none`];
    const rows = Math.ceil(rules.length / 3);
    const width = Math.max("Rule Name".length, ...rules.map((rule) => rule.length));
    const columns = Math.ceil(rules.length / rows);
    const gap = " ".repeat(9);
    const head = Array.from({ length: columns }, () => `Id   ${"Rule Name".padEnd(width)}`).join(gap);
    const lines = [` ${paint("heading", head)}`];
    for (let row = 0; row < rows; row++) {
      const cells = [];
      for (let at = row; at < rules.length; at += rows) {
        cells.push(`${padStart(value(at + 1), 2)}   ${padEnd(keyword(rules[at]), width)}`);
      }
      lines.push(` ${cells.join(gap)}`);
    }
    return lines;
  }

  function statisticsLines(stats: Loose): string[] {
    const cells: [title: string, text: string][] = [
      ["Writes Exec", String(stats.writesExecuted ?? 0)],
      ["Writes Ign", String(stats.writesIgnored ?? 0)],
      ["Doc. Lookups", String(stats.documentLookups ?? 0)],
      ["Scan Full", String(stats.scannedFull ?? 0)],
      ["Scan Index", String(stats.scannedIndex ?? 0)],
      ["Cache Hits/Misses", `${stats.cacheHits ?? 0} / ${stats.cacheMisses ?? 0}`],
      ["Filtered", String(stats.filtered ?? 0)],
      ["Peak Mem [b]", String(stats.peakMemoryUsage ?? 0)],
      ["Exec Time [s]", seconds(stats.executionTime)],
    ];
    const widths = cells.map(([title, text]) => Math.max(title.length, text.length));
    const gap = " ".repeat(6);
    return [
      ` ${cells.map(([title], at) => title.padStart(widths[at]!)).join(gap)}`,
      ` ${cells.map(([, text], at) => text.padStart(widths[at]!)).join(gap)}`,
    ];
  }

  function profileLines(profile: Loose): string[] {
    const stages = Object.entries(profile).map(([name, time]) => [name, seconds(time)] as const);
    const rows = Math.ceil(stages.length / 3);
    const width = Math.max("Query Stage".length, ...stages.map(([name]) => name.length));
    const gap = " ".repeat(9);
    const pair = (name: string, time: string) => `${name.padEnd(width)}   ${time.padStart("Duration [s]".length)}`;
    const columns = Math.ceil(stages.length / rows);
    const lines = [` ${Array.from({ length: columns }, () => pair("Query Stage", "Duration [s]")).join(gap)}`];
    for (let row = 0; row < rows; row++) {
      const cells = [];
      for (let at = row; at < stages.length; at += rows) cells.push(pair(...stages[at]!));
      lines.push(` ${cells.join(gap)}`);
    }
    return lines;
  }

  /** All sections of one plan. */
  function describePlan(query: string, data: Loose, plan: Loose, profile?: Loose): string[] {
    functions = new Map();
    for (const node of plan.nodes) for (const each of node.functions ?? []) knownFunctions.set(each.name, each);
    const found: Findings = { indexes: [], traversals: [], paths: [], level: 0 };
    const sections: string[][] = [];
    const cacheable = data.cacheable ?? false;
    const key = data.planCacheKey === undefined ? "" : `, plan cache key: "${data.planCacheKey}"`;
    const cut = query.length > LONGEST_QUERY ? " - truncated..." : "";
    sections.push([
      section(`Query String (${query.length} chars${cut}${key}, results cachable: ${cacheable}):`),
      ...queryLines(query),
    ]);
    sections.push([section("Execution plan:"), ...planLines(plan, profile?.stats?.nodes, found)]);
    sections.push([section("Indexes used:"), ...indexLines(found)]);
    if (functions.size > 0) {
      const list = [...functions.values()].sort((left, right) => left.name < right.name ? -1 : 1);
      sections.push([
        section("Functions used:"),
        ...table([
          { title: "Name", cells: list.map(({ name }) => keyword(name)) },
          {
            title: "Deterministic",
            cells: list.map((each) => value(each.isDeterministic ?? each.deterministic ?? true)),
          },
          { title: "Cacheable", cells: list.map((each) => value(each.cacheable ?? each.isDeterministic ?? true)) },
          { title: "Uses V8", cells: list.map((each) => value(each.usesV8 ?? false)) },
        ]),
      ]);
    }
    if (found.traversals.length > 0) {
      const list = found.traversals;
      sections.push([
        section("Traversals on graphs:"),
        ...table([
          { title: "Id", cells: list.map(({ id }) => String(id)), right: true },
          { title: "Depth", cells: list.map(({ depth }) => depth) },
          { title: "Vertex collections", cells: list.map(({ vertices }) => vertices) },
          { title: "Edge collections", cells: list.map(({ edges }) => edges) },
          { title: "Options", cells: list.map(({ options }) => options) },
          { title: "Filter / Prune Conditions", cells: list.map(({ condition }) => condition) },
        ]),
      ]);
    }
    if (found.paths.length > 0) {
      sections.push([
        section("Shortest paths on graphs:"),
        ...table([
          { title: "Id", cells: found.paths.map(({ id }) => String(id)), right: true },
          { title: "Vertex collections", cells: found.paths.map(({ vertices }) => vertices) },
          { title: "Edge collections", cells: found.paths.map(({ edges }) => edges) },
        ]),
      ]);
    }
    sections.push([section("Optimization rules applied:"), ...ruleLines(plan.rules ?? [])]);
    const slow = Object.entries(data.stats?.rules ?? {}).filter(([, time]) => (time as number) >= 0.0002)
      .sort(([, left], [, right]) => (right as number) - (left as number)).slice(0, 5);
    if (slow.length > 0) {
      sections.push([
        section("Optimization rules with highest execution times:"),
        ...table([
          { title: "RuleName", cells: slow.map(([name]) => keyword(name)) },
          { title: "Duration [s]", cells: slow.map(([, time]) => value(seconds(time))), right: true },
        ]),
      ]);
    }
    if (profile === undefined) {
      const { stats } = data;
      if (stats !== undefined) {
        const peak = stats.peakMemoryUsage ?? 0;
        sections.push([
          `${value(stats.rulesExecuted ?? 0)} rule(s) executed, ${value(stats.plansCreated ?? 1)} plan(s) created, ` +
          `peak mem [b]: ${value(peak)}, exec time [s]: ${value(seconds(stats.executionTime))}`,
        ]);
      }
    } else {
      sections.push([section("Query Statistics:"), ...statisticsLines(profile.stats ?? {})]);
      if (profile.profile !== undefined) sections.push([section("Query Profile:"), ...profileLines(profile.profile)]);
    }
    const warnings = profile?.warnings ?? data.warnings ?? [];
    if (warnings.length > 0) {
      sections.push([
        section("Warnings:"),
        ...table([
          { title: "Code", cells: warnings.map(({ code }: Loose) => String(code)), right: true },
          { title: "Message", cells: warnings.map(({ message }: Loose) => message) },
        ], false),
      ]);
    }
    return sections.flatMap((lines) => [...lines, ""]);
  }

  /** `{query, bindVars, options}` of what `explain` and its like are called with. */
  function dataOf(given: Loose, options?: Loose): Loose {
    let data: Loose = given;
    if (typeof given === "string") data = { query: given, options };
    else if (typeof given?.toAQL === "function") data = { query: given.toAQL(), options };
    else if (given === null || typeof given !== "object") {
      throw make(10, "ArangoStatement needs initial data");
    } else if (options !== undefined) data = { ...given, options: { ...given.options, ...options } };
    return { ...data, options: { ...data.options } };
  }

  exports.explain = function explain(given: Loose, options?: Loose, shouldPrint: Loose = true): Loose {
    const data = dataOf(given, options);
    const { colors = true, ...rest } = data.options;
    usePalette(colors);
    const sent = { verbosePlans: true, explainInternals: false, profile: 2, ...rest };
    const statement = db._createStatement({ query: data.query, bindVars: data.bindVars ?? {}, options: sent });
    const reply = statement.explain();
    let lines: string[] = [];
    if (sent.allPlans) {
      reply.plans.forEach((plan: Loose, at: number) => {
        const cost = Number(plan.estimatedCost ?? 0).toFixed(2);
        lines.push(`Plan #${at + 1} of ${reply.plans.length} (estimated cost: ${cost})`);
        lines = lines.concat(describePlan(data.query, reply, plan).map((line) => line === "" ? "" : ` ${line}`));
      });
    } else {
      if (!Array.isArray(reply.plan?.nodes)) {
        throw "incomplete query execution plan data - this should not happen unless when connected to a DB-Server. fetching query plans/profiles from a DB-Server is not supported!";
      }
      lines = describePlan(data.query, reply, reply.plan);
    }
    const text = lines.join("\n");
    if (shouldPrint === false) return text;
    print(text);
    return undefined;
  };

  exports.profileQuery = function profileQuery(given: Loose, shouldPrint: Loose = true): Loose {
    const data = dataOf(given);
    const { colors = true, ...rest } = data.options;
    usePalette(colors);
    const options = { ...rest, silent: true, profile: 2 };
    const cursor = db._createStatement({ query: data.query, bindVars: data.bindVars ?? {}, options }).execute();
    const extra = cursor.getExtra();
    if (!Array.isArray(extra.plan?.nodes)) throw "incomplete query execution plan data";
    const text = describePlan(data.query, { cacheable: extra.plan.isCacheable ?? false, ...extra }, extra.plan, extra)
      .join("\n");
    if (shouldPrint === false) return text;
    print(text);
    return undefined;
  };

  exports.explainRegisters = function explainRegisters(given: Loose, options?: Loose, shouldPrint?: Loose): Loose {
    host.log("WARNING", "explainRegisters shows no registers in this shell, only the plan");
    return exports.explain(given, options, shouldPrint);
  };

  exports.debug = function debug(query: Loose, bindVars?: Loose, options: Loose = {}): Loose {
    const data = dataOf(typeof query === "object" ? query : { query, bindVars }, options);
    const { examples, anonymize, ...rest } = data.options;
    const statement = db._createStatement({
      query: data.query,
      bindVars: data.bindVars ?? {},
      options: { ...rest, verbosePlans: true },
    });
    const explained = statement.explain();
    const names = (explained.plan?.collections ?? []).map(({ name }: Loose) => name);
    const count = examples === true ? 10 : Math.min(100, Number(examples) || 0);
    const collections: Loose = {};
    for (const name of names) {
      const collection = db._collection(name);
      if (collection === null) continue;
      const type = collection.type();
      collections[name] = {
        type,
        properties: collection.properties(),
        indexes: collection.indexes(true),
        count: collection.count(),
        counts: { single: collection.count() },
      };
      if (count > 0) {
        const rows = collection.all().limit(count).toArray();
        collections[name].examples = anonymize ? rows.map(anonymized) : rows;
      }
    }
    const graphs: Loose = {};
    if (count > 0 || names.some((name: string) => db._collection(name)?.type() === 3)) {
      for (const graph of require("@arangodb/general-graph")._listObjects()) {
        if (graph.edgeDefinitions?.some(({ collection }: Loose) => names.includes(collection))) {
          const { _key, _id, _rev, edgeDefinitions, orphanCollections } = graph;
          graphs[graph._key ?? graph.name] = { _key, _id, _rev, edgeDefinitions, orphanCollections };
        }
      }
    }
    return {
      engine: db._engine(),
      version: db._version(true),
      database: db._name(),
      query: { query: data.query, bindVars: data.bindVars, options: rest },
      queryCache: require("@arangodb/aql/cache").properties(),
      collections,
      views: {},
      analyzers: {},
      graphs,
      fancy: exports.explain(
        { query: data.query, bindVars: data.bindVars, options: { ...rest, colors: false } },
        undefined,
        false,
      ),
      explain: explained,
      engineStats: db._engineStats(),
    };
  };

  /** A document whose texts say nothing any more. */
  function anonymized(document: Loose): Loose {
    if (typeof document === "string") return "X".repeat(document.length);
    if (document === null || typeof document !== "object") return document;
    if (Array.isArray(document)) return document.map(anonymized);
    return Object.fromEntries(
      Object.entries(document).map((
        [name, each],
      ) => [name, /^_(key|id|rev|from|to)$/.test(name) ? each : anonymized(each)]),
    );
  }

  exports.debugDump = function debugDump(file: Loose, query: Loose, bindVars?: Loose, options?: Loose): void {
    require("fs").write(file, JSON.stringify(exports.debug(query, bindVars, options)));
    host.log("INFO", `stored query debug information in file '${file}'`);
  };

  exports.inspectDump = function inspectDump(file: Loose, outfile?: Loose): void {
    const data = JSON.parse(require("fs").read(file));
    const lines: string[] = [];
    const json = (each: Loose) => JSON.stringify(each);
    lines.push(`/* original data is from ${data.version?.version}, ${data.version?.license} */`);
    lines.push(
      `/* original data gathered from database ${json({ name: data.database?.name ?? data.database })} */`,
      "",
    );
    lines.push("/* graphs */");
    for (const [name, graph] of Object.entries(data.graphs ?? {})) {
      lines.push(`try { db._graphs.remove(${json(name)}); } catch (err) {}`, `db._graphs.insert(${json(graph)});`);
    }
    lines.push("", "/*drop views */", "", "/* analyzers setup */", "", "/* collections and indexes setup */");
    const collections: [string, Loose][] = Object.entries(data.collections ?? {});
    const isEdge = (each: Loose) => each.type === 3;
    for (const [name] of collections) {
      lines.push(`try { db._drop(${json(name)}); } catch (err) { print(String(err)); }`);
    }
    for (
      const [name, each] of [...collections].sort(([, left], [, right]) => Number(isEdge(left)) - Number(isEdge(right)))
    ) {
      const create = isEdge(each) ? "_createEdgeCollection" : "_create";
      lines.push(`db.${create}(${json(name)}, ${json(each.properties)});`);
      for (const index of each.indexes ?? []) {
        if (index.type === "primary" || index.type === "edge") continue;
        const { figures: _figures, selectivityEstimate: _estimate, ...definition } = index;
        lines.push(`db[${json(name)}].ensureIndex(${json(definition)});`);
      }
      lines.push("");
    }
    lines.push("/* example data */");
    for (const [name, each] of collections) {
      for (const document of each.examples ?? []) lines.push(`db[${json(name)}].insert(${json(document)});`);
    }
    lines.push("", "/* views */", "", "/* explain result */");
    for (const line of String(data.fancy ?? "").trim().split("\n")) lines.push(`// ${line}`);
    const { query, bindVars = {}, options = {} } = data.query;
    lines.push("", "/* explain command */", `db._explain(${json(query)}, ${json(bindVars)}, ${json(options)});`, "");
    const text = lines.join("\n");
    if (outfile === undefined) {
      output(text);
      return;
    }
    require("fs").write(outfile, text);
    host.log("INFO", `stored query inspection in file '${outfile}'`);
    host.log("INFO", `hint: run the file with --javascript.execute to recreate the situation`);
  };
}
