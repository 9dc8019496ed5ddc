/**
 * Nodes of execution plans as text.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** What is gathered while the nodes of a plan are written. */
export interface Findings {
  readonly indexes: Loose[];
  readonly traversals: Loose[];
  /** Searches for one path, and those for several. */
  readonly paths: Loose[];
  readonly manyPaths: Loose[];
  /** How far the next node is indented. */
  level: number;
}

/** The module `denosh/explainer/nodes`. Source: arangosh.md 5.12. */
export function explainerNodes({ exports, require }: ModuleScope): void {
  const { annotation, attribute, collectionName, keyword, value, variable } = require("denosh/explainer/text");
  const { constant, expression, functionName } = require("denosh/explainer/expressions");

  /** What stands behind a variable for an attribute of its value. */
  function pathText(path: Loose): string {
    return [].concat(path ?? []).map((name) => `.${attribute(name)}`).join("");
  }
  function loopOver(node: Loose, source: string = node.collection): string {
    return `${keyword("FOR")} ${variable(node.outVariable)} ${keyword("IN")} ${collectionName(source)}`;
  }
  function aggregateTexts(node: Loose): string[] {
    return (node.aggregates ?? []).map(({ outVariable, inVariable, expression: computed, type }: Loose) => {
      const value = computed ? expression(computed) : inVariable ? variable(inVariable) : "";
      return `${variable(outVariable)} = ${functionName(type)}(${value})`;
    });
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
    const parts = list.map((each: Loose) =>
      `${variable(each.variable)} = ${variable(node.outVariable)}${pathText(each.path)}`
    );
    return `${keyword("LET")} ${parts.join(", ")}`;
  }
  function earlyFilter(node: Loose): string {
    return node.filter ? `${keyword("FILTER")} ${expression(node.filter)}   ${annotation("/* early pruning */")}` : "";
  }
  /** What a loop does beside giving documents: those of the parts that are not empty, three blanks between them. */
  function parted(...parts: string[]): string {
    return parts.filter((part) => part !== "").join("   ");
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
      ? `${keyword("LIMIT")} ${value(node.limit)} ${annotation("/* early reducing results */")}`
      : "";
    const last = late + count;
    const work = parted(projectionVariables(node), earlyFilter(node), limit);
    return `${loopOver(node)}   ${annotation(comment)}    ${work === "" ? last : `${work}   ${last}`}`;
  }

  /** A loop of a join. */
  function joinedComment(node: Loose, found: Findings): string {
    found.indexes.push({ ...node.index, node: node.id, collection: node.collection, condition: rangesOf(node, 0) });
    const filter = node.filter ? `${keyword("FILTER")} ${expression(node.filter)}` : "";
    let access = "index scan + document lookup";
    if (node.isLateMaterialized) access = "with late materialization";
    else if (node.indexCoversProjections || node.producesResult === false) access = "index scan";
    const comment = annotation(`/* ${access}${projection(node.projections)} */`);
    return parted(loopOver(node), filter, projectionVariables(node), comment);
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
  /** Notes the indexes that find the edges of each collection in each direction. */
  function noteEdgeIndexes(node: Loose, found: Findings): void {
    const ways = (node.edgeCollections ?? []).flatMap((collection: string, at: number) => {
      const direction = DIRECTIONS[node.directions?.[at]] ?? "ANY";
      const each = direction === "ANY" ? ["OUTBOUND", "INBOUND"] : [direction];
      return each.map((one) => ({ collection, direction: one }));
    });
    const note = (indexes: Loose[], level: string) =>
      indexes.forEach((index, at) => {
        const { collection, direction } = ways[at] ?? {};
        found.indexes.push({ ...index, node: node.id, collection, condition: `${level} ${direction}` });
      });
    note(node.indexes?.base ?? [], "base");
    for (const [level, indexes] of Object.entries<Loose>(node.indexes?.levels ?? {})) note(indexes, `level ${level}`);
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
      options: [
        "uniqueVertices",
        "uniqueEdges",
        "order",
        ...(options.weightAttribute ? ["weightAttribute", "defaultWeight"] : []),
      ]
        .filter((name) => options[name] !== undefined).map((name) => `${name}: ${options[name]}`).join(", "),
      condition: pathTests(node),
    };
    noteEdgeIndexes(node, found);
    if (kind === "traversal") {
      found.traversals.push(record);
      const depth = `${value(`${options.minDepth ?? 1}..${options.maxDepth ?? 1}`)}  ${
        annotation("/* min..maxPathDepth */")
      }`;
      const start = vertexText(node.vertexId ?? node.inVariable);
      const order = options.order ? ` ${annotation(`/* order: ${options.order} */`)}` : "";
      return `${head}${depth} ${keyword(direction)} ${start} ${annotation("/* startnode */")}  ${
        graphText(node)
      }${order}`;
    }
    (kind === "SHORTEST_PATH" ? found.paths : found.manyPaths).push(record);
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
    const aggregates = aggregateTexts(node);
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

  /** A grouping of which an index tells the groups. */
  function indexCollectComment(node: Loose, found: Findings): string {
    found.indexes.push({ ...node.index, node: node.id, collection: node.collection, condition: "*" });
    const groups = node.groups.map((group: Loose) =>
      `${variable(group.outVariable)} = ${variable(node.outVariable)}${pathText(group.attribute)}`
    );
    const aggregates = aggregateTexts(node);
    const rest = aggregates.length === 0
      ? annotation("/* distinct value index scan */")
      : `${keyword("AGGREGATE")} ${aggregates.join(", ")} ${annotation("/* full index scan */")}`;
    return `${loopOver(node)} ${keyword("COLLECT")} ${groups.join(", ")} ${rest}`;
  }

  function sortElements(elements: Loose[]): string {
    return (elements ?? []).map(({ inVariable, ascending, path }: Loose) =>
      `${variable(inVariable)}${pathText(path)} ${keyword(ascending ? "ASC" : "DESC")}`
    ).join(", ");
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
      return parted(loopOver(node), note, projectionVariables(node), earlyFilter(node));
    },
    EnumerateListNode(node) {
      if (node.mode === "object") {
        const pair = `[${variable(node.keyValuePairOutVars?.[0])}, ${variable(node.keyValuePairOutVars?.[1])}]`;
        return `${keyword("FOR")} ${pair} ${keyword("OF")} ${variable(node.inVariable)}   ${
          annotation("/* object iteration */")
        }`;
      }
      const head = `${keyword("FOR")} ${variable(node.outVariable)} ${keyword("IN")} ${variable(node.inVariable)}`;
      return parted(head, annotation("/* list iteration */"), earlyFilter(node));
    },
    EnumerateViewNode(node) {
      const condition = node.condition && Object.keys(node.condition).length > 0 &&
          !(node.condition.type === "value" && node.condition.value === true)
        ? ` ${keyword("SEARCH")} ${expression(node.condition)}`
        : "";
      return `${loopOver(node, node.view)}${condition}   ${annotation("/* view query */")}`;
    },
    IndexNode: indexComment,
    JoinNode: (node, found) => node.indexInfos ? keyword("JOIN") : joinedComment(node, found),
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
      const isConst = node.expression?.type === "value" || node.expression?.raw !== undefined
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
    SortNode(node) {
      const strategy = String(node.strategy ?? "standard").replaceAll("-", " ");
      const grouped = (node.elements ?? []).slice(0, node.numberOfTopGroupedElements ?? 0);
      const groups = grouped.map(({ inVariable, path }: Loose) => `${variable(inVariable)}${pathText(path)}`).join(
        ", ",
      );
      return `${keyword("SORT")} ${sortElements((node.elements ?? []).slice(grouped.length))}${
        groups === "" ? "" : `; ${keyword("GROUPED BY")} ${groups}`
      }   ${annotation(`/* sorting strategy: ${strategy} */`)}`;
    },
    CollectNode: collectComment,
    IndexCollectNode: indexCollectComment,
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
      const comment = projected === "" ? "" : ` ${annotation(`/*${projected} */`)}`;
      return parted(`${keyword("MATERIALIZE")} ${variable(source)}${target}${comment}`, projectionVariables(node));
    },
    RemoteNode: () => keyword("REMOTE"),
    ScatterNode: () => keyword("SCATTER"),
    DistributeNode: (node) => `${keyword("DISTRIBUTE")} ${variable(node.variable)}`,
    GatherNode: (node) => `${keyword("GATHER")} ${sortElements(node.elements)}`,
    MutexNode: () => `${keyword("MUTEX")}   ${annotation("/* end async execution */")}`,
    AsyncNode: () => `${keyword("ASYNC")}   ${annotation("/* begin async execution */")}`,
    WindowNode: (node) => {
      const range = node.rangeVariable ? `${variable(node.rangeVariable)} ${keyword("WITH")} ` : "";
      const bounds = `{ preceding: ${constant(node.preceding)}, following: ${constant(node.following)} }`;
      return `${keyword("WINDOW")} ${range}${bounds} ${keyword("AGGREGATE")} ${aggregateTexts(node).join(", ")}`;
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
  ]);

  Object.assign(exports, { COMMENTS, LOOPS });
}
