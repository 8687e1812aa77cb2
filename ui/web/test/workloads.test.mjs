import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look, start } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

test("workflows lead to the same number on the page of one, and agents burn", () =>
  look(demo, "light", async (page) => {
    for (const path of ["/agents", "/workflows?range=90d"]) {
      await page.goto(demo.url + path);
      await page.waitForSelector("table tfoot");
      await breaksNoRule(page);
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
  }));
