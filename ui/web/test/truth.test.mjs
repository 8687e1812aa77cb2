// Figures agree between pages, say what they rest on, and are never silently old, partial or invented.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look, start, THEMES } from "./browser.mjs";
import { PAGES, still, visit } from "./pages.mjs";
import { sender } from "./send.mjs";

let demo;
let send;
before(async () => {
  demo = await start();
  send = await sender(demo);
});
after(() => demo?.stop());

const show = async (page, path) => {
  await page.goto(demo.url + path);
  await still(page);
};
const ask = (page, path) => page.evaluate((at) => fetch(at).then((found) => found.json()), path);
const totalOf = (page) => page.locator("tfoot [data-exact]").first().getAttribute("data-exact");

test("three pages and the interface tell one total for one question, each with its window in words", () =>
  look(demo, "light", async (page) => {
    const question = "/api/v1/spend?measures=cost&by=team&since=2026-08-01&until=2026-11-01";
    const [one, again] = [await ask(page, question), await ask(page, question)];
    assert.equal(one.meta.query_id, again.meta.query_id);
    const totals = [];
    for (const path of ["/?range=90d", "/explore?range=90d", "/explore?range=90d&g=model", "/workflows?range=90d"]) {
      await show(page, path);
      assert.match(await page.locator(".head p").textContent(), /\d+ \w+( \d{4})? to \d+ \w+ \d{4}/);
      totals.push(await totalOf(page));
    }
    assert.equal(new Set(totals).size, 1, totals.join());
  }));

test("what has no price says unpriced, and every sum over it says how much it leaves out", () =>
  look(demo, "light", async (page) => {
    const asked = page.waitForResponse((found) => /by=agent&measures=cost.*compare=/.test(found.url()));
    await show(page, "/explore?range=90d&g=agent&f=team:commercial-lines"); // one calls a model without a price
    const { rows, meta, total } = await (await asked).json();
    const unpriced = rows.filter((row) => row.values.cost === null && row.values.calls !== "0");
    assert.ok(unpriced.length > 0 && meta.unpriced.length > 0, "the company has no call without a price");
    for (const row of unpriced) {
      const line = page.locator("tbody tr", { hasText: row.keys.agent });
      assert.match(await line.locator("td").first().textContent(), /^unpriced$/);
    }
    const strip = page.locator(".strip li", { hasText: "Unpriced" });
    assert.match(await strip.textContent(), new RegExp(`${meta.unpriced[0].lines} calls`));
    assert.notEqual(total.cost, null);
    await strip.locator("a").click();
    await page.waitForURL(/\/quality.*#unpriced/);
    await still(page);
    assert.match(await page.locator("#unpriced").textContent(), /price/);
  }));

test("an amount says what it rests on, one click away", () =>
  look(demo, "light", async (page) => {
    await visit(
      page,
      demo,
      PAGES.find((one) => one.name === "run"),
    );
    await page.locator(".calls tbody th button").first().click();
    const drawer = page.getByRole("dialog");
    for (const said of ["list price", "usage from", "state", "price book"])
      await drawer.getByRole("rowheader", { name: said, exact: true }).waitFor();
  }));

test("everything that a demo gives away is marked", () =>
  look(demo, "light", async (page) => {
    for (const path of ["/", "/outcomes", "/bill", "/runs"]) {
      await show(page, path);
      await page
        .getByRole("button", { name: /^Export/ })
        .first()
        .click();
      const json = page.getByRole("menuitem", { name: "Download JSON" });
      assert.match(await json.getAttribute("download"), /^demo-/);
      assert.equal((await ask(page, await json.getAttribute("href"))).meta?.demo ?? true, true);
      await page.keyboard.press("Escape");
    }
  }));

test("no page writes a figure with an exponent, or what is no figure", () =>
  look(demo, "light", async (page) => {
    for (const one of PAGES) {
      await visit(page, demo, one);
      const text = await page.locator("main").innerText();
      assert.doesNotMatch(text, /(?<![\w-])\d(\.\d+)?e-\d|NaN|undefined|Infinity/, one.name);
    }
  }));

test("a call that comes late is drawn on the day of its use", () =>
  look(demo, "light", async (page) => {
    const used = new Date(Date.now() - 3 * 864e5);
    await send("came-late", 1, used);
    const row = page.locator(".card", { hasText: "Spend by" }).locator("tbody tr");
    const day = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
    await page.waitForTimeout(1500); // it is booked behind its answer
    await show(page, "/?range=7d&g=workflow&chart=table&f=workflow:came-late");
    const days = await row.evaluateAll((all) => all.map((one) => [...one.children].map((cell) => cell.textContent)));
    assert.equal(days.length, 7);
    for (const [name, amount] of days)
      assert.equal(/\d/.test(amount ?? ""), name === day.format(used), `${name} has ${amount}`);
  }));

test("the links between pages keep the range, the comparison and the filter", () =>
  look(demo, "light", async (page) => {
    await show(page, "/explore?range=90d&vs=none&f=team:growth");
    const to = await page.locator("nav a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    assert.ok(to.length > 5);
    for (const path of to) {
      const kept = new URL(path, demo.url).searchParams;
      assert.deepEqual([kept.get("range"), kept.get("vs"), kept.get("f")], ["90d", "none", "team:growth"], path);
    }
  }));

test("every panel of a page asks under the page's filter", () =>
  look(demo, "light", async (page) => {
    for (const path of ["/", "/explore", "/workflows", "/agents", "/runs", "/bill"]) {
      const asked = [];
      const note = (request) =>
        /\/api\/v1\/(spend|runs|explain|workflows|agents)\?/.test(request.url()) && asked.push(request.url());
      page.on("request", note);
      await show(page, `${path}?range=30d&f=team:growth`);
      page.off("request", note);
      assert.ok(asked.length > 0, path);
      for (const at of asked) assert.ok(new URL(at).searchParams.getAll("where").includes("team=growth"), at);
    }
  }));

test("values to filter by come fifty at a time", () =>
  look(demo, "light", async (page) => {
    const found = await page.evaluate(() => fetch("/api/v1/dimensions/model/values").then((answer) => answer.json()));
    assert.ok(found.items.length > 1 && found.items.length <= 50);
  }));

test("a panel that fails leaves the others, says why, and tries again", () =>
  look(
    demo,
    "light",
    async (page) => {
      const body = JSON.stringify({ code: "unavailable", message: "the ledger is busy", hint: "try again" });
      const headers = { "X-Request-Id": "request-17" };
      const fail = (route) => route.fulfill({ status: 503, contentType: "application/json", headers, body });
      await page.route(/grain=day&top=7/, fail);
      await show(page, "/explore?range=30d&g=application");
      const trouble = page.getByRole("alert");
      await trouble.waitFor();
      assert.match(await trouble.textContent(), /Bursar cannot answer now.*Try again.*request-17/);
      assert.ok(await totalOf(page), "the table went with the chart");
      await page.unroute(/grain=day&top=7/);
      await trouble.getByRole("button", { name: "Try again" }).click();
      await page.waitForSelector(".drawing svg");
      await trouble.waitFor({ state: "detached" });
    },
    { expected: /status of 503/ },
  ));

test("figures of the last question are dimmed until the next is answered", async () => {
  for (const theme of THEMES) await look(demo, theme, dims);
});

async function dims(page) {
  await show(page, "/explore?range=90d&g=team");
  const old = await totalOf(page);
  let go;
  const held = new Promise((done) => (go = done));
  await page.route(/f=|where=/, async (route) => {
    await held;
    await route.continue();
  });
  await page.locator("table tbody th button").first().click();
  await page.waitForURL(/f=team:/);
  const card = page.locator(".card", { has: page.locator("tfoot") }).last();
  const seen = () =>
    card.evaluate((one) => ({
      ink: getComputedStyle(one.querySelector("tfoot th")).color,
      drawn: Number(getComputedStyle(one.querySelector("svg")).opacity),
    }));
  await page.locator(".card.busy tfoot").first().waitFor();
  const dimmed = await seen();
  assert.equal(await totalOf(page), old);
  await breaksNoRule(page); // what is dimmed can be read
  go();
  await page.locator(".card.busy").first().waitFor({ state: "detached" });
  const bright = await seen();
  assert.ok(bright.ink !== dimmed.ink && bright.drawn > dimmed.drawn, "old figures look like new ones");
}
