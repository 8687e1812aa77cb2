// Figures in another currency, each day by its own rate: screen, CSV and interface agree.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look, settled, start, THEMES } from "./browser.mjs";
import { PAGES, still, visit } from "./pages.mjs";
import { applyBudgets } from "./send.mjs";

let demo;
before(async () => {
  demo = await start();
  applyBudgets(demo);
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

test("a column of workflows is in one currency, named where it is not the page's, with the same digits", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/workflows?range=30d&cur=EUR`);
    await still(page);
    const table = page.locator("[aria-label='By workflow'] table");
    await table.getByRole("columnheader", { name: "Cost per run p50 / p95, USD" }).waitFor();
    const heads = await table.locator("thead th").allTextContents();
    for (const [head, symbol] of [
      ["Cost per run", "$"],
      ["Cost per outcome", "\u20ac"],
    ]) {
      const at = heads.findIndex((text) => text.startsWith(head));
      const cells = await table.locator(`tbody tr > :nth-child(${at + 1})`).allTextContents();
      const amounts = cells.flatMap((text) => text.split(" / ")).filter((text) => /\d/.test(text));
      assert.ok(amounts.length > 3, head);
      for (const text of amounts) assert.ok(text.startsWith(symbol), `${head} says ${text}`);
      const digits = amounts.filter((text) => !/[^\d]0\.000/.test(text)).map((text) => text.split(".")[1]?.length);
      assert.equal(new Set(digits).size, 1, `${head} has ${amounts.join(" ")}`);
    }
  }));

const MONEY = /\/api\/v1\/(spend|outcomes|workflows|agents|explain|runs|budgets)\?/;
const IN_EUROS = ["overview", "workflows", "workflow", "agents", "agent", "runs", "outcomes", "bill", "budgets"];

test("the choice of a currency holds on every page that shows money", async (t) => {
  for (const name of IN_EUROS) {
    await t.test(name, () =>
      look(demo, "light", async (page) => {
        const at = await visit(
          page,
          demo,
          PAGES.find((one) => one.name === name),
        );
        const asked = [];
        page.on("request", (request) => MONEY.test(request.url()) && asked.push(new URL(request.url())));
        await page.goto(`${demo.url}${at.split("?")[0]}?range=7d&cur=EUR`);
        await still(page);
        assert.ok(await page.getByLabel("Currency").isEnabled());
        const euros = asked.filter((url) => url.searchParams.get("currency") === "EUR");
        assert.ok(euros.length > 0, "nothing is asked in euros");
        for (const { pathname, searchParams: q } of asked) {
          const money = pathname.endsWith("/spend") ? /\bcost\b/.test(q.get("measures")) : true;
          const own = pathname.endsWith("/budgets") || q.get("with") === "per_run"; // each budget has its own
          if (money && !own) assert.equal(q.get("currency"), "EUR", `${pathname}?${q}`);
        }
        await breaksNoRule(page);
      }),
    );
  }
});

test("every question tells the same total in another currency", () =>
  look(demo, "light", async (page) => {
    const day = (ago) => new Date(Date.now() - ago * 864e5).toISOString().slice(0, 10);
    const [before, since, until] = [day(22), day(12), day(2)];
    const window = `since=${since}&until=${until}&currency=EUR`;
    const spent = await ask(page, `/api/v1/spend?measures=cost&${window}`);
    const outcomes = await ask(page, `/api/v1/outcomes?${window}`);
    assert.equal(outcomes.total.cost, spent.total.cost);
    assert.equal(units(outcomes.total.with_outcome) + units(outcomes.total.orphan), units(spent.total.cost));
    assert.equal(
      outcomes.rows.map((row) => units(row.cost ?? "0")).reduce((a, b) => a + b, 0n),
      units(spent.total.cost),
    );
    const workflows = await ask(page, `/api/v1/workflows?with=trend&top=1000&${window}`);
    assert.equal(workflows.total.cost, spent.total.cost);
    for (const row of workflows.rows)
      assert.equal(
        row.trend.map((point) => units(point.cost ?? "0")).reduce((a, b) => a + b, 0n),
        units(row.values.cost ?? "0"),
      );
    const why = await ask(page, `/api/v1/explain?from=${before}..${since}&to=${since}..${until}&by=team&currency=EUR`);
    assert.equal(why.total.after, spent.total.cost);
    assert.notEqual(units(why.total.effects.settlement), 0n, "the rates moved");
    const effects = Object.values(why.total.effects).map(units);
    assert.equal(
      effects.reduce((a, b) => a + b, units(why.total.before)),
      units(why.total.after),
    );
    const inRuns = await ask(page, `/api/v1/spend?measures=cost&where=run!=&${window}`);
    const runs = await ask(page, `/api/v1/runs?limit=10&order=cost&${window}`);
    assert.equal(runs.total.cost, inRuns.total.cost);
    const [first] = runs.items;
    const alone = await ask(page, `/api/v1/spend?measures=cost&where=run=${first.run}&${window}`);
    assert.equal(first.cost, alone.total.cost);
    const { items } = await ask(page, "/api/v1/budgets?currency=EUR");
    assert.ok(items.length > 0);
    for (const one of items.filter((b) => b.currency && b.currency !== "EUR"))
      assert.equal(one.converted.currency, "EUR", one.budget);
  }));

const total = (texts) => texts.map((text) => units(text || "0")).reduce((a, b) => a + b, 0n);
const cells = (page, selector, name) =>
  page.locator(selector).evaluateAll((found, key) => found.map((one) => one.dataset[key]), name);

test("one run in another currency sums to the last digit, on screen as over the interface", () =>
  look(demo, "light", async (page) => {
    const { items } = await ask(page, "/api/v1/runs?since=30d&order=steps&limit=5");
    for (const { run } of items) {
      for (const limit of [1000, 2]) {
        const one = await ask(page, `/api/v1/runs/${encodeURIComponent(run)}?limit=${limit}&currency=EUR`);
        assert.equal(one.meta.currency, "EUR");
        assert.equal(one.whole.cost ?? "0", one.total.cost);
        assert.equal(total(one.nodes.map((node) => node.own.cost)), units(one.total.cost));
        const lines = one.lines.filter((line) => !line.open).map((line) => line.cost);
        assert.equal(total([...lines, one.rest.cost]), units(one.total.cost), `${run} with ${limit} lines`);
      }
    }
    await page.goto(`${demo.url}/runs?run=${encodeURIComponent(items[0].run)}&cur=EUR`);
    await page.waitForSelector(".tree tfoot");
    assert.ok(await page.getByLabel("Currency").isEnabled());
    const whole = await page.locator(".tree tfoot [data-exact]").getAttribute("data-exact");
    const alone = await ask(page, `/api/v1/runs/${encodeURIComponent(items[0].run)}?currency=EUR`);
    assert.equal(whole, alone.whole.cost);
    assert.match(await page.locator(".tree tfoot").textContent(), /€/);
    assert.equal(total(await cells(page, ".tree tbody [data-own]", "own")), units(whole));
    assert.equal(total(await cells(page, ".calls tbody [data-cost]", "cost")), units(whole));
    await page.goto(`${demo.url}/runs?run=${encodeURIComponent(items[0].run)}&cur=CHF`);
    await page.waitForSelector(".tree tfoot");
    await breaksNoRule(page);
  }));

for (const theme of THEMES) {
  test(`a forecast in another currency names the rate that it assumes in ${theme}`, () =>
    look(demo, theme, async (page) => {
      await page.goto(`${demo.url}/forecast?range=7d&g=team&cur=EUR`);
      const table = page.getByRole("region", { name: "What comes next" });
      await table.locator("tfoot [data-exact]").first().waitFor();
      assert.ok(await page.getByLabel("Currency").isEnabled());
      await page.locator(".notice", { hasText: "as if it held: an assumption" }).waitFor();
      const question = "/api/v1/forecast?by=team&horizon=7d&currency=EUR&top=100";
      const told = await ask(page, question);
      const [whole, ...parts] = told.rows;
      assert.equal(told.rate_ahead.to, "EUR");
      const shown = await table.locator("tfoot [data-exact]").evaluateAll((all) => all.map((one) => one.dataset.exact));
      assert.deepEqual(shown.slice(0, 2), [whole.before, whole.mean]);
      assert.equal(total(parts.map((row) => row.mean)), units(whole.mean));
      const [until, since] = [0, 7].map((n) => new Date(Date.parse(told.from) - n * 864e5).toISOString().slice(0, 10));
      const spent = await ask(page, `/api/v1/spend?measures=cost&since=${since}&until=${until}&currency=EUR`);
      assert.equal(whole.before, spent.total.cost, "days before are those of any question");
      const csv = await page.evaluate((at) => fetch(`${at}&format=csv`).then((found) => found.text()), question);
      assert.ok(csv.includes(`,${whole.before},${whole.mean},`));
      await breaksNoRule(page);
      await page.goto(`${demo.url}/forecast?range=90d&g=team&cur=CHF`);
      await table.locator("tfoot [data-exact]").first().waitFor();
      await breaksNoRule(page);
    }));
}

test("what the price index says in money is told by one rate, and measures say that they are not", () =>
  look(demo, "light", async (page) => {
    const [euros, books] = await Promise.all(["?currency=EUR", ""].map((q) => ask(page, `/api/v1/price-index${q}`)));
    assert.deepEqual(euros.months, books.months, "levels have no currency");
    assert.equal(euros.rate.to, "EUR");
    assert.notEqual(euros.repriced.now, books.repriced.now);
    await page.goto(`${demo.url}/bill?range=30d&cur=EUR`);
    await page.getByText(euros.sentence).waitFor();
    await breaksNoRule(page);
    await page.goto(`${demo.url}/outcomes?range=30d&cur=EUR`);
    await page.getByText("in USD, the currency of the books").waitFor();
    await breaksNoRule(page);
  }));

test("a currency without any rate is refused with what to do, and other pages say why there is no choice", () =>
  look(
    demo,
    "light",
    async (page) => {
      await page.goto(`${demo.url}/explore?cur=JPY`);
      await page.getByText("has no exchange rate").first().waitFor();
      await page.goto(`${demo.url}/alerts?cur=EUR`);
      const select = page.getByLabel("Currency");
      await select.waitFor();
      assert.ok(await select.isDisabled());
      assert.match(await select.getAttribute("title"), /currency of the books: notices were sent/);
    },
    { expected: /400/ },
  ));
