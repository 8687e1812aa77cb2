// The page's arithmetic on texts of money. Run with make e2e (node 20 or newer).

import assert from "node:assert/strict";
import { test } from "node:test";
import { apportion, axis, cents, change, count, divide, exact, fixed, headline, money, percent, unitCost, units } from "./page/decimal.js";
import { age, dayOf, days, plus, span } from "./page/time.js";

const usd = (f, text) => f(units(text), "USD");

test("small money keeps two significant digits, and none is $0.00", () => {
  for (const [text, want] of [
    ["0", "$0.00"], ["0.000021", "$0.000021"], ["0.00367", "$0.0037"], ["-0.00367", "−$0.0037"], ["0.000000000001", "$0.000000000001"],
    ["0.01", "$0.01"], ["0.005", "$0.005"], ["167830.065", "$167,830.06"], ["1234567.891", "$1,234,567.89"], ["-3.005", "−$3.00"], ["-3.015", "−$3.02"],
  ]) assert.equal(usd(money, text), want, text);
  assert.equal(money(null, "USD"), "unpriced");
  assert.equal(money(units("1"), "CHF"), "CHF\u00a01.00");
});

test("headlines, unit costs, counts and shares", () => {
  for (const [text, want] of [["871.4", "$871.40"], ["758722.6", "$758,723"], ["12400000", "$12.40\u00a0M"], ["3100000000", "$3.10\u00a0B"]]) assert.equal(usd(headline, text), want);
  for (const [text, want] of [["1.98", "$1.98"], ["0.50263", "$0.5026"], ["0.5", "$0.50"], ["0.0437", "$0.0437"], ["0.00041", "$0.00041"]]) assert.equal(usd(unitCost, text), want);
  for (const [text, want] of [["9412", "9,412"], ["24401", "24.4\u00a0k"], ["692000000000", "692.0\u00a0B"], ["371.5", "371.5"], ["100", "100"]]) assert.equal(count(units(text)), want);
  assert.equal(percent(units("0.303")), "30.3%");
  assert.equal(percent(null), "–");
  assert.equal(exact(null, "USD"), "unpriced");
  for (const [value, want] of [[0, "$0"], [150000, "$150k"], [1050000, "$1.05M"], [1.5, "$1.50"], [0.002, "$0.002"]]) assert.equal(axis(value, "USD"), want);
});

test("a change has a direction, and no base is new", () => {
  assert.deepEqual(change(units("130.3"), units("100")), { text: "▲ 30.3%", direction: 1 });
  assert.deepEqual(change(units("90"), units("100")), { text: "▼ 10.0%", direction: -1 });
  assert.deepEqual(change(units("1240"), units("100")), { text: "×12.4", direction: 1 });
  assert.deepEqual(change(units("5"), units("0")), { text: "new", direction: 0 });
  assert.deepEqual(change(null, units("1")), { text: "–", direction: 0 });
});

test("rounding is half to even, on numbers of any size", () => {
  for (const [a, b, want] of [[5n, 10n, 0n], [15n, 10n, 2n], [25n, 10n, 2n], [-5n, 10n, 0n], [-15n, 10n, -2n], [26n, 10n, 3n], [7n, -2n, -4n]]) assert.equal(divide(a, b), want);
  assert.equal(fixed(-1n, 2), "−0.01");
  assert.equal(usd(money, "12345678901234567890.125"), "$12,345,678,901,234,567,890.12");
  assert.throws(() => units("1e5"));
  assert.throws(() => units("0.1234567890123"));
});

test("shown parts sum to the shown total", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647);
  for (let round = 0; round < 2000; round++) {
    const parts = Array.from({ length: 1 + (random() % 9) }, () => BigInt(random() - 900_000_000) * 1_234_567n);
    const total = parts.reduce((a, b) => a + b, 0n);
    const shown = apportion(parts, total);
    assert.equal(shown.reduce((a, b) => a + b, 0n), divide(total, 10n ** 10n));
    shown.forEach((n, i) => assert.ok(n * 10n ** 10n - parts[i] < 10n ** 10n && parts[i] - n * 10n ** 10n < 10n ** 10n));
  }
  assert.deepEqual(apportion([units("1.005"), null], units("1.005")), [100n, null]);
  assert.equal(cents(0n, units("0.004"), "USD"), "$0.004");
  assert.equal(cents(null, null, "USD"), "unpriced");
});

test("days are those of the zone", () => {
  const late = Date.parse("2026-10-24T22:30:00Z");
  assert.equal(dayOf(late, "UTC"), "2026-10-24");
  assert.equal(dayOf(late, "Europe/Berlin"), "2026-10-25");
  assert.equal(plus("2026-10-25", 1), "2026-10-26");
  assert.equal(span("2026-10-27", "2026-11-26"), "27 Oct – 25 Nov 2026");
  assert.equal(span("2026-12-25", "2027-01-02"), "25 Dec 2026 – 1 Jan 2027");
  assert.deepEqual(days("2026-02-27", "2026-03-02", 1), ["2026-02-27", "2026-02-28", "2026-03-01"]);
  assert.equal(age(4_000), "4 s ago");
  assert.equal(age(3 * 3600_000), "3 h ago");
});
