/* The module @arangodb/crypto, and what of it is also in `internal`. */
"use strict";
const jsunity = require("jsunity");
const crypto = require("@arangodb/crypto");
const internal = require("internal");
const { errors } = require("@arangodb");
const { assertFails, thrownBy } = require("assertions");

const BAD_PARAMETER = errors.ERROR_BAD_PARAMETER.code;

function HashSuite() {
  // of the empty text, and of "abc" (FIPS 180, RFC 1321)
  const DIGESTS = {
    md5: ["d41d8cd98f00b204e9800998ecf8427e", "900150983cd24fb0d6963f7d28e17f72"],
    sha1: ["da39a3ee5e6b4b0d3255bfef95601890afd80709", "a9993e364706816aba3e25717850c26c9cd0d89d"],
    sha224: [
      "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
      "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
    ],
    sha256: [
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ],
    sha384: [
      "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    ],
    sha512: [
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ],
  };
  return {
    testDigestsOfTextsAndBytes: function () {
      for (const [name, [empty, abc]] of Object.entries(DIGESTS)) {
        for (const module of [crypto, internal]) {
          assertIdentical(empty, module[name](""));
          assertIdentical(abc, module[name]("abc"));
          assertIdentical(abc, module[name](new Buffer("abc")));
        }
        const error = assertFails(BAD_PARAMETER, () => crypto[name]());
        assertEqual(`usage: ${name}(<text>)`, error.message);
      }
    },

    testTextsAreHashedAsUtf8: function () {
      assertIdentical(crypto.sha256(new Buffer("66c3bcc3bc", "hex")), crypto.sha256("füü"));
    },

    testHmac: function () {
      // RFC 2202 and RFC 4231, test case 2
      const text = "what do ya want for nothing?";
      const sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
      assertIdentical("750c783e6ab0b503eaa86e310a5db738", crypto.hmac("Jefe", text, "md5"));
      assertIdentical("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", crypto.hmac("Jefe", text, "sha1"));
      assertIdentical("a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44", crypto.hmac("Jefe", text, "sha224"));
      assertIdentical(sha256, crypto.hmac("Jefe", text, "sha256"));
      assertIdentical(sha256, crypto.hmac("Jefe", text, "SHA256"));
      assertIdentical(sha256, crypto.hmac("Jefe", text));
      assertFails(BAD_PARAMETER, () => crypto.hmac("Jefe", text, "sha999"));
      assertFails(BAD_PARAMETER, () => crypto.hmac("Jefe"));
    },

    testKeysOfPasswords: function () {
      // RFC 6070
      assertIdentical("0c60c80f961f0e71f3a9b524af6012062fe037a6", crypto.pbkdf2("salt", "password", 1, 20));
      assertIdentical("4b007901b765489abead49d926f721d065a429c1", crypto.pbkdf2("salt", "password", 4096, 20));
      assertIdentical("4b007901b765489abead49d926f721d065a429c1", internal.pbkdf2hs1("salt", "password", 4096, 20));
      const sha256 = "120fb6cffcf8b32c43e7225256c4f837a86548c9";
      assertIdentical(sha256, crypto.pbkdf2("salt", "password", 1, 20, "sha256"));
      assertIdentical(sha256, internal.pbkdf2("salt", "password", 1, 20, "sha256"));
      assertFails(BAD_PARAMETER, () => crypto.pbkdf2("salt", "password", 0, 20));
      assertFails(BAD_PARAMETER, () => crypto.pbkdf2("salt", "password", 1, 0));
      assertFails(BAD_PARAMETER, () => crypto.pbkdf2("salt", "password"));
    },

    testConstantEquals: function () {
      assertTrue(crypto.constantEquals("", ""));
      assertTrue(crypto.constantEquals("same", "same"));
      for (const other of ["", "sam", "samE", "same ", "emas"]) {
        assertFalse(crypto.constantEquals("same", other), other);
        assertFalse(crypto.constantEquals(other, "same"), other);
      }
    },

    testBase64: function () {
      // RFC 4648
      const pairs = {
        "": "",
        f: "Zg==",
        fo: "Zm8=",
        foo: "Zm9v",
        foob: "Zm9vYg==",
        foobar: "Zm9vYmFy",
        "äöü": "w6TDtsO8",
      };
      for (const [text, encoded] of Object.entries(pairs)) {
        assertIdentical(encoded, internal.base64Encode(text));
        assertIdentical(text, internal.base64Decode(encoded));
      }
      assertFails(BAD_PARAMETER, () => internal.base64Encode());
      assertFails(BAD_PARAMETER, () => internal.base64Decode());
    },
  };
}

function RandomSuite() {
  return {
    testRandomTexts: function () {
      const kinds = {
        genRandomNumbers: /^[0-9]*$/,
        genRandomAlphaNumbers: /^[a-zA-Z0-9]*$/,
        genRandomSalt: /^[\x21-\x7e]*$/,
      };
      for (const [name, pattern] of Object.entries(kinds)) {
        for (const length of [1, 2, 100, 65536]) {
          const text = crypto[name](length);
          assertEqual(length, text.length);
          assertMatch(pattern, text);
        }
        assertNotEqual(crypto[name](32), crypto[name](32));
        for (const length of [0, -1, 65537, undefined]) assertFails(BAD_PARAMETER, () => crypto[name](length));
      }
    },

    testRandomBytesAndNumbers: function () {
      const bytes = crypto.genRandomBytes(10000);
      assertTrue(Buffer.isBuffer(bytes));
      assertEqual(10000, bytes.length);
      assertEqual(256, new Set(bytes).size);
      const numbers = Array.from({ length: 100 }, () => crypto.rand());
      numbers.forEach((number) => assertIdentical(number | 0, number));
      assertTrue(new Set(numbers).size > 90);
    },

    testUuids: function () {
      const made = Array.from({ length: 100 }, () => crypto.uuidv4());
      assertEqual(100, new Set(made).size);
      for (const uuid of made) {
        assertMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, uuid);
      }
    },

    testNoncesAreGoodOnce: function () {
      const nonce = crypto.createNonce();
      // 4 bytes of a time stamp and 8 random ones
      assertEqual(12, new Buffer(nonce, "base64").length);
      assertTrue(crypto.checkAndMarkNonce(nonce));
      assertFalse(crypto.checkAndMarkNonce(nonce));
      assertFalse(crypto.checkAndMarkNonce("made up"));
    },
  };
}

function TokenSuite() {
  return {
    testATokenIsAsOthersMakeIt: function () {
      const wanted = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.";
      const token = crypto.jwtEncode("secret", { sub: "1234567890" });
      assertEqual(0, token.indexOf(wanted));
      const signature = crypto.hmac("secret", wanted.slice(0, -1), "sha256");
      assertEqual(signature, new Buffer(token.split(".")[2], "base64").toString("hex"));
      assertMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/, token);
    },

    testWhatIsEncodedIsDecoded: function () {
      for (const algorithm of ["HS256", "HS384", "HS512", "hs512"]) {
        for (const message of [{ a: [1, { b: "äöü" }] }, "text", 5, null]) {
          assertEqual(message, crypto.jwtDecode("key", crypto.jwtEncode("key", message, algorithm)));
        }
      }
      assertEqual({ a: 1 }, crypto.jwtDecode(null, crypto.jwtEncode(null, { a: 1 }, "none")));
    },

    testTokensThatAreNotGood: function () {
      const token = crypto.jwtEncode("key", { a: 1 });
      assertEqual("Signature verification failed!", thrownBy(() => crypto.jwtDecode("other", token)).message);
      assertEqual("Signature verification failed!", thrownBy(() => crypto.jwtDecode("key", `${token}x`)).message);
      const unsigned = crypto.jwtEncode(null, { a: 1 }, "none");
      assertEqual("Signature verification failed!", thrownBy(() => crypto.jwtDecode("key", unsigned)).message);
      assertEqual({ a: 1 }, crypto.jwtDecode("other", token, true));
      for (const text of ["a", "a.b", "a.b.c.d"]) {
        assertEqual("Wrong number of JWT segments!", thrownBy(() => crypto.jwtDecode("key", text)).message);
      }
      for (const nothing of [null, undefined, ""]) assertNull(crypto.jwtDecode("key", nothing));
    },

    testKeysThatDoNotFitTheAlgorithm: function () {
      assertException(() => crypto.jwtEncode(null, {}));
      assertException(() => crypto.jwtEncode("key", {}, "none"));
      assertException(() => crypto.jwtEncode("key", {}, "RS1"));
    },

    testAlgorithms: function () {
      assertEqual(["HS256", "HS384", "HS512", "none"], Object.keys(crypto.jwtAlgorithms));
      for (const [given, name] of [["hs256", "HS256"], ["HS384", "HS384"], ["NONE", "none"]]) {
        assertEqual(name, crypto.jwtCanonicalAlgorithmName(given));
      }
      assertException(() => crypto.jwtCanonicalAlgorithmName("unknown"));
      const { sign, verify } = crypto.jwtAlgorithms.HS256;
      assertTrue(verify("key", "text", sign("key", "text")));
      assertFalse(verify("key", "text", sign("other", "text")));
    },

    testOneTimePasswords: function () {
      // RFC 4226, appendix D, and RFC 6238, appendix B
      const key = "12345678901234567890";
      ["755224", "287082", "359152", "969429", "338314"].forEach((password, counter) => {
        assertIdentical(password, crypto.hotpGenerate(key, counter));
        assertEqual({ delta: 0 }, crypto.hotpVerify(password, key, counter));
      });
      assertEqual({ delta: 2 }, crypto.hotpVerify("359152", key, 0));
      assertNull(crypto.hotpVerify("000000", key, 0));
      assertIdentical("287082", crypto.totpGenerate(key, { time: 59 }));
      assertEqual({ delta: 0 }, crypto.totpVerify("287082", key, { time: 59 }));
    },
  };
}

jsunity.run(HashSuite);
jsunity.run(RandomSuite);
jsunity.run(TokenSuite);
return jsunity.done();
