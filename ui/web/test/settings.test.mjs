import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { breaksNoRule, look as lookAt, opened, start, THEMES } from "./browser.mjs";

const PARTS = ["keys", "prices", "people", "views", "documents", "audit"];
const ONE = "/settings/prices?q=gpt-5.6&price=openai/gpt-5.6-sol";
let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** Opens a page in a browser of its own, in which nothing may go wrong. */
const look = (theme, path, what) =>
  lookAt(demo, theme, async (page) => {
    await visit(page, path);
    await what(page);
  });

async function visit(page, path) {
  await page.goto(demo.url + path);
  await read(page);
}

async function read(page) {
  await page.waitForSelector("main h1");
  await page.waitForFunction(() => !/Reading/.test(document.querySelector("main").textContent));
}

/** Asks the interface as the page does. */
const asks = (page, path, body) =>
  page.evaluate(
    async ([at, sent]) => {
      const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) };
      const found = await fetch(at, sent ? post : undefined);
      if (!found.ok) throw new Error(`${at}: ${found.status} ${await found.text()}`);
      return found.json();
    },
    [path, body],
  );

async function csvOf(page, name) {
  await page.getByRole("button", { name }).click();
  const address = await page.getByRole("menuitem", { name: "Download CSV" }).getAttribute("href");
  await page.keyboard.press("Escape");
  return page.evaluate((at) => fetch(at).then((found) => found.text()), address);
}

const shots = process.env.BURSAR_SHOTS;
for (const theme of THEMES) {
  test(`every part of the settings, a price and its drawer break no rule in ${theme}`, () =>
    look(theme, "/settings", async (page) => {
      for (const path of [...PARTS.map((part) => `/settings/${part}`), ONE]) {
        await visit(page, path);
        const name = path.replace(/[^a-z]+/g, "-");
        if (shots) await page.screenshot({ path: `${shots}/${name}-${theme}.png` });
        await breaksNoRule(page);
        await page.setViewportSize({ width: 1280, height: 720 });
        await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
        await page.setViewportSize({ width: 1440, height: 900 });
      }
      await page.locator("[aria-label='History of prices'] tbody button").first().press("Enter");
      await page.getByRole("dialog").getByText("Confidence").waitFor();
      await breaksNoRule(page);
    }));
}

test("every field of the settings is in sight on a small screen and on a large one", () =>
  look("light", "/settings", async (page) => {
    for (const width of [1280, 1440]) {
      await page.setViewportSize({ width, height: 720 });
      await visit(page, "/settings/people");
      assert.ok(await page.getByLabel("Who gets a role").isVisible(), `${width}: who gets a role`);
      await visit(page, "/settings/prices");
      assert.ok(await page.getByLabel("Search models").isVisible(), `${width}: the search of models`);
      await visit(page, "/settings/documents");
      assert.ok(await page.getByText("Zone of days and periods").isVisible(), `${width}: the organisation`);
    }
  }));

test("models are searched in the address, and a price is the same in list, detail, history and CSV", () =>
  look("light", "/settings/prices", async (page) => {
    await page.getByLabel("Search models").fill("openai gpt-5.6-sol");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=openai/);
    const row = page.locator("tbody tr", { hasText: "gpt-5.6-sol" }).first();
    await row.waitFor();
    await read(page);
    const listed = await row.locator("td.figure").first().innerText();
    await row.getByRole("button").press("Enter");
    await page.waitForURL(/price=openai/);
    await page.locator(".steps svg").waitFor();
    await page.reload();
    await read(page);
    const force = page.locator("[aria-label='Prices in force of this model'] tbody tr", { hasText: "input" }).first();
    assert.equal(await force.locator("td.figure").innerText(), listed);
    const exact = await force.locator("td.figure [title]").getAttribute("title");
    const csv = await csvOf(page, "Export this history");
    assert.ok(csv.includes(`,in_text,${exact},1000000,USD,,`), `${exact} is not in the history`);
    const all = await csvOf(page, "Export these prices");
    assert.ok(all.includes(`openai,gpt-5.6-sol,${exact},1000000,USD,`), `${exact} is not in the list`);
    await page.getByLabel("Shown:").selectOption({ label: "batch" });
    await page.waitForURL(/tier=/);
    await page.getByRole("button", { name: "Close" }).click();
    await page.waitForFunction(() => !location.search.includes("price="));
  }));

test("a search without a find says so, and the whole book comes page by page", () =>
  look("dark", "/settings/prices?q=no-such-model", async (page) => {
    await page.getByText("No seller has a model called like").waitFor();
    await page.getByRole("button", { name: "Show all" }).press("Enter");
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 25);
    await page.getByRole("button", { name: "Show more" }).press("Enter");
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 50);
  }));

test("a view is opened as it was saved, renamed and deleted, and another of its name stays", () =>
  look("light", "/settings/views", async (page) => {
    await page.getByText("No view has a name yet").waitFor();
    const query = "range=mtd&f=team:fraud&g=model";
    for (const name of ["fraud this month", "another"])
      await asks(page, "/api/v1/views", { name, page: "/explore", query });
    await page.reload();
    await page.getByRole("button", { name: "Rename fraud this month" }).press("Enter");
    await page.getByLabel("New name of fraud this month").fill("another");
    await page.keyboard.press("Enter");
    await page.getByText("Another view has this name").waitFor();
    await page.getByLabel("New name of fraud this month").fill("fraud, by model");
    await page.keyboard.press("Enter");
    const link = page.getByRole("link", { name: "fraud, by model" });
    await link.waitFor();
    assert.deepEqual(
      (await asks(page, "/api/v1/views")).items.map((v) => v.name),
      ["another", "fraud, by model"],
    );
    await page.getByRole("button", { name: "Delete another" }).press("Enter");
    await page.getByRole("button", { name: "Delete another" }).press("Enter");
    await page.getByRole("link", { name: "another" }).waitFor({ state: "detached" });
    await link.press("Enter");
    await page.waitForURL(/\/explore\?/);
    assert.equal(new URL(page.url()).search, `?${query}`);
  }));

test("a role is given to a person and taken, by id alone", () =>
  look("light", "/settings/people", async (page) => {
    const person = (await asks(page, "/api/v1/people?limit=1")).items[0];
    await page.getByLabel("Who gets a role").fill(person.external_ids[0]);
    await page.getByLabel("Role", { exact: true }).selectOption("lead");
    await page.getByLabel("Team of the role").fill("fraud");
    await page.getByRole("button", { name: "Give the role" }).press("Enter");
    const row = page.locator("tr", { hasText: person.principal });
    await row.getByText("team fraud").waitFor();
    await row.getByRole("button", { name: /^Take it: lead from/ }).press("Enter");
    await row.getByRole("button", { name: "Take the role of lead" }).press("Enter");
    await page.getByText("No person has a role yet").waitFor();
    await page.locator(".rights tbody tr", { hasText: "spend: read" }).getByText("own scope").first().waitFor();
  }));

test("a rule is previewed behind those in force, put in force beside them, and told to the past", () =>
  look("light", "/quality", async (page) => {
    const other = "kind: attribution\nname: before\nattribution: bursar/1\nrules:\n";
    const rule = "- {id: known, when: {credential: key-shared-legacy}, set: {team: known}}\n";
    await asks(page, "/api/v1/apply", { documents: [{ text: other + rule }] });
    const total = async () => (await asks(page, "/api/v1/spend?measures=cost,calls")).total.cost;
    const before = await total();
    await page.getByRole("button", { name: "Suggest a rule for key-shared-legacy" }).press("Enter");
    await opened(page);
    await page.getByRole("button", { name: /^Preview/ }).press("Enter");
    await page.getByText("would move; nothing is booked").waitFor();
    await breaksNoRule(page);
    await page.getByRole("button", { name: /^Put it in force/ }).press("Enter");
    await page.getByText("It is in force.").waitFor();
    const { documents } = await asks(page, "/api/v1/applied");
    assert.deepEqual(
      documents.map((d) => d.name),
      ["attribution/before", "attribution/from-quality"],
    );
    await page.getByRole("button", { name: /^Attribute all since/ }).press("Enter");
    await page.getByText("booked anew; no total has moved").waitFor();
    assert.equal(await total(), before);
    const teams = await asks(page, "/api/v1/spend?by=team&measures=calls&where=credential=key-shared-legacy&since=80d");
    assert.deepEqual(
      teams.rows.filter((row) => row.values.calls !== "0").map((row) => row.keys.team), // what is reversed nets to none
      ["known"],
    );
  }));

test("what nobody answers for is claimed after a preview, and an unpriced model is priced as another", () =>
  look("dark", "/quality", async (page) => {
    const mend = page.getByRole("button", { name: /^Claim it: workflow/ }).first();
    const name = await mend.getAttribute("aria-label");
    await mend.press("Enter");
    await page.getByLabel("Team that answers for it").fill("fraud");
    await page.keyboard.press("Enter");
    await page.getByText(/claimed, team fraud/).waitFor();
    await page.getByRole("button", { name: "Claim it for fraud" }).press("Enter");
    await page.getByText("for what is booked next.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name, exact: true }).waitFor({ state: "detached" });
    const priced = page.getByRole("button", { name: "Price it: nightjar-private-preview of mistral" });
    await priced.press("Enter");
    await page.getByText("The book knows no model").waitFor();
    await page.getByLabel("Input per 1M").fill("0.4");
    await page.getByLabel("Output per 1M").fill("2");
    await page.getByText(/would come to \$/).waitFor();
    await page.locator("pre", { hasText: "nightjar-private-preview" }).waitFor();
    await breaksNoRule(page);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() =>
      document.activeElement?.getAttribute("aria-label")?.startsWith("Price it: nightjar"),
    );
  }));

test("sources tell how long they are silent, and the export says the same", () =>
  look("light", "/quality", async (page) => {
    const row = page.locator("[aria-label='Sources'] tbody tr").first();
    const source = await row.getByRole("button").innerText();
    assert.ok((await csvOf(page, "Export the sources")).includes(`\n${source},`));
    await row.getByRole("button").press("Enter");
    await page.getByRole("dialog").getByText("Silent for").waitFor();
  }));
