// Explore on the real binary: two dimensions, long tables, kinds of charts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look, settled, start, THEMES } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

// What is less than a cent shows its digits, and is none of the cents.
const centsOf = (text) => (/\.\d\d$/.test(text) ? BigInt(text.replace("\u2212", "-").replace(/[^\d-]/g, "")) : 0n);
const shownCents = (texts) => texts.reduce((sum, text) => sum + centsOf(text), 0n);

test("rows inside of rows sum to them in the cents that are shown, and lead to the same number", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?range=90d&g=team&g2=application`);
    await settled(page);
    await page.waitForSelector(".grouped .inside");
    const rows = await page
      .locator(".grouped tr")
      .evaluateAll((all) =>
        all.map((tr) => ({
          inside: tr.querySelector(".inside") !== null,
          text: tr.querySelector("[data-exact]")?.textContent ?? "",
        })),
      );
    const groups = [];
    for (const row of rows) (row.inside ? groups.at(-1).within : groups).push({ ...row, within: [] });
    for (const group of groups)
      if (group.within.length > 0) assert.equal(shownCents(group.within.map((r) => r.text)), shownCents([group.text]));
    const total = await page.locator("tfoot [data-exact]").first().textContent();
    assert.equal(shownCents(groups.map((g) => g.text)), shownCents([total]));
    const child = page.locator(".grouped tr", { has: page.locator("button.inside") }).first();
    const clicked = await child.locator("[data-exact]").first().getAttribute("data-exact");
    await child.locator("button.inside").click();
    await page.waitForURL(
      (url) => /team:.*;application:/.test(decodeURIComponent(url.search)) && !url.search.includes("g2"),
    );
    await page.waitForFunction(
      (want) => document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact") === want,
      clicked,
    );
  }));

test("CSV of two dimensions holds every shown figure, and a row inside says why it changed", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?range=90d&g=team&g2=model`);
    await settled(page);
    await page.waitForSelector(".grouped .inside");
    const shown = await page
      .locator(".grouped tr:has(button.inside) [data-exact]")
      .evaluateAll((all) => all.map((one) => one.dataset.exact).filter(Boolean));
    await page.getByRole("button", { name: "Export", exact: true }).first().click();
    const address = await page.getByRole("menuitem", { name: "Download CSV" }).getAttribute("href");
    const csv = await page.evaluate((at) => fetch(at).then((found) => found.text()), address);
    for (const figure of shown) assert.ok(csv.includes(figure), `${figure} is not in the CSV`);
    await page.keyboard.press("Escape");
    await page.locator(".grouped tr:has(button.inside) [aria-label^=explain]").first().click();
    await page.waitForSelector("[role=dialog] table, [role=dialog] .trouble");
  }));

test("what is bought by the day stands at no hour, and its amount is said beside the hours", () =>
  look(demo, "light", async (page) => {
    for (const address of ["/explore?chart=heat", "/explore?range=7d&gran=hour", "/?range=today"]) {
      const told = page.waitForRequest((one) => /\/hours\?|grain=hour&top=7/.test(one.url()));
      await page.goto(demo.url + address);
      assert.match(decodeURIComponent((await told).url()), /where=category!=purchase/);
      await page
        .locator(".title .soft", { hasText: /bought by the day, at no hour/ })
        .first()
        .waitFor();
    }
    const asks = (path) => page.evaluate((at) => fetch(at).then((found) => found.json()), path);
    const read = page.waitForResponse((one) => one.url().includes("/spend/hours?"));
    await page.goto(`${demo.url}/explore?chart=heat`);
    const hours = await read;
    const { since, until } = Object.fromEntries(new URL(hours.url()).searchParams);
    const asked = `/api/v1/spend?measures=cost&since=${since}&until=${until}`;
    const bought = (await asks(`${asked}&where=category%3Dpurchase`)).total.values.cost;
    assert.ok(Number(bought) > 0, "the demo has seats");
    await page.locator(`.title [title="${bought} USD"]`).waitFor();
    const used = await asks(`${asked}&where=category!%3Dpurchase`);
    assert.equal((await hours.json()).total.values.cost, used.total.values.cost);
    const wide = (cells) => cells.filter((c) => c.scrollWidth > c.clientWidth + 1).map((c) => c.textContent);
    assert.deepEqual(await page.locator(".heat td").evaluateAll(wide), []);
  }));

test("the last hour is told by minute, every one of them, and what it cuts is marked", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?range=1h&g=team`);
    await settled(page);
    await page.getByRole("button", { name: "View as table" }).first().click();
    const minutes = page.locator("table", { has: page.locator("th", { hasText: /^Minute$/ }) }).locator("tbody tr");
    await minutes.first().waitFor();
    const names = await minutes.locator("th").allTextContents();
    assert.ok(names.length === 60 || names.length === 61, `${names.length} minutes`);
    assert.match(names[0], /\d\d:\d\d, not whole$/);
    assert.ok(!names[30].includes("not whole"));
    assert.deepEqual(await page.getByLabel("Time in").locator("option").allTextContents(), [
      "time as it fits",
      "minutes",
      "hours",
    ]);
  }));

for (const theme of THEMES) {
  test(`five thousand rows are drawn as far as they are in sight, in ${theme}`, () =>
    look(demo, theme, async (page) => {
      await page.route(/by=team%2Cmodel/, async (route) => {
        const answer = await (await route.fetch()).json();
        const [first] = answer.rows;
        answer.rows = Array.from({ length: 5000 }, (_, i) => ({
          ...first,
          keys: { ...first.keys, model: `model-${i}` },
          values: { cost: String(5000 - i) },
        }));
        await route.fulfill({ json: answer });
      });
      await page.goto(`${demo.url}/explore?range=90d&g=team&g2=model`);
      await settled(page);
      await page.waitForSelector(".long .inside");
      assert.ok((await page.locator(".long tbody tr").count()) < 100);
      assert.ok(Number(await page.locator(".long table").getAttribute("aria-rowcount")) > 5000);
      await breaksNoRule(page);
      await page.locator(".long tbody th button").first().focus();
      for (let i = 0; i < 60; i++) await page.keyboard.press("j");
      const at = () => page.evaluate(() => Number(document.activeElement?.closest("tr")?.dataset.at));
      assert.equal(await at(), 60);
      await page.locator(".long").evaluate((place) => (place.scrollTop = place.scrollHeight));
      await page.waitForFunction(
        () => Number([...document.querySelectorAll(".long tr[data-at]")].at(-1)?.dataset.at) > 4990,
      );
      assert.equal(await at(), 60); // it keeps the focus out of sight
    }));
}

for (const theme of THEMES) {
  test(`lines, shares and hours of the week are drawn in ${theme}`, () =>
    look(demo, theme, async (page) => {
      for (const chart of ["line", "share"]) {
        await page.goto(`${demo.url}/explore?range=90d&gran=week&chart=${chart}`);
        await settled(page);
        await page.waitForSelector(".title .soft >> text=by week");
      }
      await breaksNoRule(page);
      await page.goto(`${demo.url}/explore?range=90d&m=calls&chart=heat`);
      await page.waitForSelector(".heat [data-exact]");
      await page.waitForSelector("tfoot [data-exact]");
      const hours = await page.locator(".heat [data-exact]").evaluateAll((all) => all.map((one) => one.dataset.exact));
      const total = await page.locator("tfoot [data-exact]").first().getAttribute("data-exact");
      assert.equal(String(hours.reduce((sum, text) => sum + BigInt(text), 0n)), total);
      await breaksNoRule(page);
      await page.getByLabel("Chart").selectOption("Stacked");
      await page.waitForSelector(".drawing svg");
      await page.getByLabel("Then by").selectOption("then by model");
      await page.waitForURL(/g2=model/);
    }));
}
