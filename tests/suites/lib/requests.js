/* Requests of the HTTP API, and what every answer has. */
"use strict";

/** Sends a request; a body that is no text becomes JSON. Answers in JSON have to say so. */
function send(method, url, body, headers = {}) {
  const all = { accept: "application/json", ...headers };
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  const hasBody = method !== "GET" && method !== "HEAD";
  const answer = arango[`${method}_RAW`](url, ...(hasBody ? [text, all] : [all]));
  if (answer.parsedBody !== undefined) assertEqual("application/json", answer.headers["content-type"]);
  return answer;
}
exports.send = send;

/** Sends a request that succeeds with this status; gives the body. */
exports.assertDone = function assertDone(status, method, url, body, headers) {
  const answer = send(method, url, body, headers);
  assertEqual(status, answer.code, `${method} ${url}: ${JSON.stringify(answer.parsedBody)}`);
  assertFalse(answer.error);
  return answer.parsedBody;
};

/** Sends a request that is refused with this status and number; the body has exactly the attributes of every error. */
exports.assertRefused = function assertRefused(status, errorNum, method, url, body, headers) {
  const answer = send(method, url, body, headers);
  const told = `${method} ${url} ${JSON.stringify(body)}: ${JSON.stringify(answer.parsedBody)}`;
  assertEqual(status, answer.code, told);
  assertTrue(answer.error);
  const error = answer.parsedBody;
  assertEqual({ error: true, code: status, errorNum }, {
    error: error.error,
    code: error.code,
    errorNum: error.errorNum,
  }, told);
  assertEqual("string", typeof error.errorMessage, told);
  assertNotEqual("", error.errorMessage);
  assertEqual("code,error,errorMessage,errorNum", Object.keys(error).sort().join(), told);
  return error;
};

/** The names of attributes, sorted. */
exports.names = (value) => Object.keys(value).sort().join();
