// Spend against the plan in force, as a figure and as a line.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, settled, start, THEMES } from "./browser.mjs";
import { applyBudgets, applyPlan } from "./send.mjs";

const shots = process.env.BURSAR_SHOTS;
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const ask = (page, path) => page.evaluate(async (at) => (await fetch(at)).json(), path);
const tile = (page) => page.locator(".tile", { hasText: "Spend against plan" });

test("without a plan nothing is said of one", () =>
  lookAt(demo, "light", async (page) => assert.equal(await tile(page).count(), 0)));

for (const theme of THEMES)
  test(`the plan of what is filtered for is a figure and a line, in ${theme}`, () => {
    applyBudgets(demo);
    applyPlan(demo, { amount: 2400, team: "growth" });
    return lookAt(demo, theme, async (page) => {
      await page.getByText("; line: plan").waitFor();
      for (const filter of ["", "?f=team:growth"]) {
        await page.goto(`${demo.url}/${filter}`);
        await settled(page);
        await tile(page).waitFor();
        const spend = await page
          .locator(".tile", { has: page.locator("h2", { hasText: /^Spend$/ }) })
          .getAttribute("title");
        const title = await tile(page).getAttribute("title");
        const [spent, planned] = title.split(" of ");
        assert.equal(spent, spend);
        const window = await page.evaluate(() =>
          performance
            .getEntriesByType("resource")
            .map((r) => r.name)
            .findLast((n) => n.includes("/api/v1/plan")),
        );
        const { items } = await ask(page, new URL(window).pathname + new URL(window).search);
        const line = items.find((one) => one.of === (filter && "team growth"));
        assert.equal(planned, `${line.amount} USD`);
        await page.waitForSelector("text=; line: plan");
      }
      await page.goto(`${demo.url}/?f=team:claims-handling`);
      await settled(page);
      assert.equal(await tile(page).count(), 0, "no plan is about this team");
      await page.goto(demo.url);
      await settled(page);
      await tile(page).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/overview-${theme}.png` });
      await breaksNoRule(page);
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
      if (shots) await page.screenshot({ path: `${shots}/overview-small-${theme}.png` });
    });
  });
