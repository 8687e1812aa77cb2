// What holds for every page: the list is in pages.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { breaksNoRule, look, open, start, startEmpty, THEMES } from "./browser.mjs";
import { PAGES, still, visit } from "./pages.mjs";

let demo;
let empty;
before(async () => ([demo, empty] = await Promise.all([start(), startEmpty()])));
after(() => Promise.all([demo?.stop(), empty?.stop()]));

test("every route of the dashboard stands in the list of pages, and the server knows it", async () => {
  const source = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
  const routes = [...source("../src/router.tsx").matchAll(/path: "([^"]+)"/g)].map((found) => found[1]);
  assert.deepEqual([...new Set(PAGES.map((one) => one.route))].sort(), routes.sort());
  const keys = [...source("../src/ui/keys.ts").matchAll(/^ {2}(\w): "([^"]+)"/gm)].map((found) => found.slice(1, 3));
  const measured = new Set(
    [...source("../../../app/testdata/pages.txt").matchAll(/^([a-z]\S*) /gm)].map((found) => found[1]),
  );
  assert.deepEqual(
    [...measured],
    PAGES.map((one) => one.name),
    "run node ui/web/test/ask.mjs",
  );
  const listed = PAGES.filter((one) => one.key).map((one) => [one.key, one.route]);
  assert.deepEqual(keys.sort(), listed.sort());
  for (const route of routes)
    assert.equal((await fetch(demo.url + route.replace("$name", "some/name"))).status, 200, route);
});

const fits = (page) => page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth); // once it is drawn anew

/** Looks at every page in one browser; what goes wrong on one does not keep the next from being looked at. */
async function each(t, theme, what, server = demo, ready = undefined) {
  const { page, wrong, close } = await open(server, theme, ready);
  try {
    for (const one of PAGES) {
      if (server === empty && typeof one.at === "function") continue; // it is of something that is booked
      await t.test(one.name, async () => {
        wrong.length = 0;
        const at = await visit(page, server, one);
        await what(page, one, at);
        assert.deepEqual(wrong, []);
      });
    }
  } finally {
    await close();
  }
}

for (const theme of THEMES) {
  test(`a page breaks no rule of accessibility or security in ${theme}, and fits a small screen`, (t) =>
    each(t, theme, async (page) => {
      await breaksNoRule(page);
      await page.setViewportSize({ width: 1280, height: 720 });
      await fits(page);
      await breaksNoRule(page);
      await page.setViewportSize({ width: 1440, height: 900 });
    }));

  test(`a page without anything booked breaks no rule in ${theme}, and says what to do`, (t) =>
    each(
      t,
      theme,
      async (page, one) => {
        await breaksNoRule(page);
        await page.setViewportSize({ width: 1280, height: 720 });
        await fits(page);
        const said = await page.locator("main").textContent();
        assert.ok(said.length > 100, `${one.name} only says ${said}`);
        assert.doesNotMatch(said, /NaN|undefined|null|Infinity/);
        await page.setViewportSize({ width: 1440, height: 900 });
      },
      empty,
      still,
    ));

  test(`the door breaks no rule in ${theme}, whatever page was asked for`, () =>
    look(demo, theme, async (page, context) => {
      await context.clearCookies();
      for (const { route } of PAGES) {
        await page.goto(demo.url + route.replace("$name", "x"));
        await page.getByLabel("Token").waitFor();
      }
      await breaksNoRule(page);
      await page.setViewportSize({ width: 1280, height: 720 });
      await fits(page);
    }));
}

test("the policy stands on every answer: pages, files, and what is not there", async () => {
  const html = await (await fetch(demo.url)).text();
  const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((found) => found[1]);
  const routes = PAGES.map((one) => one.route.replace("$name", "x"));
  for (const path of [...routes, ...files, "/not-there", "/assets/not-there.js"]) {
    const policy = (await fetch(demo.url + path)).headers.get("Content-Security-Policy") ?? "";
    assert.match(policy, /default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
  }
});

test("a path that is not there says so, within the policy", () =>
  look(
    demo,
    "light",
    async (page) => {
      await page.goto(`${demo.url}/not-there`);
      await page.getByText("there is nothing here").waitFor();
      await page.goto(`${demo.url}/workflows/nobody-has-this-name`);
      await still(page);
    },
    { expected: /status of 404/ },
  ));

test("simulated figures are marked on every page, and in print", (t) =>
  each(t, "light", async (page) => {
    for (const media of ["screen", "print"]) {
      await page.emulateMedia({ media });
      assert.ok(await page.getByText("DEMO", { exact: true }).isVisible(), media);
    }
    await page.emulateMedia({ media: "screen" });
    assert.match(await page.title(), /^DEMO/);
  }));

test("the address alone brings a page back, in a browser that has never seen it", async (t) => {
  const told = (page) =>
    page
      .locator("#main")
      .evaluate((main) => main.innerText.replace(/\d+ (s|min|h|days) ago|\d\d:\d\d:\d\d|the folder has .*/g, ""));
  const { page, close } = await open(demo, "light");
  const other = await open(demo, "light");
  try {
    for (const one of PAGES) {
      await t.test(one.name, async () => {
        const at = await visit(page, demo, one);
        const more = "range=90d&vs=none&f=!team:nobody&sort=-cost";
        const [path, own] = at.split("?");
        const rest = own?.startsWith("range") ? more : [own, more].filter(Boolean).join("&");
        await page.goto(`${demo.url}${path}?${rest}`);
        await still(page);
        await page.waitForLoadState("networkidle").catch(() => undefined); // the live stream never ends
        await other.page.goto(page.url());
        await still(other.page);
        await other.page.waitForLoadState("networkidle").catch(() => undefined);
        assert.equal(await told(other.page), await told(page));
        assert.match(page.url(), /range=90d/);
      });
    }
  } finally {
    await close();
    await other.close();
  }
});
