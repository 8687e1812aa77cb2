import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, opened, start, THEMES } from "./browser.mjs";

const PATH = "/adoption?range=90d";
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** Looks at the page in a browser of its own, in which nothing may go wrong. */
const look = (theme, path, what, expected) =>
  lookAt(
    demo,
    theme,
    async (page) => {
      await visit(page, path);
      await what(page);
    },
    { expected },
  );

async function visit(page, path) {
  await page.goto(demo.url + path);
  await page.waitForSelector("main .tiles, main [role=alert]");
  await page.waitForFunction(() => !document.querySelector(".busy"));
}

async function picture(page, name) {
  const folder = process.env.BURSAR_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `adoption-${name}.png`), fullPage: name.includes("whole") });
}

const value = (page, title) =>
  page
    .locator(".tile", { has: page.getByRole("heading", { name: title }) })
    .locator(".value")
    .textContent();

const asked = (page, query) => page.evaluate(async (text) => (await fetch(`/api/v1/adoption?${text}`)).json(), query);

/** Adds decimal texts without a float. */
function sum(texts) {
  const units = (text) => {
    const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    return BigInt(`${sign}${whole}${part.padEnd(12, "0")}`);
  };
  return texts.filter(Boolean).reduce((total, text) => total + units(text), 0n);
}

for (const theme of THEMES) {
  test(`adoption breaks no rule of accessibility or security in ${theme}`, () =>
    look(theme, PATH, async (page) => {
      await page.waitForSelector(".drawing svg");
      await picture(page, theme);
      await picture(page, `whole-${theme}`);
      await breaksNoRule(page);
      await page.setViewportSize({ width: 1280, height: 720 });
      await picture(page, `small-${theme}`);
      await breaksNoRule(page);
      await page.locator("[aria-label='Seats'] tbody th button").first().press("Enter");
      await page.waitForSelector("[role=dialog] dl");
      await picture(page, `detail-${theme}`);
      await breaksNoRule(page);
      await page.keyboard.press("Escape");
      await page.waitForSelector("[role=dialog]", { state: "detached" });
    }));
}

test("no number on the page is of fewer than five people, nor is what a total leaves", () =>
  look("light", PATH, async (page) => {
    const shown = await page
      .locator("[data-people]")
      .evaluateAll((all) => all.map((one) => Number(one.dataset.people)));
    assert.ok(shown.length > 0);
    assert.deepEqual(
      shown.filter((n) => n > 0 && n < 5),
      [],
    );
    const from = new Date(Date.now() - 90 * 864e5).toISOString().slice(0, 10);
    for (const by of ["team", "application", "source"]) {
      const told = await asked(page, `since=${from}&by=${by}`);
      const bins = [told.first_use, told.last_use, told.workflows.bins, told.applications.bins, told.concentration];
      const numbers = [...bins.flat(), ...told.days, ...told.groups].map((one) => one.people).filter((n) => n !== null);
      assert.deepEqual(
        [...numbers, told.active, told.known, told.new].filter((n) => n > 0 && n < 5),
        [],
      );
      assert.equal(
        told.workflows.bins.reduce((n, bin) => n + bin.people, 0),
        told.active,
      );
      assert.equal(sum(told.groups.map((g) => g.cost)), sum([told.cost]));
      assert.equal(sum(told.seats.rows.map((row) => row.idle_cost)), sum([told.seats.total.idle_cost]));
    }
  }));

test("a group that is clicked has the same number by itself, and the address keeps it", () =>
  look("light", PATH, async (page) => {
    const row = page.locator("[aria-label='People by team'] tbody tr", { hasNotText: /other,|\(no / }).first();
    const clicked = await row.locator("[data-people]").getAttribute("data-people");
    await row.locator("th button").press("Enter");
    await opened(page);
    await page.getByRole("button", { name: "Show this team alone" }).press("Enter");
    await page.waitForURL(/f=team:/);
    await page.waitForFunction(
      (want) => document.querySelector(".tile .value")?.textContent === want && !document.querySelector(".busy"),
      clicked,
    );
    await page.reload();
    await page.waitForSelector(".tiles");
    assert.equal(await value(page, "People active"), clicked);
    await page.getByLabel("Group by").selectOption("source");
    await page.waitForSelector("[aria-label='People by source'] tfoot");
    assert.match(page.url(), /g=source/);
  }));

test("seats on the screen are those of the CSV, of the interface and of the ledger", () =>
  look("light", PATH, async (page) => {
    const shown = await page
      .locator("[aria-label='Seats'] tfoot [data-exact]")
      .evaluateAll((all) => all.map((one) => one.dataset.exact));
    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Download CSV" }).click();
    const csv = readFileSync(await (await download).path(), "utf8")
      .trim()
      .split("\n");
    const total = csv.find((line) => line.startsWith("seats_total")).split(",");
    const head = csv[0].split(",");
    assert.deepEqual([total[head.indexOf("cost")], total[head.indexOf("idle_cost")]], shown);
    const [from, to] = [90, 0].map((n) => new Date(Date.now() - n * 864e5).toISOString().slice(0, 10));
    const spent = await page.evaluate(
      async (query) => (await fetch(`/api/v1/spend?${query}`)).json(),
      `measures=cost&where=kind=seat&since=${from}&until=${to}`,
    );
    assert.equal(spent.total.values.cost, shown[0]);
  }));

test("what does not count people is named, and few people are none", () =>
  look("dark", `${PATH}&f=team:no-such-team`, async (page) => {
    await page.getByRole("heading", { name: /^No call in/ }).waitFor();
    await picture(page, "empty");
    await breaksNoRule(page);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.waitForSelector("[aria-label='People by team'] tfoot");
    await visit(page, `${PATH}&f=!team:growth;model:x`);
    await page.getByText("is not in force here").waitFor();
    await breaksNoRule(page);
    await page.getByRole("button", { name: "Leave it out" }).press("Enter");
    await page.waitForFunction(() => !location.search.includes("f="));
    await visit(page, "/adoption?range=1h");
    await page.waitForFunction(() => /today so far/.test(document.querySelector(".head").textContent));
    await page.waitForSelector(".drawing svg text");
    await picture(page, "today");
    await breaksNoRule(page);
  }));

test("an answer that fails says what to do, and the page is reached by keys", () =>
  look(
    "light",
    "/adoption",
    async (page) => {
      await page.route("**/api/v1/adoption*", (route) =>
        route.fulfill({ status: 503, json: { kind: "unavailable", message: "not now", hint: "wait a little" } }),
      );
      await page.reload();
      await page.getByRole("alert").getByText("wait a little").waitFor();
      await breaksNoRule(page);
      await page.unroute("**/api/v1/adoption*");
      await page.getByRole("button", { name: "Try again" }).press("Enter");
      await page.waitForSelector(".tiles");
      await page.keyboard.press("g");
      await page.keyboard.press("o");
      await page.waitForURL((url) => url.pathname === "/");
      await page.waitForSelector("main h1");
      await page.keyboard.press("g");
      await page.keyboard.press("d");
      await page.waitForURL(/adoption/);
      await page.waitForSelector("[aria-label='Seats'] tfoot");
      await page.keyboard.press("j");
      assert.equal(await page.evaluate(() => document.activeElement.closest("tbody") !== null), true);
    },
    /status of 503/,
  ));
