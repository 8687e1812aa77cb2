import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, start, THEMES } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const REGION = '[aria-label="Measures of FinOps for AI"]';

for (const theme of THEMES) {
  test(`measures show their formula, and none without a source a figure, in ${theme}`, () =>
    lookAt(demo, theme, async (page) => {
      await page.goto(`${demo.url}/outcomes?range=30d`);
      await page.waitForSelector(`${REGION} tbody tr`);
      const { items } = await page.evaluate(() => fetch("/api/v1/kpis").then((found) => found.json()));
      const known = items.filter((one) => !one.missing && !one.workflow);
      assert.ok(known.length > 5, "too few measures have a source");
      const rows = await page
        .locator(`${REGION} tbody tr`)
        .evaluateAll((all) => all.map((row) => [row.textContent, row.querySelector("span").title]));
      assert.deepEqual(
        rows.map(([, formula]) => formula),
        known.map((one) => one.formula),
      );
      for (const [i, one] of known.entries()) assert.ok(rows[i][0].startsWith(one.name), rows[i][0]);
      const lacking = items.filter((one) => one.missing && !one.workflow);
      await page.getByText(`${lacking.length} measures have no source yet`).click();
      await page.getByText(lacking[0].missing).waitFor();
      await breaksNoRule(page);
      if (process.env.BURSAR_SHOTS)
        await page
          .locator(`section:has(${REGION})`)
          .screenshot({ path: `${process.env.BURSAR_SHOTS}/kpis-${theme}.png` });
    }));
}
