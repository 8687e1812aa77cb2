import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, start, THEMES } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const REGION = '[aria-label="List prices by month"]';

/** Opens the page in a browser of its own, in which nothing may go wrong. */
const look = (theme, query, what) =>
  lookAt(demo, theme, async (page) => {
    await page.goto(`${demo.url}/bill${query}`);
    await page.waitForSelector(`${REGION} tbody tr`);
    await what(page);
  });

for (const theme of THEMES) {
  test(`list prices are those of the interface and break no rule of accessibility in ${theme}`, () =>
    look(theme, "?range=30d", async (page) => {
      const asked = await page.evaluate(() => fetch("/api/v1/price-index").then((found) => found.json()));
      const rows = await page.locator(`${REGION} tbody tr`).allTextContents();
      assert.equal(rows.length, asked.months.length);
      for (const [i, month] of asked.months.entries()) {
        assert.ok(rows[i].startsWith(month.month), rows[i]);
        for (const line of ["ours", "market", "newest"]) {
          const shown = month[line].level === null ? "not known" : `${(Number(month[line].level) * 100).toFixed(1)}%`;
          assert.ok(rows[i].includes(shown), `${rows[i]} does not say ${shown}`);
        }
      }
      assert.ok(
        asked.months.some((month) => month.ours.level !== null),
        "nothing of ours is known",
      );
      await page.getByText(asked.sentence).waitFor();
      await breaksNoRule(page);
    }));
}

test("an index of everybody's usage is not shown for a part", () =>
  lookAt(demo, "light", async (page) => {
    await page.goto(`${demo.url}/bill?range=30d&f=team:claims-handling`);
    await page.getByRole("heading", { name: "By workflow" }).waitFor();
    assert.equal(await page.locator(REGION).count(), 0);
  }));
