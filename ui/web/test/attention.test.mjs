// Overview on the real binary: what needs somebody, and why the bill moved.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BINARY, breaksNoRule, look, settled, start, THEMES } from "./browser.mjs";
import { sender } from "./send.mjs";

const BUDGETS = `kind: budget
name: everything
budgets:
  - {id: company/quarter, amount: 900000, currency: USD, period: quarter, owner: finance}
  - {id: company/year, amount: 0.01, currency: USD, period: year, owner: finance}
`;
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

test("what the figures lack needs attention, with its money and where it is mended", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/?range=90d`);
    await settled(page);
    const item = page.locator(".attention li", { hasText: "no price" });
    const strip = await page.locator(".strip li", { hasText: "Exposure" }).locator("b").textContent();
    assert.ok((await item.locator(".sum").textContent()).startsWith(strip));
    await item.getByRole("link").click();
    await page.waitForURL(/\/quality\?/);
    await page.goto(`${demo.url}/?range=90d`);
    const nobody = page.locator(".attention li", { hasText: "no team owns" });
    const clicked = (await nobody.locator(".sum").textContent()).trim();
    await nobody.getByRole("link").click();
    await page.waitForURL(/f=team:/);
    await page.waitForFunction((want) => document.querySelector("tfoot [data-exact]")?.textContent === want, clicked);
  }));

test("the effects sum to the change that the tile shows, and lead to the bill", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/?range=90d`);
    await page.waitForSelector(".moved tfoot [data-exact]");
    const texts = (place) =>
      page.locator(`${place} [data-exact]`).evaluateAll((all) => all.map((one) => one.dataset.exact));
    const parts = await texts(".moved tbody");
    const [total] = await texts(".moved tfoot");
    const units = (text) => {
      const [whole, rest = ""] = text.replace("-", "").split(".");
      const n = BigInt(whole) * 10n ** 12n + BigInt(rest.padEnd(12, "0"));
      return text.startsWith("-") ? -n : n;
    };
    assert.equal(
      parts.reduce((sum, text) => sum + units(text), 0n),
      units(total),
    );
    await page.getByRole("link", { name: "Explain", exact: true }).click();
    await page.waitForURL(/\/bill\?range=90d/);
    await page.waitForSelector("tr[data-effect] [data-exact]");
    assert.deepEqual((await texts("tr[data-effect]")).sort(), parts.sort(), "the bill tells other effects");
  }));

for (const theme of THEMES) {
  test(`a budget that is over its limit is the first to need somebody, in ${theme}`, () =>
    look(demo, theme, async (page) => {
      const folder = mkdtempSync(join(tmpdir(), "bursar-budgets-"));
      try {
        writeFileSync(join(folder, "budgets.yaml"), BUDGETS);
        const token = new URLSearchParams(new URL(demo.link).hash.slice(1)).get("token");
        const args = ["apply", "--server", demo.url, "-f", join(folder, "budgets.yaml"), "--yes"];
        execFileSync(BINARY, args, { env: { ...process.env, BURSAR_TOKEN: token } });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      await page.goto(`${demo.url}/?range=90d`);
      await settled(page);
      const first = page.locator(".attention li").first();
      await page.waitForSelector(".attention li >> text=company/year is over its limit");
      assert.match(await first.textContent(), /company\/year.*\+\$/);
      await page.waitForSelector(".tile:has-text('Budget left') .used-bar");
      await breaksNoRule(page);
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
      await first.getByRole("link").click();
      await page.waitForURL(/\/budgets/);
    }));
}

test("a run with many times the calls of its agent's others may run away, and leads to the run", () =>
  look(demo, "light", async (page) => {
    const send = await sender(demo);
    const before = new Date(Date.now() - 2 * 864e5);
    for (let i = 0; i < 5; i++) {
      await send("stuck", 1, before, `usual-${i}`);
      await send("few", 1, before, `usual-${i}`);
      await send("busy", 4, before, `usual-${i}`);
    }
    await page.goto(`${demo.url}/?range=90d`);
    await settled(page);
    await send("few", 19, new Date(), "now"); // too few to be one, whatever is usual
    await send("busy", 40, new Date(), "now"); // ten times its usual, and no more
    await send("stuck", 25, new Date(), "now");
    const item = page.locator(".attention li", { hasText: "may run away" });
    await item.filter({ hasText: "stuck-agent" }).waitFor();
    assert.match(
      await item.textContent(),
      /stuck-agent may run away, urgent25 calls in a minute.*take 1 or fewer.*a minute/,
    );
    assert.equal(await item.count(), 1);
    await item.getByRole("link").click();
    await page.getByRole("heading", { name: /stuck\/now/ }).waitFor();
    await page.locator("nav").getByRole("link", { name: "Agents" }).click();
    await page.locator(".tile", { hasText: "Runs that may run away" }).filter({ hasText: "stuck-agent" }).waitFor();
  }));
