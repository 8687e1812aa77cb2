// Figures in another currency, each day by its own rate: screen, CSV and interface agree.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look, settled, start, THEMES } from "./browser.mjs";

let demo;
before(async () => {
  demo = await start();
  const token = new URL(demo.link).hash.replace("#token=", "");
  const day = (ago) => new Date(Date.now() - ago * 864e5).toISOString().slice(0, 10);
  const rates = [60, 54, 48, 42, 36, 30, 24, 20, 15, 9, 4, 0].flatMap((ago, n) => [
    { from: "EUR", to: "USD", rate: `1.0${n + 11}7`, day: day(ago), source: "bank" },
    ...(ago < 12 ? [{ from: "USD", to: "CHF", rate: "0.8", day: day(ago), source: "bank" }] : []),
  ]);
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const told = await fetch(`${demo.url}/api/v1/rates`, { method: "POST", headers, body: JSON.stringify(rates) });
  assert.ok(told.ok, await told.text());
});
after(() => demo?.stop());

const ask = (page, path) => page.evaluate((at) => fetch(at).then((answer) => answer.json()), path);
const foot = (page) => page.locator("[aria-label^='By '] tfoot [data-exact]").first().getAttribute("data-exact");
const units = (text) => {
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  return BigInt(`${sign}${whole}${part.padEnd(12, "0")}`);
};

for (const theme of THEMES) {
  test(`figures are shown in a currency that has rates in ${theme}`, () =>
    look(demo, theme, async (page) => {
      await page.goto(`${demo.url}/explore?g=team&range=30d`);
      await settled(page);
      const books = await foot(page);
      await page.getByLabel("Currency").selectOption("EUR");
      await page.waitForURL(/cur=EUR/);
      await page.waitForFunction(
        (old) => document.querySelector("[aria-label^='By '] tfoot [data-exact]")?.dataset.exact !== old,
        books,
      );
      await settled(page);
      await breaksNoRule(page);
      const href = await page.evaluate(() => performance.getEntriesByType("resource").map((one) => one.name));
      const question = href.findLast((one) => /\/spend\?.*currency=EUR/.test(one) && /compare=/.test(one));
      const answer = await ask(page, question);
      assert.equal(answer.meta.currency, "EUR");
      assert.equal(answer.meta.fx.basis, "day of use");
      assert.equal(await foot(page), answer.total.values.cost);
      const parts = [...answer.rows, ...(answer.other ? [answer.other] : [])].map((row) =>
        units(row.values.cost ?? "0"),
      );
      assert.equal(
        parts.reduce((a, b) => a + b, 0n),
        units(answer.total.values.cost),
      );
      const csv = await page.evaluate((at) => fetch(`${at}&format=csv`).then((found) => found.text()), question);
      assert.match(csv, new RegExp(`^TOTAL,,${answer.total.values.cost.replace(".", "\\.")},`, "m"));
      const byModel = await ask(page, question.replace("by=team", "by=model"));
      assert.equal(byModel.total.values.cost, answer.total.values.cost);
      assert.match(await page.locator(".strip").textContent(), /Exchange rates to/);
    }));
}

test("a row that is opened has the amount that was clicked", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?g=team&range=30d&cur=EUR`);
    await settled(page);
    const row = page.locator("[aria-label='By team'] tbody tr").first();
    const shown = await row.locator("[data-exact]").first().textContent();
    await row.getByRole("button").first().click();
    await page.waitForURL(/f=team/);
    await page.waitForSelector("[aria-label='By application']");
    await settled(page);
    assert.equal(await page.locator("[aria-label='By application'] tfoot [data-exact]").first().textContent(), shown);
  }));

test("what has no rate is named, and no zero", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?g=team&range=90d&cur=CHF`);
    await settled(page);
    assert.match(await page.locator(".strip").textContent(), /Unconverted \$/);
    await page.goto(`${demo.url}/explore?g=team&range=2026-06-01..2026-06-30&cur=CHF`);
    await settled(page);
    await page.getByRole("cell", { name: "no rate" }).first().waitFor();
    assert.equal(await page.getByRole("cell", { name: "CHF 0.00" }).count(), 0);
  }));

test("a currency without any rate is refused with what to do, and other pages say why there is no choice", () =>
  look(
    demo,
    "light",
    async (page) => {
      await page.goto(`${demo.url}/explore?cur=JPY`);
      await page.getByText("has no exchange rate").first().waitFor();
      await page.goto(`${demo.url}/bill?cur=EUR`);
      const select = page.getByLabel("Currency");
      await select.waitFor();
      assert.ok(await select.isDisabled());
      assert.match(await select.getAttribute("title"), /Explore shows others/);
    },
    { expected: /400/ },
  ));
