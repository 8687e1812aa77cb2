// Everything is reached without a mouse: each page, what stands on it, and back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { look, open, settled, start } from "./browser.mjs";
import { PAGES, still, visit } from "./pages.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** Marks what can have the focus on a page, and tells how many there are. */
const reachable = (page) =>
  page.evaluate(() => {
    const all = document.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0'], summary");
    const shown = [...all].filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !one.disabled);
    for (const one of shown) one.dataset.reached = "no";
    return shown.length;
  });

/** Goes on by Tab until the focus leaves the page, and says what it never came to, and where it could not be seen. */
async function walk(page, most) {
  const unseen = [];
  await page.locator("body").focus();
  await page.evaluate(() => document.activeElement?.blur());
  for (let i = 0; i < 2 * most; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return null;
      one.dataset.reached = "yes";
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(one);
      const marked = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      return marked ? "" : `${one.outerHTML.slice(0, 120)} ${outlineStyle} ${borderColor}`;
    });
    if (at === null) break;
    if (at) unseen.push(at);
  }
  const missed = await page
    .locator("[data-reached=no]")
    .evaluateAll((all) =>
      all.filter((one) => one.isConnected && one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120)),
    );
  return { unseen, missed };
}

test("Tab comes to everything on every page, and the focus is seen", async (t) => {
  const { page, wrong, close } = await open(demo);
  try {
    for (const one of PAGES) {
      await t.test(one.name, async () => {
        await visit(page, demo, one);
        const { unseen, missed } = await walk(page, await reachable(page));
        assert.deepEqual(unseen, []);
        assert.deepEqual(missed, []);
        assert.deepEqual(wrong, []);
      });
    }
  } finally {
    await close();
  }
});

test("g and a letter come to every page that has a key, and the search to every page by its name", () =>
  look(demo, "light", async (page) => {
    for (const one of PAGES.filter((each) => each.key)) {
      await page.keyboard.press("g");
      await page.keyboard.press(one.key);
      await page.waitForURL((url) => url.pathname === one.route);
      await still(page);
    }
    for (const link of await page.locator("nav a").all()) {
      const [name, to] = [await link.textContent(), await link.getAttribute("href")];
      await page.keyboard.press("Control+k");
      await page.locator(".mantine-Spotlight-search:focus").waitFor();
      await page.keyboard.type(name);
      await page.locator("[data-selected]", { hasText: name }).first().waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.pathname === new URL(to, demo.url).pathname);
      await still(page);
    }
  }));

test("a menu and a drawer are opened and left by keys, and the focus comes back", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?range=90d`);
    await settled(page);
    // A moment after what had it is gone.
    const comesBack = (to) => page.waitForFunction((text) => document.activeElement.textContent === text, to);
    await page.getByRole("button", { name: "Export", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Download CSV" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    await comesBack("Export");
    const why = page.getByRole("button", { name: /^explain / }).first();
    await why.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await comesBack(await why.textContent());
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "filter");
    await page.keyboard.type("growth");
    await page.keyboard.press("Enter");
    await page.waitForURL(/f=team:growth/);
    await page.locator(".chip").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.search.includes("f="));
  }));
