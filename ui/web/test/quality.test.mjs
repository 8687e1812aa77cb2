import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, opened, start, THEMES } from "./browser.mjs";

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
    await opened(page);
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

test("a key names no blanks, is asked about without a scope, and ends when it is told to", () =>
  look("light", "/settings", async (page) => {
    const make = () => page.getByRole("button", { name: "Make a key" }).press("Enter");
    await page.getByLabel("Name of the key").fill("  ");
    await make();
    await page.getByText("The name is spaces alone").waitFor();
    await page.getByLabel("Name of the key").fill(" for-a-month ");
    await page.getByLabel("Team of the key").fill(" ");
    await make();
    await page.getByText("The team is spaces alone").waitFor();
    await page.getByLabel("Team of the key").fill("");
    await page.getByLabel("End of the key").selectOption("ends after 30 days");
    await make();
    await page.getByText("this key may call for everybody").waitFor();
    assert.equal(await page.locator(".notice pre").count(), 0, "it was made without an answer");
    await page.getByRole("button", { name: "Make it so" }).press("Enter");
    await page.locator(".notice pre", { hasText: "bursar_gateway_" }).waitFor();
    const found = await page.evaluate(() => fetch("/api/v1/tokens?limit=1000").then((answer) => answer.json()));
    const key = found.items.find((one) => one.name === "for-a-month");
    assert.equal(Math.round((Date.parse(key.expires) - Date.parse(key.created)) / 86_400_000), 30);
  }));

test("counters of tokens stand against the ledger, and are given away as CSV", async () => {
  const now = BigInt(Date.now()) * 1_000_000n;
  const point = (attributes, n) => ({
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    startTimeUnixNano: String(now - 60_000_000_000n),
    timeUnixNano: String(now),
    asInt: String(n),
  });
  const metric = {
    name: "gen_ai.client.inference.usage.input_tokens",
    sum: {
      isMonotonic: true,
      aggregationTemporality: 1,
      dataPoints: [point({ "gen_ai.request.model": "gpt-5", "gen_ai.provider.name": "openai" }, 123_456)],
    },
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "counts-alone" } }] };
  const told = await fetch(`${demo.url}/otlp/v1/metrics`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] }),
  });
  assert.equal(told.status, 200, await told.text());
  await look("light", "/quality", async (page) => {
    const panel = page.locator("#token-counters-against-the-ledger");
    const row = panel.locator("tr", { hasText: "counts-alone" });
    await row.getByText("no hour was heard from its beginning to its end yet").waitFor();
    await breaksNoRule(page);
    await panel.getByRole("button", { name: "Export the counters" }).press("Enter");
    const wait = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Download CSV" }).press("Enter");
    const text = await (await wait).createReadStream().then((stream) => stream.setEncoding("utf8").toArray());
    assert.match(text.join(""), /^application,service,seller,model,[^]*\n[^\n]*,counts-alone,openai,gpt-5,/);
    await row.getByRole("button").press("Enter");
    await page.getByRole("dialog").locator("td", { hasText: /^123/ }).waitFor();
  });
});

test("sources tell what of theirs may change, and whose calls are duplicates", async () => {
  await lookAt(demo, "light", async (page) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto(`${demo.url}/quality`);
    const found = await (await page.request.get(`${demo.url}/api/v1/sources`)).json();
    const company = found.items.find((s) => s.source === "company");
    assert.equal(company.provisional.calls + company.final.calls, company.calls);
    const row = page.locator("#sources tr", { hasText: "company" });
    await row.getByText("not yet").waitFor();
    await row
      .getByTitle(`${company.provisional.calls.toLocaleString("en-US")} calls`)
      .first()
      .waitFor();
    const table = page.locator("#sources [role=region]").first();
    assert.ok(await table.evaluate((t) => t.scrollWidth <= t.clientWidth), "the columns do not fit at 1280");
    await breaksNoRule(page);
    if (shots) await page.locator("#sources").screenshot({ path: `${shots}-sources-1280.png` });
    await row.getByRole("button").press("Enter");
    await page.getByRole("dialog").getByText("Duplicates, charged elsewhere").waitFor();
    await breaksNoRule(page);
    if (shots) await page.screenshot({ path: `${shots}-sources-detail.png` });
  });
  await lookAt(demo, "dark", async (page) => {
    const told = { duplicates: 1234, duplicates_charged_by: [{ source: "gateway", calls: 1234 }], repeats: 7 };
    const cost = { calls: 3, cost: null, unknown_calls: 3 };
    await page.route("**/api/v1/sources", async (route) => {
      const found = await (await route.fetch()).json();
      const items = found.items.map((s) => ({ ...s, ...told, provisional: cost, final_through: "2026-09-30" }));
      await route.fulfill({ json: { ...found, items } });
    });
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto(`${demo.url}/quality`);
    const row = page.locator("#sources tr", { hasText: "company" });
    await row.getByText("2026-09-30").waitFor();
    await row.getByText("unpriced").waitFor();
    await row.getByTitle("charged by gateway: 1,234 calls").waitFor();
    await breaksNoRule(page);
    if (shots) await page.locator("#sources").screenshot({ path: `${shots}-sources-dark.png` });
    await row.getByRole("button").press("Enter");
    await page.getByRole("dialog").getByText("1,234 calls, by gateway: 1,234 calls").waitFor();
  });
});

test("what is fetched from vendors tells its last error, and needs attention on the overview", () =>
  lookAt(demo, "dark", async (page) => {
    const costs = {
      ...{ name: "openai-main", vendor: "openai", account: "acme", feed: "costs", rhythm: "silent", told_through: "" },
      ...{ last_success_at: null, last_try_at: "2026-11-20T10:00:00Z", next_try_at: "2026-11-20T11:00:00Z" },
      ...{ error: 'ask openai: there is no key "admin"', hint: "bursar upstream-key set admin" },
    };
    await page.route("**/api/v1/sources*", async (route) => {
      const found = await (await route.fetch()).json();
      await route.fulfill({ json: { ...found, pollers: [costs] } });
    });
    await page.goto(`${demo.url}/quality`);
    const row = page.locator("#sources tr", { hasText: "openai-main, costs" });
    await row.getByText("silent").waitFor();
    await breaksNoRule(page);
    if (shots) await page.locator("#sources").screenshot({ path: `${shots}-pollers.png` });
    await row.getByRole("button").press("Enter");
    await page.locator("[role=dialog]").getByText("bursar upstream-key set admin").waitFor();
    await page.goto(demo.url);
    await page.getByText("openai-main, costs is not fetched").waitFor();
  }));
