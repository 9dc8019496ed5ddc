/** @module */
import { IP_FUNCTIONS } from "./ip.ts";
import { testCalls } from "./test_context.ts";

testCalls("addresses", IP_FUNCTIONS, [
  ["IPV4_FROM_NUMBER", [0], "0.0.0.0"],
  ["IPV4_FROM_NUMBER", [134744072], "8.8.8.8"],
  ["IPV4_FROM_NUMBER", [3232235521], "192.168.0.1"],
  ["IPV4_FROM_NUMBER", [-23], null, [1542]],
  ["IPV4_TO_NUMBER", ["127.0.0.1"], 2130706433],
  ["IPV4_TO_NUMBER", ["192.168.0.1"], 3232235521],
  ["IPV4_TO_NUMBER", ["milk"], null, [1542]],
]);
