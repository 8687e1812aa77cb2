import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BINARY, breaksNoRule, look as lookAt, start, THEMES } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** Opens the page in a browser of its own, in which nothing may go wrong. */
const look = (theme, query, what) =>
  lookAt(demo, theme, async (page) => {
    await page.goto(`${demo.url}/forecast${query}`);
    await page.waitForSelector('[aria-label="What comes next"] tbody tr');
    await page.waitForSelector('[aria-label="Earlier forecasts"] tbody tr');
    await what(page);
  });

/** Sums the cents of a column of the table, and gives those of its foot. */
const columnOf = (page, n) =>
  page.evaluate((at) => {
    const cents = (cell) => BigInt(cell.textContent.replaceAll(/[^\d.-]/g, "").replace(".", ""));
    const table = document.querySelector('[aria-label="What comes next"] table');
    const rows = [...table.querySelectorAll("tbody tr")].map((row) => row.children[at]);
    const small = rows.filter((cell) => !/\.\d\d$/.test(cell.textContent)); // what rounds to nothing shows its digits
    const sum = rows.filter((cell) => !small.includes(cell)).reduce((all, cell) => all + cents(cell), 0n);
    return [String(sum), String(cents(table.querySelector("tfoot tr").children[at]))];
  }, n);

const shots = process.env.BURSAR_SHOTS;
for (const theme of THEMES) {
  test(`what comes next adds up and breaks no rule of accessibility in ${theme}`, () =>
    look(theme, "?range=7d&g=team", async (page) => {
      for (const n of [1, 2]) {
        const [sum, foot] = await columnOf(page, n);
        assert.equal(sum, foot);
        assert.notEqual(foot, "0");
      }
      if (shots) await page.screenshot({ path: `${shots}/forecast-${theme}.png`, fullPage: true });
      await breaksNoRule(page);
    }));
}

test("the days that are forecast and measured are named, and today only where it is one of them", () =>
  look("light", "?range=7d&g=team", async (page) => {
    await page.getByText("today is not over and is forecast").waitFor();
    await page.route(/\/api\/v1\/forecast\?/, async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, from: "2026-11-01T00:00:00Z", tz: "UTC", days: 30 } });
    });
    await page.reload();
    await page.locator(".tile", { hasText: "Forecast 1\u201330 Nov" }).getByText("measured 2\u201331 Oct").waitFor();
    await page.getByRole("columnheader", { name: "Measured 2\u201331 Oct" }).waitFor();
    await page.getByRole("columnheader", { name: "Forecast 1\u201330 Nov" }).waitFor();
    assert.equal(await page.getByText("today is not over").count(), 0);
  }));

test("a longer range looks further ahead, and each forecast is kept", () =>
  look("light", "?range=30d", async (page) => {
    await page.getByText("the 30 days from").waitFor();
    await page.getByText("running").first().waitFor();
    await page.getByText("Why intervals are missing").click();
    await page.getByText(/rows have no interval of 80%: it is made of how far earlier forecasts of 30 days/).waitFor();
    await page.getByText("What was counted").first().click();
    await page.getByText("needs the errors of 9 earlier totals").first().waitFor();
  }));

test("a launch of the calendar is marked, and it is said what it does", async () => {
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const file = join(demo.folder, "calendar.yaml");
  const launch = `{name: pilot, dates: [${day}], effect: 2}`;
  writeFileSync(file, `kind: calendar\nname: house\nlaunches:\n  - ${launch}\n`);
  execFileSync(BINARY, ["apply", "-f", file, "--yes", "--data", demo.folder]);
  await look("light", "?range=7d&g=team", async (page) => {
    await page.getByText(/Launch pilot, .*200\.0% of what they would be, as declared/).waitFor();
    assert.equal(await page.locator(".path .mark").count(), 1);
    if (shots) await page.screenshot({ path: `${shots}/forecast-calendar.png`, fullPage: true });
  });
});
