// Takes a picture of every page in both themes, 1440 × 900, into a folder that Git
// ignores. Run with make screenshots.
import { mkdirSync } from "node:fs";
import { open, settled, start, THEMES } from "./browser.mjs";

const folder = new URL("../../../bin/screenshots/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const demo = await start();
try {
  for (const theme of THEMES) {
    const { page, close } = await open(demo, theme);
    for (const [name, path] of [
      ["overview", "/"],
      ["explore", "/explore"],
      ["runs", "/runs"],
    ]) {
      await page.goto(demo.url + path);
      await (path === "/runs" ? page.waitForSelector(".runs tfoot") : settled(page));
      await page.screenshot({ path: `${folder}${name}-${theme}.png` });
      console.log(`${folder}${name}-${theme}.png`);
    }
    await close();
  }
} finally {
  await demo.stop();
}
