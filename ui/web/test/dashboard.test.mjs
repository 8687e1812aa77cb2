import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, settled, start, THEMES } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const look = (theme, what) => lookAt(demo, theme, what);

for (const theme of THEMES) {
  for (const path of ["/", "/explore", "/?chart=table"]) {
    test(`${path} breaks no rule of accessibility or security in ${theme}`, () =>
      look(theme, async (page) => {
        await page.goto(demo.url + path);
        await page.waitForSelector("table tfoot");
        if (!path.includes("table")) await page.waitForSelector(".drawing svg");
        await breaksNoRule(page);
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
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const download = page.waitForEvent("download");
    const link = page.getByRole("menuitem", { name: "Download CSV" });
    const address = await link.getAttribute("href");
    await link.click();
    const csv = readFileSync(await (await download).path(), "utf8");
    const answer = await page.evaluate(
      (at) => fetch(at).then((found) => found.json()),
      address.replace("format=csv", "format=json"),
    );
    // What names no model stands last on the screen, whatever it costs.
    assert.deepEqual(
      shown.toSorted(),
      answer.rows
        .map((row) => row.values.cost)
        .filter((figure) => figure !== null)
        .toSorted(),
    );
    for (const figure of shown) assert.ok(csv.includes(figure), `${figure} is not in the CSV`);
  }));

test("keys find pages, and a row says why it changed", () =>
  look("dark", async (page) => {
    await page.keyboard.press("Control+k");
    await page.locator(".mantine-Spotlight-search:focus").waitFor();
    await page.keyboard.type("Explore");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Explore" }).waitFor(); // the page before has such rows as well
    await settled(page);
    await page
      .getByRole("button", { name: /^explain / })
      .first()
      .press("Enter");
    await page.waitForSelector("[role=dialog] table, [role=dialog] .trouble");
    await page.keyboard.press("Escape");
  }));
