// Takes a picture of every page in both themes, 1440 × 900, into a folder that Git
// ignores. Run with make screenshots.
import { mkdirSync } from "node:fs";
import { open, start, THEMES } from "./browser.mjs";

const PAGES = [
  ...["overview", "explore", "workflows", "workflows/claims-triage", "agents", "runs", "outcomes"],
  ...["bill", "budgets", "alerts", "quality", "settings"],
];
const folder = new URL("../../../bin/screenshots/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const demo = await start();
try {
  for (const theme of THEMES) {
    const { page, close } = await open(demo, theme);
    for (const name of PAGES) {
      await page.goto(`${demo.url}/${name === "overview" ? "" : name}`);
      await page.waitForSelector("main h1");
      await page.waitForLoadState("networkidle").catch(() => undefined); // the live stream never ends
      await page.screenshot({ path: `${folder}${name.replaceAll("/", "-")}-${theme}.png` });
      console.log(`${folder}${name.replaceAll("/", "-")}-${theme}.png`);
    }
    await close();
  }
} finally {
  await demo.stop();
}
