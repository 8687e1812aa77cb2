import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, start, THEMES } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** Looks at a page of runs, on which nothing may go wrong. */
const look = (theme, path, what, expected) =>
  lookAt(
    demo,
    theme,
    async (page) => {
      await page.goto(demo.url + path);
      await page.waitForSelector(".runs tfoot");
      await what(page);
    },
    { expected },
  );

// sum adds decimal texts without a float.
function sum(texts) {
  const units = (text) => {
    const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    return BigInt(`${sign}${whole}${part.padEnd(12, "0")}`);
  };
  return texts.filter(Boolean).reduce((total, text) => total + units(text), 0n);
}

const all = (page, selector, name) =>
  page.locator(selector).evaluateAll((found, key) => found.map((one) => one.dataset[key]), name);

for (const theme of THEMES) {
  test(`runs, one of them and a call break no rule of accessibility or security in ${theme}`, () =>
    look(theme, "/runs?range=90d&sort=-steps", async (page) => {
      await page.setViewportSize({ width: 1280, height: 720 });
      await breaksNoRule(page);
      await page.locator(".runs tbody th a").first().click();
      await page.waitForSelector(".tree tfoot");
      await breaksNoRule(page);
      await page.locator(".calls tbody th button").first().press("Enter");
      await page.waitForSelector("[role=dialog] table");
      await breaksNoRule(page);
      await page.keyboard.press("Escape");
      await page.waitForSelector("[role=dialog]", { state: "detached" });
    }));
}

// A list has the calls of its days, and a run is shown whole: these days reach to now.
const toNow = [-200, 1].map((days) => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10)).join("..");

test("a run reproduces the clicked cost, and its parts and calls add up to the last digit", () =>
  look("light", `/runs?range=${toNow}&sort=-cost`, async (page) => {
    const row = page.locator(".runs tbody tr").first();
    const clicked = await row.locator("[data-exact]").getAttribute("data-exact");
    await row.locator("a").click();
    await page.waitForSelector(".tree tfoot");
    assert.equal(await page.locator(".tree tfoot [data-exact]").getAttribute("data-exact"), clicked);
    assert.equal(sum(await all(page, ".tree tbody [data-own]", "own")), sum([clicked]));
    assert.equal(sum(await all(page, ".calls tbody [data-cost]", "cost")), sum([clicked]));
    await page.reload();
    await page.waitForSelector(".tree tfoot");
    await page
      .getByRole("button", { name: /^step / })
      .first()
      .click();
    await page.waitForURL(/node=/);
    await page.getByRole("button", { name: "Show all calls" }).click();
    await page.goBack();
    await page.waitForURL(/node=/);
  }));

test("all pages of runs sum to the total, each run once, and few rows are drawn", () =>
  look("light", "/runs?range=90d", async (page) => {
    const total = await page.locator(".runs tfoot [data-exact]").getAttribute("data-exact");
    const address = await page.evaluate(async () => {
      const found = performance.getEntriesByType("resource").map((one) => one.name);
      return found.filter((name) => name.includes("/api/v1/runs?")).at(-1);
    });
    const items = await page.evaluate(async (first) => {
      const found = [];
      for (let next = ""; ;) {
        const list = await (await fetch(next ? `${first}&cursor=${encodeURIComponent(next)}` : first)).json();
        found.push(...list.items);
        next = list.next;
        if (!next) return found;
      }
    }, address);
    assert.equal(sum(items.map((run) => run.cost ?? "")), sum([total]));
    assert.equal(new Set(items.map((run) => run.run)).size, items.length);
    const scroller = page.locator(".runs");
    for (let i = 0; i < 100; i++) {
      await scroller.evaluate((place) => place.scrollTo(0, place.scrollHeight));
      await page.waitForTimeout(50);
      if (await page.getByText(items.at(-1).run).count()) break;
    }
    assert.ok(await page.getByText(items.at(-1).run).count(), "the last run is never reached");
    assert.ok((await page.locator(".runs tbody tr").count()) < 60);
  }));

test("the CSV of a run has what the screen shows", () =>
  look("light", "/runs?range=90d&sort=-cost", async (page) => {
    await page.locator(".runs tbody th a").first().click();
    await page.waitForSelector(".calls tfoot");
    const shown = await all(page, ".calls tbody [data-cost]", "cost");
    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Download CSV" }).click();
    const csv = readFileSync(await (await download).path(), "utf8")
      .trim()
      .split("\n");
    const at = csv[0].split(",").indexOf("cost");
    assert.deepEqual(
      csv.slice(1).map((line) => line.replace(/"[^"]*"/g, "").split(",")[at]),
      shown,
    );
  }));

test("filters that match nothing, and a run that is not there, say what to do", () =>
  look(
    "dark",
    "/runs?range=90d",
    async (page) => {
      await page.goto(`${demo.url}/runs?range=90d&f=team:nobody`);
      await page.getByText("No run in").waitFor();
      await breaksNoRule(page);
      await page.getByRole("button", { name: "Clear filters" }).click();
      await page.waitForSelector(".runs tfoot");
      await page.goto(`${demo.url}/runs?run=no/such-run`);
      await page.getByRole("alert").getByText("no/such-run").waitFor();
    },
    /status of 404/,
  ));
