/**
 * All rules of the optimizer, in the order of their work, with what ArangoDB tells of them.
 *
 * Source: section 20 of `aql.md`; `optimizer-rule-names.json`; the recorded answer of `/_api/query/rules`.
 *
 * @module
 */
import type { BranchingRule, Rule } from "../rule.ts";
import { asyncPrefetch } from "./async_prefetch.ts";
import { batchMaterializeDocuments } from "./batch_materialize_documents.ts";
import { fuseFilters } from "./fuse_filters.ts";
import { geoIndexOptimizer } from "./geo_index_optimizer.ts";
import { inlineSubqueries } from "./inline_subqueries.ts";
import { interchangeAdjacentEnumerations } from "./interchange_adjacent_enumerations.ts";
import { joinIndexNodes } from "./join_index_nodes.ts";
import { materializeIntoSeparateVariable } from "./materialize_into_separate_variable.ts";
import { moveCalculationsDown } from "./move_calculations_down.ts";
import { moveCalculationsUp } from "./move_calculations_up.ts";
import { moveFiltersIntoEnumerate } from "./move_filters_into_enumerate.ts";
import { moveFiltersUp } from "./move_filters_up.ts";
import { optimizeCount } from "./optimize_count.ts";
import { optimizeEnumeratePathFilters } from "./optimize_enumerate_path_filters.ts";
import { optimizePaths } from "./optimize_paths.ts";
import { optimizeProjections } from "./optimize_projections.ts";
import { optimizeSubqueries } from "./optimize_subqueries.ts";
import { optimizeTraversalLastElementAccess } from "./optimize_traversal_last_element_access.ts";
import { optimizeTraversals } from "./optimize_traversals.ts";
import { propagateConstantAttributes } from "./propagate_constant_attributes.ts";
import { pushDownLateMaterialization } from "./push_down_late_materialization.ts";
import { pushLimitIntoIndex } from "./push_limit_into_index.ts";
import { reduceExtractionToProjection } from "./reduce_extraction_to_projection.ts";
import { removeCollectVariables } from "./remove_collect_variables.ts";
import { removeDataModificationOutVariables } from "./remove_data_modification_out_variables.ts";
import { removeFilterCoveredByIndex, removeFilterCoveredByTraversal } from "./remove_filter_covered_by_index.ts";
import { removeRedundantCalculations } from "./remove_redundant_calculations.ts";
import { removeRedundantOr } from "./remove_redundant_or.ts";
import { removeRedundantPathVar } from "./remove_redundant_path_var.ts";
import { removeRedundantSorts } from "./remove_redundant_sorts.ts";
import { removeSortRandLimit1 } from "./remove_sort_rand_limit_1.ts";
import { removeUnnecessaryCalculations } from "./remove_unnecessary_calculations.ts";
import { removeUnnecessaryFilters } from "./remove_unnecessary_filters.ts";
import { replaceAnyEqWithIn } from "./replace_any_eq_with_in.ts";
import { replaceEntriesWithObjectIteration } from "./replace_entries_with_object_iteration.ts";
import { replaceEqualAttributeAccesses } from "./replace_equal_attribute_accesses.ts";
import { replaceFunctionWithIndex } from "./replace_function_with_index.ts";
import { replaceLikeWithRange } from "./replace_like_with_range.ts";
import { replaceOrWithIn } from "./replace_or_with_in.ts";
import { simplifyConditions } from "./simplify_conditions.ts";
import { sortInValues } from "./sort_in_values.ts";
import { sortLimit } from "./sort_limit.ts";
import { specializeCollect } from "./specialize_collect.ts";
import { spliceSubqueries } from "./splice_subqueries.ts";
import { useIndexForCollect } from "./use_index_for_collect.ts";
import { useIndexForSort } from "./use_index_for_sort.ts";
import { useIndexes } from "./use_indexes.ts";

/** What is known of a rule besides its work. */
export interface RuleFlags {
  readonly hidden: boolean;
  readonly clusterOnly: boolean;
  readonly canBeDisabled: boolean;
  readonly canCreateAdditionalPlans: boolean;
  readonly disabledByDefault: boolean;
  readonly enterpriseOnly: boolean;
}

/** A rule of the optimizer. */
export interface RuleEntry {
  readonly name: string;
  /** Absent for the rules that denosh has no use for, or does not have. */
  readonly rule?: Rule;
  /** Instead of a rule: one that makes several plans. */
  readonly branches?: BranchingRule;
  readonly flags: RuleFlags;
}

/** `c`: for clusters only, `e`: enterprise, `h`: hidden, `o`: off by default, `p`: makes further plans, `!`: always on. */
type Marks = string;

type Row = readonly [name: string, marks: Marks, work?: Rule | { readonly branches: BranchingRule }];

function entry([name, marks, work]: Row): RuleEntry {
  return {
    name,
    ...(typeof work === "function" ? { rule: work } : work),
    flags: {
      hidden: marks.includes("h"),
      clusterOnly: marks.includes("c"),
      canBeDisabled: !marks.includes("!"),
      canCreateAdditionalPlans: marks.includes("p"),
      disabledByDefault: marks.includes("o"),
      enterpriseOnly: marks.includes("e"),
    },
  };
}

const ROWS: readonly Row[] = [
  ["replace-function-with-index", "!", replaceFunctionWithIndex],
  ["inline-subqueries", "", inlineSubqueries],
  ["replace-like-with-range", "!", replaceLikeWithRange],
  ["replace-entries-with-object-iteration", "", replaceEntriesWithObjectIteration],
  ["simplify-conditions", "", simplifyConditions],
  ["move-calculations-up", "", moveCalculationsUp],
  ["move-filters-up", "", moveFiltersUp],
  ["remove-redundant-calculations", "", removeRedundantCalculations],
  ["remove-unnecessary-filters", "", removeUnnecessaryFilters],
  ["remove-unnecessary-calculations", "", removeUnnecessaryCalculations],
  ["specialize-collect", "hp!", { branches: specializeCollect }],
  ["remove-redundant-sorts", "", removeRedundantSorts],
  ["optimize-subqueries", "", optimizeSubqueries],
  ["interchange-adjacent-enumerations", "p", { branches: interchangeAdjacentEnumerations }],
  ["move-calculations-up-2", "", moveCalculationsUp],
  ["move-filters-up-2", "", moveFiltersUp],
  ["replace-equal-attribute-accesses", "o", replaceEqualAttributeAccesses],
  ["remove-redundant-sorts-2", "", removeRedundantSorts],
  ["remove-sort-rand-limit-1", "", removeSortRandLimit1],
  ["remove-collect-variables", "", removeCollectVariables],
  ["propagate-constant-attributes", "", propagateConstantAttributes],
  ["remove-data-modification-out-variables", "", removeDataModificationOutVariables],
  ["replace-or-with-in", "", replaceOrWithIn],
  ["replace-any-eq-with-in", "", replaceAnyEqWithIn],
  ["remove-redundant-or", "", removeRedundantOr],
  ["geo-index-optimizer", "", geoIndexOptimizer],
  ["use-vector-index", ""],
  ["push-filter-into-enumerate-near", "ho!"],
  ["materialize-for-enumerate-near", "h!"],
  ["use-indexes", "", useIndexes],
  ["remove-filter-covered-by-index", "", removeFilterCoveredByIndex],
  ["remove-unnecessary-filters-2", "", removeUnnecessaryFilters],
  ["use-index-for-sort", "", useIndexForSort],
  ["sort-in-values", "", sortInValues],
  ["optimize-traversal-last-element-access", "", optimizeTraversalLastElementAccess],
  ["optimize-traversals", "", optimizeTraversals],
  ["optimize-enumerate-path-filters", "", optimizeEnumeratePathFilters],
  ["optimize-paths", "", optimizePaths],
  ["remove-filter-covered-by-traversal", "", removeFilterCoveredByTraversal],
  ["handle-arangosearch-views", "!"],
  ["arangosearch-constrained-sort", ""],
  ["remove-unnecessary-calculations-2", "", removeUnnecessaryCalculations],
  ["remove-redundant-path-var", "", removeRedundantPathVar],
  ["optimize-cluster-single-document-operations", "c"],
  ["optimize-cluster-multiple-document-operations", "c"],
  ["move-calculations-down", "", moveCalculationsDown],
  ["fuse-filters", "", fuseFilters],
  ["cluster-one-shard", "ce"],
  ["cluster-lift-constant-for-disjoint-graph-nodes", "ce!"],
  ["distribute-in-cluster", "c!"],
  ["smart-joins", "ce"],
  ["scatter-in-cluster", "c!"],
  ["scatter-satellite-graphs", "ce"],
  ["remove-satellite-joins", "ce"],
  ["remove-distribute-nodes", "ce"],
  ["distribute-offset-info-to-cluster", "ce!"],
  ["distribute-filtercalc-to-cluster", "c"],
  ["distribute-sort-to-cluster", "c"],
  ["move-filters-into-enumerate", "", moveFiltersIntoEnumerate],
  ["remove-unnecessary-calculations-3", "ho", removeUnnecessaryCalculations],
  ["remove-unnecessary-remote-scatter", "c"],
  ["undistribute-remove-after-enum-coll", "c"],
  ["collect-in-cluster", "c"],
  ["sort-limit", "", sortLimit],
  ["reduce-extraction-to-projection", "", reduceExtractionToProjection],
  ["restrict-to-single-shard", "c"],
  ["optimize-count", "", optimizeCount],
  ["parallelize-gather", "c"],
  ["decay-unnecessary-sorted-gather", "c"],
  ["push-subqueries-to-dbserver", "ce"],
  ["late-document-materialization-arangosearch", ""],
  // since 3.12 for inverted indexes only: batch-materialize-documents does its work for all others
  ["late-document-materialization", ""],
  ["push-limit-into-index", "", pushLimitIntoIndex],
  ["batch-materialize-documents", "", batchMaterializeDocuments],
  ["late-materialization-offset-info", "e"],
  ["join-index-nodes", "", joinIndexNodes],
  ["use-index-for-collect", "", useIndexForCollect],
  ["push-down-late-materialization", "", pushDownLateMaterialization],
  ["materialize-into-separate-variable", "!", materializeIntoSeparateVariable],
  ["optimize-projections", "", optimizeProjections],
  ["remove-unnecessary-calculations-4", "", removeUnnecessaryCalculations],
  ["async-prefetch", "", asyncPrefetch],
  ["immutable-search-condition", ""],
  ["splice-subqueries", "!", spliceSubqueries],
];

/** All rules, in the order of their work. */
export const RULES: readonly RuleEntry[] = ROWS.map(entry);
