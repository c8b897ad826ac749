// Runs the shared examples in the browser's twin: `SONHA_VECTORS=<file made by test_twin.py> node --test twin.test.mjs`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { holds } from "../static/forms/rules.js";
import { validate } from "../static/forms/validate.js";

const vectors = JSON.parse(readFileSync(process.env.SONHA_VECTORS, "utf8"));
const plain = (value) => JSON.parse(JSON.stringify(value));

for (const vector of vectors.conditions) {
  test(`condition: ${vector.name}`, () => assert.equal(holds(vector.condition, vector.context), vector.holds));
}
for (const vector of vectors.validation) {
  test(`answers: ${vector.name}`, () => {
    const { partial, context, today, lookups } = vector;
    const result = validate(vector.compiled, vector.answers, { partial, context, today, lookups });
    assert.deepEqual(plain(result.errors), vector.errors);
    assert.deepEqual(plain(result.clean), vector.clean);
    const again = validate(vector.compiled, result.clean, { partial: true, context, today, lookups });
    assert.deepEqual(plain(again.clean), vector.clean);
  });
}
