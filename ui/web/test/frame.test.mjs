// The frame on the real binary: comparison, filter, saved views, zone, and what has no effect.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { breaksNoRule, look, settled, start, THEMES } from "./browser.mjs";
import { still } from "./pages.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const ask = (page, path) => page.evaluate((at) => fetch(at).then((answer) => answer.json()), path);
const spendOf = (page) => page.waitForRequest((one) => /\/spend\?.*compare=/.test(one.url()));

test("a range is compared with last month, last year, days of one's own, or nothing", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?range=2026-09-01..2026-09-20&g=team`);
    await settled(page);
    for (const [vs, compare] of [
      ["lm", "2026-08-01..2026-08-21"],
      ["ly", "2025-09-01..2025-09-21"],
    ]) {
      const asked = spendOf(page);
      await page.selectOption("#compare", vs);
      assert.equal(new URL((await asked).url()).searchParams.get("compare"), compare);
      await page.waitForURL((url) => url.searchParams.get("vs") === vs);
    }
    await page.selectOption("#compare", "own");
    await page.getByLabel("First day").fill("2026-07-05");
    await page.getByLabel("Last day").fill("2026-07-04");
    await page.getByText("The last day is before the first.").waitFor();
    await page.getByLabel("Last day").fill("2026-07-14");
    await breaksNoRule(page);
    await page.getByLabel("Last day").press("Enter");
    await page.waitForURL(/vs=2026-07-05\.\.2026-07-14/);
    await page.getByText("change against 5 Jul to 14 Jul 2026").waitFor();
    await settled(page);
    const of = (days) => ask(page, `/api/v1/spend?measures=cost&since=${days[0]}&until=${days[1]}`);
    const explained = page.waitForResponse((one) => one.url().includes("/api/v1/explain"));
    await page.goto(`${demo.url}/bill?range=2026-09-01..2026-09-20&vs=2026-07-05..2026-07-14`);
    const { total } = await (await explained).json();
    assert.equal(total.before, (await of(["2026-07-05", "2026-07-15"])).total.values.cost);
    assert.equal(total.after, (await of(["2026-09-01", "2026-09-21"])).total.values.cost);
    await page.selectOption("#compare", "none");
    await page.waitForURL(/vs=none/);
  }));

test("days of one's own are chosen for the range, and what is no day is named", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?range=2026-02-01..2026-02-31`);
    await page.locator(".notice", { hasText: "range" }).waitFor();
    await page.selectOption("#range", "own");
    await page.getByLabel("First day").fill("2026-09-01");
    await page.getByLabel("Last day").fill("2026-09-02");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.waitForURL(/range=2026-09-01\.\.2026-09-02/);
    await page.locator(".head", { hasText: "1 Sept to 2 Sept 2026" }).waitFor();
  }));

test("the quarter to date is that of the interface and of its fiscal year", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?g=team`);
    await settled(page);
    await page.selectOption("#range", "qtd");
    await page.waitForURL(/range=qtd/);
    await settled(page);
    const { begins, now, zone } = await ask(page, "/api/v1/session");
    const today = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(Date.parse(now));
    const found = await ask(page, `/api/v1/spend?by=team&measures=cost&since=qtd&until=${today}`);
    assert.ok(begins.quarters.some((first) => found.meta.window.from.startsWith(first)));
    assert.equal(
      await page.locator("tfoot tr:last-child [data-exact]").first().getAttribute("data-exact"),
      found.total.values.cost,
    );
  }));

for (const theme of THEMES) {
  test(`values are searched on the server and chosen by keys in ${theme}`, () =>
    look(demo, theme, async (page) => {
      await page.goto(`${demo.url}/explore?range=90d&g=workflow`);
      await settled(page);
      await page.keyboard.press("/");
      const searched = page.waitForRequest((one) => /\/dimensions\/team\/values\?.*q=c(&|$)/.test(one.url()));
      await page.keyboard.type("c");
      await searched;
      const options = page.locator(".values [role=option]");
      await page.waitForFunction(() =>
        [...document.querySelectorAll("[role=option]")].every((one) => /c/i.test(one.textContent ?? "")),
      );
      assert.ok((await options.count()) <= 50);
      await breaksNoRule(page);
      const names = await options.locator("span:first-of-type").allTextContents();
      for (const _ of [0, 1]) {
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
      }
      await page.getByRole("button", { name: "Add 2" }).press("Enter");
      await page.waitForURL((url) => url.searchParams.get("f") === `team:${names[0]},${names[1]}`);
      await page.locator(".chip", { hasText: `${names[0]} or ${names[1]}` }).waitFor();
      await page.getByLabel("Condition").selectOption("not");
      await page.locator("#filter").fill("nobody-at-all");
      await page.locator("#filter").press("Enter");
      await page.locator(".chip.odd", { hasText: "nobody-at-all" }).waitFor();
      await page.locator(".chip", { hasText: "nobody-at-all" }).press("Enter");
      await page.waitForURL((url) => !url.search.includes("nobody"));
    }));
}

test("a view is saved, found, told when it changed, and deleted", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?range=90d&g=model&vs=lm`);
    await settled(page);
    await page.locator("#views").click();
    await page.getByLabel("Name of the view").fill("Models of a quarter");
    await page.getByLabel("Name of the view").press("Enter");
    await page.waitForURL(/saved=Models/);
    await page.selectOption("#range", "30d");
    await page.locator("#views", { hasText: "changed" }).click();
    await breaksNoRule(page);
    await page.getByRole("button", { name: "Revert" }).click();
    await page.waitForURL(/range=90d/);
    await page.goto(demo.url);
    await settled(page);
    await page.keyboard.press("Control+k");
    await page.locator(".mantine-Spotlight-search:focus").waitFor();
    await page.keyboard.type("Models of");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/explore" && url.search.includes("g=model"));
    await page.locator("#views").click();
    await page.getByRole("button", { name: "Delete Models of a quarter" }).click();
    await page.getByText("No view is saved yet").waitFor();
    assert.deepEqual((await ask(page, "/api/v1/views")).items, []);
  }));

test("times are shown in the zone that the address names, and days stay", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/runs?range=90d`);
    await page.waitForSelector("table tbody tr");
    await page.selectOption("[aria-label='Times in']", "browser");
    await page.waitForURL(/tz=browser/);
    const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
    await page.getByText(`times in ${zone}`).waitFor();
  }));

test("keys of a single letter are listed, and turned off", () =>
  look(demo, "light", async (page) => {
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await breaksNoRule(page);
    await page.getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    for (const key of ["g", "e", "v"]) await page.keyboard.press(key);
    assert.equal(new URL(page.url()).pathname, "/");
    assert.equal(await page.getByRole("dialog").count(), 0);
  }));

for (const [path, why] of [
  ["/budgets", "Budgets stand here as they are now"],
  ["/alerts", "Notices stand here"],
]) {
  test(`${path} stands on the trust strip, says what has no effect, and goes out as CSV`, () =>
    look(demo, "dark", async (page) => {
      await page.goto(`${demo.url}${path}?f=team:x`);
      await page.locator(".strip", { hasText: "Spend of" }).waitFor();
      await page.getByText(why).waitFor();
      assert.ok(await page.locator("#range").isDisabled());
      await page.locator(".strip a", { hasText: "Unattributed" }).waitFor();
      await page.getByRole("button", { name: "Export" }).click();
      const download = page.waitForEvent("download");
      await page.getByRole("menuitem", { name: "Download CSV" }).click();
      const csv = readFileSync(await (await download).path(), "utf8");
      const list = await ask(page, `/api/v1${path === "/alerts" ? "/notices" : path}?limit=200`);
      assert.equal(csv.trim().split("\n").length, list.items.length + 1);
      for (const item of list.items) assert.ok(csv.includes(item.limit ?? item.message));
      await page.keyboard.press("Escape");
      await breaksNoRule(page);
    }));
}

test("a question that takes long is said to go on, then to be slow, with a way to ask for less", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/explore?g=team`);
    await settled(page);
    const held = [];
    let slow = true;
    await page.route(/\/api\/v1\/spend/, (route) => (slow ? held.push(route) : route.continue()));
    await page.selectOption("#range", "90d");
    await page.getByText("Still working").waitFor();
    await page.getByText("This question is slow").waitFor();
    slow = false; // for what is asked from now on
    await page.getByRole("button", { name: "Narrow to 7 days" }).click();
    await page.waitForURL(/range=7d/);
    for (const route of held) await route.abort().catch(() => undefined); // the page has given it up itself
    await page.waitForFunction(() => document.querySelector(".working:empty"));
  }));

test("a question that takes long is stopped, its request ends, and it is asked again when somebody wants it", () =>
  look(
    demo,
    "light",
    async (page) => {
      await page.goto(`${demo.url}/explore?g=team`);
      await settled(page);
      let held = 0;
      await page.route(/\/api\/v1\/spend/, () => void held++);
      const ended = new Set();
      page.on("requestfailed", (one) => ended.add(one.url()));
      await page.selectOption("#range", "90d");
      const stop = page.getByRole("button", { name: "Stop" });
      await stop.waitFor();
      const asked = held;
      await stop.press("Enter");
      await page.getByText("You stopped this question.").first().waitFor();
      await page.waitForFunction(() => document.querySelector(".working:empty"));
      await breaksNoRule(page);
      assert.ok(asked > 0);
      assert.equal(ended.size, asked, "a request goes on");
      assert.equal(held, asked, "a stopped question was asked again by itself");
      await page.unroute(/\/api\/v1\/spend/);
      await page.getByRole("button", { name: "Ask again" }).first().click();
      await settled(page);
      assert.ok(await page.locator("tfoot [data-exact]").first().getAttribute("data-exact"));
    },
    { expected: /ERR_/ }, // the requests that were ended
  ));

test("the bar keeps to the page on smaller screens, and the flow of outcomes too", () =>
  look(demo, "light", async (page) => {
    for (const width of [1080, 1000, 800, 360]) {
      await page.setViewportSize({ width, height: 720 });
      await page.goto(`${demo.url}/outcomes`);
      await page.waitForSelector(".flow [data-exact]");
      const spilt = await page.evaluate(() => {
        const right = document.querySelector("header").getBoundingClientRect();
        const out = (part, frame) => part.right > frame.right + 1 || part.bottom > frame.bottom + 1;
        const bar = [...document.querySelectorAll("header > *")].map((one) => one.getBoundingClientRect());
        const card = document.querySelector(".flow").getBoundingClientRect();
        const flow = [...document.querySelectorAll(".flow li > *")].map((one) => one.getBoundingClientRect());
        return bar.filter((one) => out(one, right)).length + flow.filter((one) => out(one, card)).length;
      });
      assert.equal(spilt, 0, `${spilt} parts are out of their place at ${width}`);
    }
  }));

test("a page on a phone begins with its figures, and its pages are unfolded by a key", () =>
  look(demo, "light", async (page) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${demo.url}/workflows`);
    await still(page);
    const top = await page.locator("h1").evaluate((one) => one.getBoundingClientRect().top);
    assert.ok(top < 422, `the heading stands at ${top} of 844`);
    const agents = page.getByRole("link", { name: "Agents", exact: true });
    assert.equal(await agents.isVisible(), false);
    const fold = page.getByRole("button", { name: "Pages", exact: true });
    await fold.focus();
    await page.keyboard.press("Enter");
    assert.equal(await fold.getAttribute("aria-expanded"), "true");
    await breaksNoRule(page);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Overview");
    await agents.click();
    await page.locator("h1", { hasText: "Agents" }).waitFor();
    assert.equal(await agents.isVisible(), false);
  }));

test("filters are cleared where some are set", () =>
  look(demo, "light", async (page) => {
    for (const [address, count] of [
      ["/runs?range=2020-01-01..2020-01-02", 0],
      ["/runs?range=2020-01-01..2020-01-02&f=team:claims", 1],
    ]) {
      await page.goto(demo.url + address);
      await page.getByRole("button", { name: "Widen to 90 days" }).first().waitFor();
      assert.equal(await page.locator("main .notice button", { hasText: "Clear filters" }).count(), count, address);
    }
  }));

test("the frame fits 1280 by 720", () =>
  look(demo, "light", async (page) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    for (const path of [
      "/",
      "/explore?range=2026-09-01..2026-09-20&vs=2026-07-05..2026-07-14&f=team:a;!model:b",
      "/budgets",
    ]) {
      await page.goto(demo.url + path);
      await page.waitForSelector(".strip");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${path} is ${wide} pixels too wide`);
      const bar = await page.locator("header").boundingBox();
      assert.ok(bar.height <= 56, `the bar of ${path} is ${bar.height} high`);
    }
  }));
