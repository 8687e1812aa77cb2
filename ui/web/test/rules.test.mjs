// The rules that other tools' users asked for, and the tests that hold each. A rule
// without a test fails here, and so does a name that no test has.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ESLint } from "eslint";

const lib = "../src/lib/lib.test.ts";
const RULES = {
  R1: [
    "totals come from the server, over everything",
    ["runs.test.mjs", "all pages of runs sum to the total, each run once, and few rows are drawn"],
    ["exports.test.mjs", "rows and other of an export sum to its total, which is the screen's"],
    ["rules.test.mjs", "a page that sums what it was sent is refused"],
  ],
  R2: [
    "one question has one number, and a number has its window in words",
    ["truth.test.mjs", "three pages and the interface tell one total for one question, each with its window in words"],
  ],
  R3: [
    "unknown is unpriced and no zero, and a sum says how much it leaves out",
    ["truth.test.mjs", "what has no price says unpriced, and every sum over it says how much it leaves out"],
    [lib, "small money keeps two significant digits, and none is $0.00"],
  ],
  R4: ["an amount says what it rests on", ["truth.test.mjs", "an amount says what it rests on, one click away"]],
  R5: [
    "simulated figures are marked on every page, export and print",
    ["pages.test.mjs", "simulated figures are marked on every page, and in print"],
    ["truth.test.mjs", "everything that a demo gives away is marked"],
  ],
  R6: ["small money keeps two digits", [lib, "small money keeps two significant digits, and none is $0.00"]],
  R7: ["prices can be read", ["truth.test.mjs", "no page writes a figure with an exponent, or what is no figure"]],
  R8: [
    "what is not there is a gap, and no zero",
    [lib, "a bucket that is not whole is marked, and a day without figures is a gap and no zero"],
    ["overview.test.mjs", "weeks that are not whole are hatched, hover and click work in ${theme}"],
  ],
  R9: ["charts go by the time of use", ["truth.test.mjs", "a call that comes late is drawn on the day of its use"]],
  R10: [
    "exports tell what the screen tells",
    ["exports.test.mjs", "CSV, screen and interface tell the same on every page that exports"],
    ["dashboard.test.mjs", "CSV, screen and interface tell the same, to the last digit"],
    ["runs.test.mjs", "the CSV of a run has what the screen shows"],
  ],
  R11: [
    "the clock is the organisation's, with its offset",
    ["exports.test.mjs", "the clock of an export is that of the organisation, with its offset"],
    [lib, "days are those of the zone"],
  ],
  R12: [
    "the address alone holds the view",
    ["pages.test.mjs", "the address alone brings a page back, in a browser that has never seen it"],
    ["truth.test.mjs", "the links between pages keep the range, the comparison and the filter"],
    ["dashboard.test.mjs", "a filter in the address is in force after a reload, and goes with its chip"],
  ],
  R13: [
    "drilling down reproduces the clicked number",
    ["dashboard.test.mjs", "drilling down reproduces the clicked number"],
    ["workloads.test.mjs", "workflows lead to the same number on the page of one, and agents burn"],
    ["runs.test.mjs", "a run reproduces the clicked cost, and its parts and calls add up to the last digit"],
    ["control.test.mjs", "a bar sorts the workflows, and a workflow leads to the same figure in Explore"],
  ],
  R14: ["one setting for all of a page", ["truth.test.mjs", "every panel of a page asks under the page's filter"]],
  R15: [
    "lists to choose from are short, and panels stand alone",
    ["truth.test.mjs", "values to filter by come fifty at a time"],
    ["truth.test.mjs", "a panel that fails leaves the others, says why, and tries again"],
  ],
  R16: [
    "old figures never look like the answer",
    ["truth.test.mjs", "figures of the last question are dimmed until the next is answered"],
  ],
  R17: [
    "a browser has one stream, and none that nobody sees",
    [
      "live.test.mjs",
      "a browser has one stream for all its tabs, another tab takes it over, and none is open when all are hidden",
    ],
  ],
};

test("each of the seventeen rules is held by tests that are there", () => {
  assert.deepEqual(
    Object.keys(RULES),
    Array.from({ length: 17 }, (_, i) => `R${i + 1}`),
  );
  for (const [rule, [says, ...tests]] of Object.entries(RULES)) {
    assert.ok(tests.length > 0, `no test holds ${rule}: ${says}`);
    for (const [file, name] of tests) {
      const source = readFileSync(new URL(file, import.meta.url), "utf8");
      const begins = [`test("${name}"`, `test(\`${name}\``, `test(\n  "${name}"`];
      assert.ok(
        begins.some((text) => source.includes(text)),
        `${rule}: ${file} has no test "${name}"`,
      );
    }
  }
});

test("a page that sums what it was sent is refused", async () => {
  const eslint = new ESLint({ cwd: new URL("..", import.meta.url).pathname });
  const said = async (text, filePath) => (await eslint.lintText(text, { filePath }))[0].messages.map((m) => m.message);
  const sums = "export const total = (rows: bigint[]): bigint => rows.reduce((sum, one) => sum + one, 0n);\n";
  assert.match((await said(sums, "src/pages/page-explore.tsx")).join(), /does not sum/);
  assert.match((await said("export const n = parseFloat;\n", "src/pages/page-explore.tsx")).join(), /never a float/);
  assert.deepEqual(await said(sums, "src/lib/apportion.ts"), []);
});
