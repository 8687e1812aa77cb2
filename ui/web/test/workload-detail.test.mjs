// One workflow and one agent on the real binary: panels that add up, in both themes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look, settled, start, THEMES } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const cents = (text) => (/\.\d\d$/.test(text) ? BigInt(text.replace(/\D/g, "")) : 0n);

for (const theme of THEMES) {
  test(`a workflow and its agents have their panels in ${theme}`, () =>
    look(demo, theme, async (page) => {
      for (const path of [
        "/workflows/claims-triage?range=90d",
        "/agents/intake-reader?range=90d",
        "/workflows?range=90d",
      ]) {
        await page.goto(demo.url + path);
        if (path.includes("s/")) await settled(page);
        else await page.waitForSelector("table tfoot");
        await breaksNoRule(page);
        await page.setViewportSize({ width: 1280, height: 720 });
        await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
        await page.setViewportSize({ width: 1440, height: 900 });
      }
    }));
}

test("what the money buys sums to the list cost, and the panels of a workflow tell the same total", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/workflows/claims-triage?range=90d`);
    await settled(page);
    await page.waitForSelector(".parts-list [data-exact]");
    const parts = await page.locator(".parts-list [data-exact]").allTextContents();
    await page.getByRole("button", { name: "Export what the money buys" }).click();
    const address = await page.getByRole("menuitem", { name: "Download JSON" }).getAttribute("href");
    const list = await page.evaluate(async (at) => (await (await fetch(at)).json()).total.values.list, address);
    const whole = Math.round(Number(list) * 100);
    assert.equal(Number(parts.reduce((sum, text) => sum + cents(text), 0n)), whole);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelectorAll("tfoot").length === 2);
    const totals = await page
      .locator("tfoot")
      .evaluateAll((all) => all.map((one) => one.querySelector("[data-exact]")?.dataset.exact));
    assert.equal(new Set(totals).size, 1);
    await page.waitForSelector("text=Guardrails in force");
  }));
