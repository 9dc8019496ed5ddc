/**
 * The shape of the optimizer's rules.
 *
 * @module
 */
import type { PlanningSource } from "../data_source.ts";
import type { Variable } from "./expression.ts";
import type { PlanNode } from "./nodes.ts";

/** What rules make new nodes with. */
export interface RuleContext {
  /** A variable that the query does not have yet. */
  newVariable(): Variable;
  /** The id of a new node. */
  newId(): number;
  /** Whether the nodes are those of the main query, not of a subquery. */
  readonly isMain: boolean;
  /** How many branches a condition may have that indexes serve, as `maxDNFConditionMembers` says. */
  readonly maxBranches: number;
  /** Told that a condition has more branches than that, so that no index serves it. */
  onTooManyBranches(): void;
}

/** A rule: what it makes of the nodes of one (sub)plan, undefined if it changes nothing. */
export type Rule = (
  nodes: readonly PlanNode[],
  source: PlanningSource,
  context: RuleContext,
) => readonly PlanNode[] | undefined;

/**
 * A rule that makes several plans out of one: what each of them is made by. The optimizer goes on with all of them, and
 * takes the cheapest in the end; of equal ones the first.
 */
export type BranchingRule = (nodes: readonly PlanNode[], source: PlanningSource) => readonly Rule[];
