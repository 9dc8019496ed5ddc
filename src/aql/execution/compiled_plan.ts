/**
 * A plan with the operators that run it.
 *
 * To make the operators takes longer than many queries run, so they are kept with the plan. A plan in use is in nobody
 * else's hands: two runs of a query at the same time have a plan each.
 *
 * @module
 */
import type { BindParameters } from "../bind_parameters.ts";
import type { SourceAccess } from "../data_source.ts";
import type { Plan, PlanNode } from "../plan/nodes.ts";
import type { QueryContext } from "./context.ts";
import { Pipeline } from "./pipeline.ts";

/** What runs a plan, once or again and again. */
export class CompiledPlan {
  readonly plan: Plan;
  /** The context of the run. */
  readonly context: QueryContext;
  /** The values of the query's parameters in this run. */
  readonly binds: BindParameters;
  /** Whether the plan writes. */
  readonly isModification: boolean;
  /** What a run touches. */
  readonly access: SourceAccess;
  #pipeline: Pipeline | undefined;

  constructor(plan: Plan, context: QueryContext, binds: BindParameters) {
    this.plan = plan;
    this.context = context;
    this.binds = binds;
    const { collections } = plan;
    const read = [...collections.keys()];
    const write = read.filter((name) => collections.get(name) !== "read");
    this.isModification = write.length > 0;
    this.access = { read, write, waitForSync: plan.nodes.some(waitsForSync) };
  }

  /** The operators of a run that begins; the first run makes them. */
  start(): Pipeline {
    if (!this.#pipeline) {
      const { nodes, variables } = this.plan;
      this.#pipeline = new Pipeline(nodes, variables.length, this.context, true);
      this.binds.planned();
    }
    this.#pipeline.start();
    return this.#pipeline;
  }

  /** Ends a run: what belongs to it is forgotten, and the next one may begin. */
  end(): void {
    this.#pipeline?.forget();
    this.context.end();
    // values may be large, and those of the next run will come
    this.binds.assign({});
  }
}

function waitsForSync(node: PlanNode): boolean {
  if (node.type === "SubqueryNode") return node.nodes.some(waitsForSync);
  return "options" in node && node.options.waitForSync === true;
}
