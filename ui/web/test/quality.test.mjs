import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, start, THEMES } from "./browser.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** Opens a page and waits until nothing on it is being read. */
const look = (theme, path, what) =>
  lookAt(demo, theme, async (page) => {
    await page.goto(demo.url + path);
    await page.waitForSelector("h1");
    await page.waitForFunction(() => !/Reading/.test(document.querySelector("main").textContent));
    await what(page);
  });

const shots = process.env.BURSAR_SHOTS;
for (const theme of THEMES) {
  for (const path of ["/quality", "/settings"]) {
    test(`${path} breaks no rule of accessibility or security in ${theme}`, () =>
      look(theme, path, async (page) => {
        if (shots) await page.screenshot({ path: `${shots}${path.replaceAll("/", "-")}-${theme}.png`, fullPage: true });
        await breaksNoRule(page);
      }));
  }
}

test("a suggested rule tells what it would move, and books nothing", () =>
  look("light", "/quality", async (page) => {
    await page
      .getByRole("button", { name: /^Suggest a rule for / })
      .first()
      .press("Enter");
    await page.getByRole("button", { name: /^Preview/ }).press("Enter");
    await page.getByText("would move; nothing is booked").waitFor();
  }));

test("a key is made, its secret is shown once, and it is revoked after a question", () =>
  look("dark", "/settings", async (page) => {
    await page.getByLabel("Name of the key").fill("try-out");
    await page.getByLabel("Team of the key").fill("claims");
    await page.getByLabel("Application of the key").fill("triage");
    await page.getByRole("button", { name: "Make a key" }).press("Enter");
    await page.locator(".notice pre", { hasText: "bursar_gateway_" }).waitFor();
    await page.getByRole("button", { name: "I have it" }).press("Enter");
    const row = page.locator("tr", { hasText: "try-out" });
    await row.getByRole("button", { name: "Revoke" }).press("Enter");
    await row.getByRole("button", { name: "Revoke try-out" }).press("Enter");
    await row.getByText(/^revoked /).waitFor();
    await page.reload();
    await row.getByText(/^revoked /).waitFor();
    assert.equal(await page.getByText("bursar_gateway_").count(), 0);
  }));
