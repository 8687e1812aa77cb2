import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { open, start, THEMES } from "./browser.mjs";

const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** Opens a page in a browser of its own, in which nothing may go wrong. */
async function look(theme, path, what) {
  const { page, wrong, close } = await open(demo, theme);
  try {
    await page.goto(demo.url + path);
    await page.waitForSelector("h1");
    await page.waitForFunction(() => !/Reading/.test(document.querySelector("main").textContent));
    await what(page);
    assert.deepEqual(wrong, []);
  } finally {
    await close();
  }
}

async function soundly(page) {
  await page.evaluate(axe);
  const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await page.evaluate((tags) => globalThis.axe.run({ runOnly: { type: "tag", values: tags } }), values);
  assert.deepEqual(
    found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`),
    [],
  );
}

const shots = process.env.BURSAR_SHOTS;
for (const theme of THEMES) {
  for (const path of ["/quality", "/settings"]) {
    test(`${path} breaks no rule of accessibility or security in ${theme}`, () =>
      look(theme, path, async (page) => {
        if (shots) await page.screenshot({ path: `${shots}${path.replaceAll("/", "-")}-${theme}.png`, fullPage: true });
        await soundly(page);
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
