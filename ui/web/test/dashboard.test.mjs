import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { open, settled, start, THEMES } from "./browser.mjs";

const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** Runs a look in a browser of its own, in which nothing may go wrong. */
async function look(theme, what) {
  const { page, wrong, close } = await open(demo, theme);
  try {
    await what(page);
    assert.deepEqual(wrong, []);
  } finally {
    await close();
  }
}

for (const theme of THEMES) {
  for (const path of ["/", "/explore", "/?chart=table"]) {
    test(`${path} breaks no rule of accessibility or security in ${theme}`, () =>
      look(theme, async (page) => {
        await page.goto(demo.url + path);
        await page.waitForSelector("table tfoot");
        if (!path.includes("table")) await page.waitForSelector(".drawing svg");
        // Evaluated by the browser's tools, which the page's policy does not bind.
        await page.evaluate(axe);
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
        const found = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), tags);
        assert.deepEqual(
          found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`),
          [],
        );
      }));
  }
}

const exactOf = (place) => place.locator("[data-exact]").first().getAttribute("data-exact");

test("drilling down reproduces the clicked number", () =>
  look("light", async (page) => {
    await page.goto(`${demo.url}/explore?range=90d&g=team`);
    await settled(page);
    const row = page.locator("table tbody tr").first();
    const clicked = await exactOf(row);
    await row.locator("th button").click();
    await page.waitForURL(/f=team:/);
    await page.waitForURL(/g=application/);
    await page.waitForFunction(
      (want) => document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact") === want,
      clicked,
    );
  }));

test("a filter in the address is in force after a reload, and goes with its chip", () =>
  look("light", async (page) => {
    await page.goto(`${demo.url}/explore?range=90d&g=team`);
    await settled(page);
    const all = await exactOf(page.locator("tfoot"));
    const name = await page.locator("table tbody th button").first().textContent();
    await page.goto(`${demo.url}/explore?range=90d&g=team&f=!team:${encodeURIComponent(name)}`);
    await settled(page);
    assert.notEqual(await exactOf(page.locator("tfoot")), all);
    await page.reload();
    await page.locator(".chip").click();
    await page.waitForFunction(
      (want) => document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact") === want,
      all,
    );
  }));

test("CSV, screen and interface tell the same, to the last digit", () =>
  look("light", async (page) => {
    await page.goto(`${demo.url}/explore?range=90d&g=model`);
    await settled(page);
    const shown = await page
      .locator("table tbody [data-exact]")
      .evaluateAll((all) => all.map((one) => one.dataset.exact));
    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    const link = page.getByRole("menuitem", { name: "Download CSV" });
    const address = await link.getAttribute("href");
    await link.click();
    const csv = readFileSync(await (await download).path(), "utf8");
    const answer = await page.evaluate(
      (at) => fetch(at).then((found) => found.json()),
      address.replace("format=csv", "format=json"),
    );
    assert.deepEqual(
      shown,
      answer.rows.map((row) => row.values.cost).filter((figure) => figure !== null),
    );
    for (const figure of shown) assert.ok(csv.includes(figure), `${figure} is not in the CSV`);
  }));

test("keys find pages, and a row says why it changed", () =>
  look("dark", async (page) => {
    await page.keyboard.press("Control+k");
    await page.locator(".mantine-Spotlight-search:focus").waitFor();
    await page.keyboard.type("Explore");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/explore/);
    await settled(page);
    await page
      .getByRole("button", { name: /^explain / })
      .first()
      .press("Enter");
    await page.waitForSelector("[role=dialog] table, [role=dialog] .trouble");
    await page.keyboard.press("Escape");
  }));
