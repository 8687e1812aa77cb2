// Prices are looked at before they are saved, saved for what comes, and told to the past.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, opened, start, THEMES } from "./browser.mjs";
import { still } from "./pages.mjs";

const MODEL = "nightjar-private-preview";
const shots = process.env.BURSAR_SHOTS;
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const look = (theme, path, what) =>
  lookAt(demo, theme, async (page) => {
    await page.goto(demo.url + path);
    await still(page);
    await what(page);
  });

const spendOf = (page, where) =>
  page.evaluate(
    async (condition) => (await fetch(`/api/v1/spend?measures=cost,unpriced_calls,calls&where=${condition}`)).json(),
    where,
  );

const busy = (page) => page.waitForFunction(() => !/anew…|Saving…/.test(document.querySelector("main").textContent));

for (const theme of THEMES)
  test(`a file that is pasted tells what it changes, and is refused with the reason, in ${theme}`, () =>
    look(theme, "/settings/prices", async (page) => {
      await page.getByRole("button", { name: "Import prices" }).press("Enter");
      await page.getByLabel("Prices as text").fill(
        `schema: pricebook/1
facts:
  - {seller: openai, sku: gpt-5.6-sol, meter: in_text, price: "4.5", per: 1000000, currency: USD, valid: ["2026-08-21", null], source: {url: a test, checked: 2026-11-01}}`,
      );
      await page.getByRole("button", { name: "Preview what it changes" }).press("Enter");
      const row = page.locator("[aria-label='Prices that change'] tbody tr", { hasText: "gpt-5.6-sol" }).first();
      await row.getByText("$4.50 / 1M").waitFor();
      await page.locator("[aria-label='What the past would come to'] tfoot").waitFor();
      await page.getByText("Nothing is booked yet").waitFor();
      if (shots) await page.screenshot({ path: `${shots}/price-import-${theme}.png`, fullPage: true });
      await breaksNoRule(page);
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
      await page.getByLabel("Prices as text").fill("seller,sku\nopenai,gpt-5");
      await page.getByRole("button", { name: "Preview what it changes" }).press("Enter");
      await page.getByRole("alert").filter({ hasText: "None of it can be saved" }).waitFor();
      assert.equal(await page.getByRole("button", { name: "Save these prices for what comes" }).count(), 0);
    }));

test("an unpriced model is priced from Quality: previewed, saved, and told to the past", () =>
  look("light", "/quality", async (page) => {
    const before = await spendOf(page, `requested_model=${MODEL}`);
    const waits = Number(before.total.values.unpriced_calls);
    assert.ok(waits > 0, "the company has no call without a price");
    await page.getByRole("button", { name: `Price it: ${MODEL} of mistral` }).press("Enter");
    await opened(page);
    await page.getByRole("link", { name: "Price it, with a preview of the past" }).press("Enter");
    await page.waitForURL(/\/settings\/prices\?.*add=mistral/);
    await page.getByLabel("Input per 1M").fill("0.4");
    await page.getByLabel("Output per 1M").fill("2");
    await page.getByLabel("Valid from").fill("2026-01-01");
    await page.getByRole("button", { name: "Preview what it changes" }).press("Enter");
    const foot = page.locator("[aria-label='What the past would come to'] tfoot");
    await foot.getByText(/→ 0/).waitFor();
    const mended = Number(/(\d+) → 0/.exec(await foot.innerText())[1]);
    const is = (await foot.locator("td").nth(3).innerText()).trim();
    assert.match(await foot.innerText(), /unpriced/);
    if (shots) await page.screenshot({ path: `${shots}/price-one.png`, fullPage: true });
    await page.getByRole("button", { name: "Save these prices for what comes" }).press("Enter");
    await page.getByText("The prices are in force.").waitFor();
    const kept = await spendOf(page, `requested_model=${MODEL}`);
    assert.deepEqual(kept.total.values, before.total.values, "saving has changed what is booked");
    await page.getByRole("button", { name: /^Price all since/ }).press("Enter");
    await page.getByText(/calls are booked anew/).waitFor();
    await busy(page);
    const after = await spendOf(page, `requested_model=${MODEL}`);
    assert.ok(mended > 0);
    assert.equal(Number(after.total.values.unpriced_calls), waits - mended); // those whose usage nobody saw wait on
    assert.equal(after.total.values.calls, before.total.values.calls);
    assert.equal(`$${Number(after.total.values.cost).toFixed(2)}`, is.replaceAll(",", ""));
    await page.goto(`${demo.url}/settings/audit`);
    await still(page);
    await page.getByText("price.change").first().waitFor();
  }));
