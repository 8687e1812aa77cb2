import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, opened, start, THEMES } from "./browser.mjs";
import { applyBudgets } from "./send.mjs";

const READY = {
  "/bill": ".waterfall svg",
  "/outcomes": "table tfoot",
  "/budgets": "h2",
  "/alerts": "h2, .inbox tbody",
};
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const look = (theme, what) => lookAt(demo, theme, what);

async function visit(page, path) {
  await page.goto(demo.url + path);
  await page.waitForSelector(`main :is(${READY[path.split("?")[0]]})`);
  await page.waitForFunction(() => !document.querySelector(".busy"));
}

const picture = async (page, name) => {
  const folder = process.env.BURSAR_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
};

for (const theme of THEMES) {
  for (const path of Object.keys(READY)) {
    test(`${path} breaks no rule of accessibility or security in ${theme}`, () =>
      look(theme, async (page) => {
        await visit(page, path);
        await picture(page, `${path.slice(1)}-empty-${theme}`);
        await breaksNoRule(page);
        await page.setViewportSize({ width: 1280, height: 720 });
        await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth); // once it is drawn anew
      }));
  }
}

test("the shown effects of a bill sum to its shown change, in the total and in every row", () =>
  look("light", async (page) => {
    await visit(page, "/bill?range=90d");
    const centsOf = (place) =>
      page.locator(place).evaluateAll((all) => all.map((one) => BigInt(one.dataset.cents).toString()));
    const sum = (all) => all.map(BigInt).reduce((a, b) => a + b, 0n);
    const [change] = await centsOf("[aria-label='What each effect means'] tfoot [data-cents]");
    assert.equal(sum(await centsOf("tr[data-effect] [data-cents]")), BigInt(change));
    assert.equal(sum(await centsOf("tr.above [data-cents]")), BigInt(change));
    const rows = await page
      .locator("#by-workflow tbody tr")
      .evaluateAll((all) =>
        all.map((row) =>
          [...row.querySelectorAll("[data-cents]")].filter((c) => c.checkVisibility()).map((c) => c.dataset.cents),
        ),
      ); // a small screen sums the lesser effects in a column that a large one has not
    assert.ok(rows.length > 1);
    for (const row of rows) {
      const [first, ...rest] = row;
      const [last, moved] = rest.splice(-2);
      assert.equal(sum(rest), BigInt(moved));
      assert.equal(BigInt(first) + BigInt(moved), BigInt(last));
    }
    assert.equal(sum(rows.map((row) => row.at(-1))), BigInt(change));
  }));

test("a drawer tells a change by name, sign and size, as the bill of that slice does", () =>
  look("light", async (page) => {
    await visit(page, "/bill?range=90d");
    await page
      .getByRole("button", { name: /^explain [a-z]/ })
      .first()
      .click();
    await page.waitForSelector("[role=dialog] tr[data-effect]");
    const effects = (place) =>
      page
        .locator(`${place} tr[data-effect]`)
        .evaluateAll((all) => all.map((row) => [...row.cells].slice(0, 2).map((cell) => cell.textContent)));
    const told = await effects("[role=dialog]");
    const sizes = await page
      .locator("[role=dialog] .above [data-exact]")
      .evaluateAll((all) => all.map((one) => Math.abs(Number(one.dataset.exact))));
    assert.deepEqual(
      sizes,
      sizes.toSorted((a, b) => b - a),
    );
    assert.ok(
      told.every(([, text]) => /^[+\u2212]/.test(text)),
      told.join("; "),
    );
    await page.getByRole("button", { name: "Show this slice alone" }).click();
    await page.waitForURL(/f=workflow:/);
    await page.waitForFunction(() => !document.querySelector("main [aria-busy=true], main .busy"));
    await page.waitForFunction(() => document.querySelectorAll("#by-workflow tbody tr").length === 1);
    assert.deepEqual((await effects("main")).sort(), told.sort());
  }));

test("a bar sorts the workflows, and a workflow leads to the same figure in Explore", () =>
  look("light", async (page) => {
    await visit(page, "/bill?range=90d");
    await page.locator(".step.open").first().press("Enter");
    await page.waitForURL(/sort=-/);
    await page.waitForSelector("#by-workflow [aria-sort=descending]");
    const rows = page.locator("#by-workflow tbody tr", { has: page.locator("a", { hasText: /^[a-z]/ }) });
    const now = await rows.evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("[data-exact]")].at(-2).dataset.exact),
    );
    const first = now.findIndex((figure) => figure !== "0"); // of what has ended, Explore shows nothing
    const clicked = now[first];
    await rows.nth(first).locator("th a").click();
    await page.waitForURL(/explore.*f=workflow:/);
    await page.waitForFunction(
      (want) => document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact") === want,
      clicked,
    );
  }));

test("a result's workflow leads to the same spend, and CSV and screen tell the same", () =>
  look("dark", async (page) => {
    await visit(page, "/outcomes?range=90d");
    const results = page.locator("table").first().locator("tbody [data-exact]");
    const shown = await results.evaluateAll((all) => all.map((one) => one.dataset.exact));
    assert.ok(shown.length > 1);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const address = await page.getByRole("menuitem", { name: "Download CSV" }).getAttribute("href");
    const csv = await page.evaluate((at) => fetch(at).then((found) => found.text()), address);
    for (const figure of shown) assert.ok(csv.includes(figure), `${figure} is not in the CSV`);
    await page.keyboard.press("Escape");
    const row = page.locator("tbody tr", { has: page.locator("a", { hasText: /^[a-z]/ }) }).first();
    const clicked = await row.locator("[data-exact]").first().getAttribute("data-exact");
    await row.locator("th a").click();
    await page.waitForURL(/explore.*f=workflow:/);
    await page.waitForFunction(
      (want) => document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact") === want,
      clicked,
    );
  }));

test("the waterfall holds every name and figure, however narrow its bars are", () =>
  look("light", async (page) => {
    for (const width of [1440, 1280, 800]) {
      await page.setViewportSize({ width, height: 900 });
      await visit(page, "/bill?range=90d");
      const outside = await page.locator(".waterfall").evaluate((all) => {
        const frame = all.getBoundingClientRect();
        const words = [...all.querySelectorAll("text")].map((one) => [one.textContent, one.getBoundingClientRect()]);
        return words.filter(([, at]) => at.bottom > frame.bottom || at.top < frame.top).map(([word]) => word);
      });
      assert.deepEqual(outside, [], `${width} pixels wide`);
    }
  }));

test("a window without a past says that it needs one", () =>
  look("light", async (page) => {
    await page.goto(`${demo.url}/bill?range=today`);
    await page.getByRole("button", { name: /^Show 30 days/ }).click();
    await page.waitForSelector(".waterfall svg");
  }));

test("a budget's curve ends at what its window has booked, on the page, in its table and in the CSV", () => {
  applyBudgets(demo);
  return look("light", async (page) => {
    await visit(page, "/budgets");
    const { items } = await page.evaluate(async () =>
      (await fetch("/api/v1/budgets/course?budget=company/month")).json(),
    );
    const [course] = items;
    const { items: standings } = await page.evaluate(async () => (await fetch("/api/v1/budgets")).json());
    const booked = standings.find((s) => s.budget === "company/month").booked;
    const units = (text) => BigInt(text.split(".")[0] + (text.split(".")[1] ?? "").padEnd(12, "0"));
    const last = course.steps.at(-1).so_far;
    assert.equal(units(last) + units(course.ahead), units(booked)); // a purchase is spread over days to come too
    await page.getByRole("button", { name: /^Show all/ }).press("Enter");
    await page.locator(".courses").getByRole("button", { name: "company/month" }).press("Enter");
    await opened(page);
    await page.getByRole("dialog").getByText("View as table").press("Enter");
    const shown = page.locator("[aria-label='Use by day'] tbody tr").first().locator("td").nth(1).locator("span");
    assert.equal(await shown.getAttribute("title"), `${last} USD`);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Export these courses" }).click();
    const address = await page.getByRole("menuitem", { name: "Download CSV" }).getAttribute("href");
    const csv = await page.evaluate((at) => fetch(at).then((found) => found.text()), address);
    assert.ok(csv.includes(`,${last}\n`), csv.slice(0, 400));
  });
});

test("budgets and what they told stand in tables, whose rows open", () => {
  applyBudgets(demo);
  return look("light", async (page) => {
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await visit(page, "/budgets");
      await page.waitForSelector(".meter");
      await page.waitForSelector(".courses svg");
      await picture(page, `budgets-${theme}`);
      await breaksNoRule(page);
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
      const strip = await page.locator(".strip").boundingBox();
      assert.ok(strip.height < 40, `the strip is ${strip.height} pixels high`);
      await picture(page, `budgets-small-${theme}`);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.locator("tbody th button").first().press("Enter");
      await page.waitForSelector("[role=dialog] .facts");
      await page.waitForTimeout(400); // the drawer slides in
      await picture(page, `budget-${theme}`);
      await breaksNoRule(page);
      await page.keyboard.press("Escape");
      await visit(page, "/alerts");
      await page.waitForSelector(".inbox tbody tr");
      await picture(page, `alerts-${theme}`);
      await breaksNoRule(page);
      await page.locator("tbody th button").first().press("Enter");
      await page.waitForSelector("[role=dialog] .facts");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Delivered" }).click();
      await page.waitForURL(/state=delivered/);
      await page.getByText("No notice is in this state").waitFor();
    }
  });
});
