// One workflow and one agent on the real binary: panels that add up, in both themes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look, settled, start, THEMES } from "./browser.mjs";
import { apply } from "./send.mjs";

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
    await page.goto(`${demo.url}/workflows/policy-questions?range=90d`);
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

const LIMITS = `kind: budget
name: reader
budgets:
  - {id: reader/month, scope: {agent: intake-reader}, amount: 500, currency: USD, period: month, owner: claims}
  - {id: reader/pro, scope: {agent: intake-reader, model: gpt-5-pro}, amount: 5, currency: USD, period: day}
  - {id: elsewhere/month, scope: {agent: nobody-else}, amount: 5, currency: USD, period: month}
rates:
  - {id: reader/pace, scope: {agent: intake-reader}, calls: 60, per: minute, burst: 10}
`;

test("what governs an agent is nothing and nobody at first, with the command that sets it", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/agents/intake-reader?range=90d`);
    const card = page.locator("#guardrails-in-force");
    await card.getByText("calls in 30 days").waitFor();
    const told = await page.evaluate(() => fetch("/api/v1/guardrails/agent/intake-reader").then((one) => one.json()));
    if (told.limits.length === 0) await card.getByText("scope: {agent: intake-reader}").waitFor();
    assert.equal(await card.getByText("bursar register claim intake-reader").count(), told.owner.team ? 0 : 1);
  }));

for (const theme of THEMES) {
  test(`limits and keys of an agent stand on its page as the interface tells them in ${theme}`, () =>
    look(demo, theme, async (page) => {
      apply(demo, LIMITS);
      await page.evaluate(() =>
        fetch("/api/v1/tokens", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({
            kind: "gateway",
            name: "reader-key",
            bounds: { models: ["gpt-5*"], endpoints: ["chat"] },
            scope: {},
          }),
        }),
      );
      await page.goto(`${demo.url}/agents/intake-reader?range=90d`);
      await settled(page);
      const limits = page.getByRole("region", { name: "Limits that look at its calls" });
      const keys = page.getByRole("region", { name: "Keys that may call as it" });
      await keys.waitFor();
      const told = await page.evaluate(() => fetch("/api/v1/guardrails/agent/intake-reader").then((one) => one.json()));
      const names = await limits.locator("tbody th").allTextContents();
      assert.deepEqual(new Set(names), new Set(told.limits.map((one) => one.limit)));
      assert.ok(names.includes("reader/pace") && !names.includes("elsewhere/month"));
      await limits.getByRole("cell", { name: "its calls of model gpt-5-pro" }).waitFor();
      assert.equal(await keys.locator("tbody tr").count(), told.keys.length);
      const row = keys.getByRole("row", { name: /reader-key/ }).first();
      for (const text of ["gpt-5*", "chat", "never"]) assert.ok((await row.textContent()).includes(text), text);
      await limits.getByRole("button", { name: "reader/month" }).press("Enter");
      const drawer = page.getByRole("dialog", { name: "reader/month" });
      await drawer.getByText("500 USD effective a month of agent intake-reader").waitFor();
      await breaksNoRule(page);
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
      await breaksNoRule(page);
      const csv = await page.evaluate(() =>
        fetch("/api/v1/guardrails/agent/intake-reader?format=csv").then((one) => one.text()),
      );
      for (const one of told.limits) assert.ok(csv.includes(`${one.kind},${one.limit},`));
    }));
}
