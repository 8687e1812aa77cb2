import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { open, start } from "./browser.mjs";

const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

test("workflows lead to the same number on the page of one, and agents burn", async () => {
  const { page, wrong, close } = await open(demo);
  try {
    for (const path of ["/agents", "/workflows?range=90d"]) {
      await page.goto(demo.url + path);
      await page.waitForSelector("table tfoot");
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] }));
      assert.deepEqual(
        found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`),
        [],
      );
    }
    const row = page.locator("table tbody tr", { hasNotText: "(no " }).first();
    const clicked = await row.locator("[data-exact]").first().getAttribute("data-exact");
    await row.locator("th button").click();
    await page.waitForURL(/workflows\/.+/, { timeout: 5000 });
    await page.waitForFunction(
      (want) => document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact") === want,
      clicked,
    );
    await page.reload();
    await page.waitForSelector(".drawing svg");
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
    assert.deepEqual(wrong, []);
  } finally {
    await close();
  }
});
