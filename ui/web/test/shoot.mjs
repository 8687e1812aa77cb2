// Takes a picture of every page in both themes, 1440 × 900, into a folder that Git
// ignores. Run with make screenshots; BURSAR_EVENTS sets the company's calls.
import { mkdirSync } from "node:fs";
import { open, start, startEmpty, THEMES } from "./browser.mjs";
import { PAGES, still, visit } from "./pages.mjs";
import { applyBudgets } from "./send.mjs";

const folder = new URL("../../../bin/screenshots/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });

async function shoot(page, name) {
  await page.waitForLoadState("networkidle").catch(() => undefined); // every part of the page has its answer
  await page.screenshot({ path: `${folder}${name}.png` });
  console.log(`${folder}${name}.png`);
}

const demo = await start(process.env.BURSAR_EVENTS ?? "100000");
const empty = await startEmpty();
applyBudgets(demo);
try {
  for (const theme of THEMES) {
    const { page, close } = await open(demo, theme);
    for (const one of PAGES) {
      await visit(page, demo, one);
      await shoot(page, `${one.name}-${theme}`);
    }
    await page.context().clearCookies();
    await page.goto(demo.url);
    await page.waitForSelector(".door");
    await shoot(page, `door-${theme}`);
    await close();
    const first = await open(empty, theme, still);
    await shoot(first.page, `waiting-${theme}`);
    await first.close();
  }
} finally {
  await demo.stop();
  await empty.stop();
}
