/* The module @arangodb/request, with the server that the shell is connected to at the other end. */
"use strict";
const jsunity = require("jsunity");
const internal = require("internal");
const request = require("@arangodb/request");
const { errors } = require("@arangodb");
const { assertFails, thrownBy } = require("assertions");

/** What the server has received of a request. */
function echoed(options) {
  const response = request({ url: "/_admin/echo", ...options });
  assertEqual(200, response.status);
  return response.json;
}

function sendingSuite() {
  return {
    testMethods: function () {
      for (const method of ["get", "post", "put", "patch", "delete"]) {
        assertEqual(method.toUpperCase(), request[method]("/_admin/echo").json.requestType);
        assertEqual(method.toUpperCase(), echoed({ method }).requestType);
        assertEqual(method.toUpperCase(), request[method]({ url: "/_admin/echo" }).json.requestType);
      }
      const head = request.head("/_admin/echo");
      assertEqual([200, undefined], [head.status, head.json]);
      assertEqual("GET", echoed({}).requestType);
      assertFails(errors.ERROR_BAD_PARAMETER.code, () => request({ url: "/_admin/echo", method: "SuiteMethod" }));
      assertIdentical(request, request.request);
    },

    testHeaders: function () {
      assertEqual("z", echoed({ headers: { "X-Suite": "z" } }).headers["x-suite"]);
      assertEqual("Bearer token", echoed({ headers: { authorization: "Bearer token" } }).headers.authorization);
    },

    testQueries: function () {
      const query = (options) => decodeURIComponent(echoed(options).url.replace(/^.*?\?/, ""));
      assertEqual("a=1&b=x y", query({ qs: { a: 1, b: "x y" } }));
      assertEqual("a[b]=1&c[0]=2&c[1]=3", query({ qs: { a: { b: 1 }, c: [2, 3] } }));
      assertEqual("c=2&c=3", query({ qs: { c: [2, 3] }, useQuerystring: true }));
      assertEqual("first=0&a=1", query({ url: "/_admin/echo?first=0", qs: "a=1" }));
      assertNotMatch(/\?/, echoed({ qs: {} }).url);
    },

    testBodies: function () {
      const sent = (options) => {
        const { requestBody, headers } = echoed({ method: "post", ...options });
        return [requestBody, headers["content-type"]];
      };
      assertEqual(["text é", "text/plain; charset=utf-8"], sent({ body: "text é" }));
      assertEqual(["bytes", "application/octet-stream"], sent({ body: Buffer.from("bytes") }));
      assertEqual(['{"a":[1]}', "application/json"], sent({ body: { a: [1] }, json: true }));
      assertEqual(['"text"', "application/json"], sent({ body: "text", json: true }));
      assertEqual(["a=1&b%5B0%5D=%C3%A9", "application/x-www-form-urlencoded"], sent({ form: { a: 1, b: ["é"] } }));
      assertEqual(["a=b", "application/x-www-form-urlencoded"], sent({ form: "a=b" }));
      assertEqual(["<a/>", "text/xml"], sent({ body: "<a/>", headers: { "Content-Type": "text/xml" } }));
    },

    testWhatCannotBeSent: function () {
      for (const bad of [undefined, "", {}, { method: "get" }]) {
        assertEqual("Request URL must not be empty.", thrownBy(() => request(bad)).message);
      }
      for (const name of ["formData", "multipart"]) {
        assertMatch(/not supported/, thrownBy(() => request({ url: "/_api/version", [name]: {} })).message);
      }
    },
  };
}

function responseSuite() {
  return {
    testMembers: function () {
      const response = request("/_api/version");
      assertInstanceOf(request.Response, response);
      assertEqual([200, 200, "OK"], [response.status, response.statusCode, response.message]);
      assertEqual(response.json, JSON.parse(response.body));
      assertTrue(Buffer.isBuffer(response.rawBody));
      assertEqual(response.body, response.rawBody.toString());
      assertMatch(/^application\/json/, response.headers["content-type"]);
      for (const name of Object.keys(response.headers)) assertEqual(name.toLowerCase(), name);
    },

    testEncodings: function () {
      const { body } = request("/_api/version");
      assertTrue(Buffer.isBuffer(request.get("/_api/version", { encoding: null }).body));
      assertEqual(Buffer.from(body).toString("base64"), request.get("/_api/version", { encoding: "base64" }).body);
      assertUndefined(request.get("/_api/version", { json: false }).json);
    },

    testStatusesAreNotThrownUnlessAsked: function () {
      const missing = request.get("/_api/suite-nothing");
      assertEqual([404, true, 404], [missing.status, missing.json.error, missing.json.errorNum]);
      const error = thrownBy(() => missing.throw());
      assertInstanceOf(Error, error);
      assertEqual(["NotFoundError", 404, 404], [error.name, error.status, error.statusCode]);
      assertEqual("my text", thrownBy(() => missing.throw("my text")).message);
      assertUndefined(request("/_api/version").throw());
      assertUndefined(request.get("/_api/suite-nothing", { returnBodyOnError: false }).json);
    },

    testWhatItPrints: function () {
      const response = request("/_admin/time");
      assertEqual(
        `[IncomingResponse 200 OK ${response.rawBody.length} bytes ${JSON.stringify(response.body)}]`,
        internal.inspect(response, { customInspect: true }),
      );
    },

    testWhereNothingListens: function () {
      const response = request.get("http://127.0.0.1:9/", { timeout: 2 });
      assertEqual(500, response.status);
      assertTypeOf("string", response.message);
      assertEqual([500, "x"], [
        thrownBy(() => response.throw("x")).status,
        thrownBy(() => response.throw("x")).message,
      ]);
    },
  };
}

jsunity.run(sendingSuite);
jsunity.run(responseSuite);

return jsunity.done();
