/** @module */
import { STATISTICS_FUNCTIONS } from "./statistics.ts";
import { testCalls } from "./test_context.ts";

testCalls("the numbers of arrays", STATISTICS_FUNCTIONS, [
  ["AVERAGE", [[5, 2, 9, 2]], 4.5],
  ["AVERAGE", [[null]], null],
  ["AVERAGE", [["x"]], null, [1563]],
  ["AVG", [[-3, null, 1]], -1],
  ["MEDIAN", [[4, 2, 3, 1]], 2.5],
  ["MEDIAN", [[1, 2, 3, null]], 2],
  ["MEDIAN", [["x"]], null, [1561]],
  ["PERCENTILE", [[1, 2, 3, 4], 50], 2],
  ["PERCENTILE", [[1, 2, 3, 4], 50, "interpolation"], 2.5],
  ["PERCENTILE", [[], 50], null],
  ["PERCENTILE", [[1], 101], null, [1542]],
  ["PERCENTILE", [[1, 2], 0], 1],
  ["PRODUCT", [[1, 2, 3, 4]], 24],
  ["PRODUCT", [[null, -5, 6]], -30],
  ["PRODUCT", [[]], 1],
  ["PRODUCT", [["x"]], null],
  ["STDDEV", [[1, 3, 6, 5, 2]], 1.854723699099141],
  ["STDDEV_POPULATION", [[null]], null],
  ["STDDEV_SAMPLE", [[1, 3, 6, 5, 2]], 2.0736441353327724],
  ["STDDEV_SAMPLE", [[1]], null],
  ["SUM", [[1, 2, 3, 4]], 10],
  ["SUM", [[null, -5, 6]], 1],
  ["SUM", [[]], 0],
  ["SUM", [["x"]], null],
  ["VARIANCE", [[1, 3, 6, 5, 2]], 3.4400000000000004],
  ["VARIANCE_POPULATION", [[1, 3]], 1],
  ["VARIANCE_SAMPLE", [[1, 3, 6, 5, 2]], 4.300000000000001],
  ["VARIANCE_SAMPLE", [["x"]], null, [1561]],
]);
