// What a page gives away is what it shows, and what the interface answers: to the last digit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { look, open, start } from "./browser.mjs";
import { PAGES, still, visit } from "./pages.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

/** The cells of a CSV text, by lines. */
function cellsOf(text) {
  const lines = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (quoted === undefined && plain === "" && end === "") continue; // behind the last line
    lines.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\n") lines.push([]);
  }
  return lines.filter((line) => line.length > 0);
}

const figure = /^-?\d+(\.\d+)?$/;

/** Every figure that an answer holds, by the name under which it stands. */
function figuresOf(answer, name = "", found = new Map()) {
  if (typeof answer === "number" || (typeof answer === "string" && figure.test(answer)))
    found.set(name, (found.get(name) ?? new Set()).add(String(answer)));
  else if (answer && typeof answer === "object")
    for (const [key, part] of Object.entries(answer)) figuresOf(part, Array.isArray(answer) ? name : key, found);
  return found;
}

/** What one menu gives away. */
async function given(page, menu) {
  await menu.click();
  const json = page.getByRole("menuitem", { name: "Download JSON" });
  await json.waitFor();
  const ask = (at) => page.evaluate((path) => fetch(path).then((found) => found.text()), at);
  const answer = JSON.parse(await ask(await json.getAttribute("href")));
  assert.ok(await page.getByRole("menuitem", { name: /^Copy as command/ }).count(), "no command asks the same");
  const item = page.getByRole("menuitem", { name: /^Download CSV/ });
  const at = await item.getAttribute("href"); // each has one
  const download = at ? null : page.waitForEvent("download");
  if (!at) await item.click();
  const csv = cellsOf(at ? await ask(at) : readFileSync(await (await download).path(), "utf8"));
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  return { answer, csv };
}

/** The exact figures of a page's tables, but for those of what lies beside its question. */
const shownOn = (page, beside) =>
  page
    .locator("main [data-exact]")
    .evaluateAll(
      (all, but) =>
        all
          .filter((one) => one.checkVisibility() && !(but && one.closest(but)) && one.dataset.exact)
          .map((one) => one.dataset.exact),
      beside,
    );

/** In the page: the tables that no menu exports, and the rows whose heads no CSV has. */
function tablesWithout([beside, cells, words]) {
  const known = new Set(cells);
  const parted = (text) =>
    // what the page says in one cell may be in two
    known.has(text) ||
    text.split(" ").some((_, i, all) => known.has(all.slice(0, i).join(" ")) && known.has(all.slice(i).join(" ")));
  const said = new RegExp(`^(\\(no .*\\)|other|${words})$`, "i");
  const tables = [...document.querySelectorAll("main table")].filter(
    (one) => one.checkVisibility() && !(beside && one.closest(beside)),
  );
  const exported = (part) => [...part.querySelectorAll("button")].some((b) => b.textContent === "Export");
  const bare = tables.filter(
    (one) => !exported(one.closest(".card") ?? one) && !exported(document.querySelector("main")),
  );
  const heads = tables
    .flatMap((one) => [...one.querySelectorAll("tbody th[scope=row]")])
    .map((th) => th.textContent.trim());
  return [bare.map((one) => one.outerHTML.slice(0, 200)), heads.filter((text) => !parted(text) && !said.test(text))];
}

test("CSV, screen and interface tell the same on every page that exports", async (t) => {
  const { page, wrong, close } = await open(demo);
  try {
    for (const one of PAGES) {
      await t.test(one.name, async () => {
        await visit(page, demo, one);
        const all = { csv: [], answer: new Set() };
        for (const menu of await page.getByRole("button", { name: /^Export/ }).all()) {
          const { answer, csv } = await given(page, menu);
          const figures = figuresOf({ ...answer, meta: undefined });
          for (const set of figures.values()) for (const number of set) all.answer.add(number);
          const [head, ...lines] = csv;
          let compared = 0;
          for (const [i, column] of head.entries()) {
            const parts = head[0] === "part"; // lines of several kinds, whose figures share columns
            const names = ["part", "name", "product", "from", "through"];
            if ((parts && names.includes(column)) || column === "silent_seconds") continue; // that grows between two answers
            const known = parts ? all.answer : figures.get(column.replace(/_previous$/, ""));
            if (!known) continue; // a name, or what is reckoned for the CSV alone
            for (const cell of lines.map((line) => line[i]).filter((text) => figure.test(text))) {
              assert.ok(known.has(cell), `the CSV says ${cell} for ${column}, the interface does not`);
              compared++;
            }
          }
          const told = JSON.stringify(answer);
          const named = lines.every((line) => line.some((text) => text && !figure.test(text) && told.includes(text)));
          assert.ok(compared > 0 || named, "the CSV and the interface have nothing in common");
          for (const line of lines) assert.equal(line.length, head.length, line.join());
          all.csv.push(...lines.flat());
        }
        const exports = new Set(one.summed || all.csv.length === 0 ? [...all.csv, ...all.answer] : all.csv);
        const [bare, unnamed] = await page.evaluate(tablesWithout, [one.beside ?? "", all.csv, one.words ?? "^$"]);
        assert.deepEqual(bare, [], "tables without an export");
        assert.deepEqual(unnamed, [], "rows that no export has");
        const shown = await shownOn(page, one.beside);
        for (const number of shown) assert.ok(exports.has(number), `the screen says ${number}, the export does not`);
        if (one.name === "explore" || one.name === "overview") assert.ok(shown.length > 3);
        assert.deepEqual(wrong, []);
      });
    }
  } finally {
    await close();
  }
});

test("rows and other of an export sum to its total, which is the screen's", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/?range=90d`);
    await still(page);
    const { answer, csv } = await given(page, page.getByRole("button", { name: /^Export/ }).first());
    assert.ok(answer.other, "the company has too few workflows for this test");
    const at = csv[0].indexOf("cost");
    const units = (text) => {
      const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
      return BigInt(`${sign}${whole}${part.padEnd(12, "0")}`);
    };
    const [total, ...rest] = csv.slice(1).reverse();
    assert.equal(total[0], "TOTAL");
    assert.equal(
      rest.map((line) => units(line[at] || "0")).reduce((a, b) => a + b, 0n),
      units(total[at]),
    );
    assert.equal(total[at], answer.total.cost);
    assert.equal(await page.locator("tfoot [data-exact]").first().getAttribute("data-exact"), total[at]);
  }));

test("the CSV of workflows and agents has every column that is shown", () =>
  look(demo, "light", async (page) => {
    const columns = {
      ...{ Spend: "cost", Share: "share", Change: "cost_previous", Runs: "runs", "Cost per run p50 / p95": "cost_p50" },
      ...{ "Calls per run p50 / p95": "calls_p50", "Cost per outcome": "cost_per_outcome", "Ended well": "ok_calls" },
      ...{ "Budget used": "used_percent", State: "state", Owner: "owner", Workflow: "workflow", Agent: "agent" },
    };
    for (const path of ["workflows", "agents"]) {
      await page.goto(`${demo.url}/${path}?range=30d`);
      await still(page);
      await page.getByRole("columnheader", { name: "Ended well" }).waitFor();
      await page.waitForLoadState("networkidle").catch(() => undefined); // the stream never ends
      const { csv } = await given(page, page.getByRole("button", { name: /^Export/ }).first());
      const heads = await page.locator("[aria-label^='By '] thead th").allTextContents();
      for (const head of heads
        .map((text) => text.replace(/ ?[\u2191\u2193]$/, ""))
        .filter((text) => !/Trend|Why/.test(text))) {
        const at = csv[0].indexOf(columns[head]);
        assert.ok(at >= 0, `${head} is not in ${csv[0]}`);
        if (!/Budget|State|Owner/.test(head))
          assert.ok(
            csv.slice(1).some((line) => line[at]),
            `${head} is empty`,
          );
      }
      assert.equal(csv.at(-1)[0], "TOTAL");
    }
  }));

test("the clock of an export is that of the organisation, with its offset", () =>
  look(demo, "light", async (page) => {
    await page.goto(`${demo.url}/?range=7d`);
    await still(page);
    const csv = await page.evaluate(() =>
      fetch("/api/v1/spend?measures=cost&grain=day&since=7d&zone=Europe/Berlin&format=csv").then((found) =>
        found.text(),
      ),
    );
    for (const [bucket] of cellsOf(csv).slice(1, -1)) assert.match(bucket, /^\d{4}-\d\d-\d\dT00:00:00\+0[12]:00$/);
  }));
