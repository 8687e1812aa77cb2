// What was metered beside a made-up bill, on the real binary.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BINARY, breaksNoRule, look as lookAt, opened, start, startEmpty, THEMES } from "./browser.mjs";
import { still } from "./pages.mjs";

let demo;
let empty;
let month;
before(async () => {
  [demo, empty] = await Promise.all([start(), startEmpty()]);
  month = lastMonth();
  await importBill();
});
after(() => Promise.all([demo?.stop(), empty?.stop()]));

const look = (theme, what) => lookAt(demo, theme, what);
const lastMonth = () =>
  new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 1)).toISOString().slice(0, 7);

const bursar = (args) =>
  execFileSync(BINARY, [...args, "--server", demo.url], {
    env: { ...process.env, BURSAR_TOKEN: new URL(demo.link).hash.replace("#token=", "") },
    encoding: "utf8",
  });

/** Bills a seller anew: a tenth more usage than was metered, and its seats as they are, with tax and a credit. */
async function importBill() {
  const found = JSON.parse(bursar(["reconcile", "--period", month, "--output", "json"]));
  const rows = found.rows.filter((row) => row.seller === "openai" && row.metered);
  assert.ok(rows.length > 5);
  const column =
    "BilledCost,BillingCurrency,BillingAccountId,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,BillingPeriodStart,BillingPeriodEnd,ProviderName,ServiceName,SkuId";
  const period = [`${month}-01T00:00:00Z`, `${month}-28T00:00:00Z`];
  const line = (day, amount, category, sku) =>
    [
      amount,
      "USD",
      "tarnbrook",
      category,
      `${day}T00:00:00Z`,
      `${day}T23:00:00Z`,
      ...period,
      "OpenAI",
      "OpenAI API",
      sku,
    ].join(",");
  const more = (amount) => (Number(amount) * 1.1).toFixed(6);
  const lines = rows.map((row) =>
    row.sku.includes("/")
      ? line(row.day, more(row.metered), "Usage", row.sku.split("/").at(-1))
      : line(row.day || `${month}-01`, row.metered, "Purchase", row.sku),
  );
  lines.push(line(`${month}-28`, "12.34", "Tax", "VAT"), line(`${month}-28`, "-5.5", "Credit", "goodwill"));
  const folder = mkdtempSync(join(tmpdir(), "bursar-bill-"));
  writeFileSync(join(folder, "bill.csv"), [column, ...lines].join("\n"));
  bursar(["import", "focus", join(folder, "bill.csv")]);
  writeFileSync(join(folder, "night.jsonl"), JSON.stringify(callAtNight()));
  bursar(["import", "events", join(folder, "night.jsonl")]);
  rmSync(folder, { recursive: true });
}

/** A call to Google on the first of the month in UTC, and on the evening before at Google. */
const callAtNight = () => ({
  specversion: "1.0",
  type: "com.bursarhq.usage.v1",
  source: "till",
  id: "night",
  time: `${month}-01T03:00:00Z`,
  data: { seller: "google", requested_model: "gemini-2.5-flash", usage: { input_tokens: 1_000_000, output_tokens: 0 } },
});

async function visit(page, server = demo) {
  await page.goto(`${server.url}/reconciliation?range=lm`);
  await still(page);
}

const picture = async (page, name) => {
  const folder = process.env.BURSAR_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

const units = (text) => {
  const [whole, part = ""] = text.replace("-", "").split(".");
  const n = BigInt(whole + part.padEnd(12, "0"));
  return text.startsWith("-") ? -n : n;
};

for (const theme of THEMES) {
  test(`reconciliation breaks no rule of accessibility or security in ${theme}`, () =>
    look(theme, async (page) => {
      await visit(page);
      await page.waitForSelector(".waterfall svg");
      await picture(page, `reconciliation-${theme}`);
      await breaksNoRule(page);
      await page.locator("#metered-and-billed tbody th button").first().press("Enter");
      await page.waitForSelector("[role=dialog] table");
      await page.waitForTimeout(400); // the drawer slides in
      await picture(page, `reconciliation-account-${theme}`);
      await breaksNoRule(page);
      await page.keyboard.press("Escape");
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
    }));
}

test("metered and the reasons come to what is billed, to the last digit", () =>
  look("light", async (page) => {
    await visit(page);
    const shown = await page
      .locator("#from-metered-to-billed td[data-exact]")
      .evaluateAll((all) => all.map((one) => one.dataset.exact));
    assert.ok(shown.length > 3, "there are reasons");
    const sum = shown.slice(0, -1).reduce((total, text) => total + units(text), 0n);
    assert.equal(sum, units(shown.at(-1)));
    const found = await page.evaluate(
      (at) => fetch(at).then((answer) => answer.json()),
      `/api/v1/reconciliation?period=${month}`,
    );
    const account = found.bills.find((one) => one.seller === "openai");
    assert.equal(shown[0], account.metered);
    assert.equal(shown.at(-1), account.invoiced);
  }));

test("a bar opens the rows of its reason, which sum to it", () =>
  look("dark", async (page) => {
    await visit(page);
    await page.locator(".waterfall .step.open").first().press("Enter");
    const cells = page.locator("[role=dialog] tbody td.figure");
    await cells.first().waitFor();
    const amounts = await cells.allTextContents();
    const read = (text) => units(text.replace("\u2212", "-").replace(/[^\d.-]/g, ""));
    const told = await page.locator("[role=dialog] p", { hasText: "in these rows" }).textContent();
    const sum = amounts.map(read).reduce((a, b) => a + b, 0n);
    assert.equal(sum, read(told.split(" of ")[0]));
  }));

test("what was metered of a seller is the same figure in Explore", () =>
  look("light", async (page) => {
    await visit(page);
    const row = page.locator("#metered-and-billed tbody tr", { has: page.getByRole("button", { name: /^openai/ }) });
    const metered = await row.locator("td [data-exact]").first().getAttribute("data-exact");
    await row.getByRole("button").press("Enter");
    await opened(page);
    await page.getByRole("link", { name: /in Explore$/ }).press("Enter");
    await page.waitForURL(/explore.*f=seller:openai/);
    await page.waitForFunction(
      (want) => document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact") === want,
      metered,
    );
  }));

test("a seller with days of its own is the same figure in Explore, by its days", () =>
  look("dark", async (page) => {
    await visit(page);
    const row = page.locator("#metered-and-billed tbody tr", { has: page.getByRole("button", { name: /^google/ }) });
    assert.match(await row.textContent(), /America\/Los_Angeles/);
    const metered = await row.locator("td [data-exact]").first().getAttribute("data-exact");
    await row.getByRole("button").press("Enter");
    await opened(page);
    await page.getByRole("link", { name: /in Explore$/ }).press("Enter");
    await page.waitForURL(/explore.*zone=America/);
    const shows = (same) =>
      page.waitForFunction(
        ([want, equal]) => {
          const found = document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact");
          return found && (found === want) === equal;
        },
        [metered, same],
      );
    await shows(true);
    await page.getByRole("button", { name: "Let them begin in UTC" }).press("Enter");
    await page.waitForURL((url) => !url.search.includes("zone="));
    await shows(false);
  }));

test("the export asks what the screen asks, and sums to the same", () =>
  look("light", async (page) => {
    await visit(page);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const address = await page.getByRole("menuitem", { name: "Download CSV" }).getAttribute("href");
    const csv = await page.evaluate((at) => fetch(at).then((found) => found.text()), address);
    const total = csv.split("\n").find((line) => line.startsWith("TOTAL,openai,tarnbrook"));
    const figures = await page
      .locator("#from-metered-to-billed td[data-exact]")
      .evaluateAll((all) => all.map((one) => one.dataset.exact));
    for (const figure of figures) assert.ok(total.split(",").includes(figure), `${figure} is not in ${total}`);
  }));

test("true-ups that are booked are told, bring spend to the bill, and change nothing that was metered", () =>
  look("light", async (page) => {
    assert.match(bursar(["reconcile", "--period", month, "--book", "--owner", "finance"]), /[1-9]\d* lines booked/);
    await visit(page);
    const row = page.locator("#metered-and-billed tbody tr", { has: page.getByRole("button", { name: /^openai/ }) });
    const figures = await row.locator("td [data-exact]").evaluateAll((all) => all.map((one) => one.dataset.exact));
    await row.getByRole("button").press("Enter");
    await opened(page);
    await page.getByText(/^True-ups of .* are booked/).waitFor();
    await page.getByRole("link", { name: /in Explore$/ }).press("Enter");
    await page.waitForURL(/explore.*source:true-ups/);
    const shows = (want) =>
      page.waitForFunction(
        (figure) => document.querySelector("tfoot [data-exact]")?.getAttribute("data-exact") === figure,
        want,
      );
    await shows(figures[0]);
    await page.goto(page.url().replace(/(;|%3B)(!|%21)source(:|%3A)true-ups/, ""));
    await shows(figures[2]);
  }));

test("a month of which nobody says anything tells what to import, and one that is no month leads to one", () =>
  lookAt(
    empty,
    "light",
    async (page) => {
      await visit(page, empty);
      await page.getByText("bursar import focus bill.csv").waitFor();
      await page.goto(`${empty.url}/reconciliation?range=all`);
      await page.getByRole("button", { name: "Show last month" }).press("Enter");
      await page.waitForURL(/range=lm/);
    },
    { ready: still },
  ));
