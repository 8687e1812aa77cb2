// Overview and Explore on the real binary: the frame's keys, the address, the chart.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { look as lookAt, open, settled, start, THEMES } from "./browser.mjs";
import { still } from "./pages.mjs";

let demo;
before(async () => (demo = await start()));
after(() => demo?.stop());

const look = (theme, what) => lookAt(demo, theme, what);

for (const theme of THEMES) {
  test(`weeks that are not whole are hatched, hover and click work in ${theme}`, () =>
    look(theme, async (page) => {
      await page.goto(`${demo.url}/?range=all`);
      await settled(page);
      await page.waitForSelector("text=hatched: not whole");
      await page.waitForSelector(".drawing svg pattern", { state: "attached" });
      await page.goto(`${demo.url}/`);
      await settled(page);
      await page.waitForSelector("text=four weeks earlier");
      const box = await page.locator(".drawing").boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height - 40);
      await page.waitForSelector(".tip >> text=four weeks earlier");
      await page.mouse.click(box.x + box.width / 2, box.y + box.height - 26);
      await page.waitForURL(/f=team:/);
    }));
}

test("the policy lets charts empty their place", () =>
  look("light", async (page) => {
    await page.goto(demo.url);
    await settled(page);
    const became = (text) =>
      page.evaluate((t) => {
        try {
          document.createElement("div").innerHTML = t;
          return true;
        } catch {
          return false;
        }
      }, text);
    assert.equal(await became(""), true); // charts empty their place
  }));

test("what the address says and nobody knows is named, and nothing asks for it", () =>
  look("light", async (page) => {
    await page.goto(`${demo.url}/explore?range=90d&odd=1&m=pie`);
    await settled(page);
    const notice = page.locator(".notice", { hasText: "odd" });
    assert.match(await notice.textContent(), /“odd”, “m”|“m”, “odd”/);
    await notice.getByRole("button", { name: "Close" }).click();
    await notice.waitFor({ state: "detached" });
  }));

test("g and a letter go to a page, j and k through rows, d says why", () =>
  look("light", async (page) => {
    await page.goto(`${demo.url}/?range=90d`);
    await settled(page);
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.waitForURL(/\/explore\?range=90d/);
    await settled(page);
    const focused = () => page.evaluate(() => document.activeElement?.closest("tr")?.sectionRowIndex);
    for (const [key, row] of [
      ["j", 0],
      ["j", 1],
      ["k", 0],
    ]) {
      await page.keyboard.press(key);
      assert.equal(await focused(), row);
    }
    await page.keyboard.press("d");
    await page.waitForSelector("[role=dialog]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("[role=dialog]", { state: "detached" });
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.waitForURL(/\/\?range=90d/);
  }));

test("a value that holds a comma is one value", () =>
  look("light", async (page) => {
    const asked = page.waitForRequest((one) => decodeURIComponent(one.url()).includes("where=team=a\\,b"));
    await page.goto(`${demo.url}/explore?range=90d&f=team:a%252Cb`);
    await page.waitForSelector(".chip >> text=a,b");
    assert.ok(await asked);
  }));

test("the form signs in, and says when it does not", async () => {
  const { page, close } = await open(demo);
  try {
    const token = new URLSearchParams(new URL(demo.link).hash.slice(1)).get("token");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").fill("bursar_admin_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForSelector("[role=alert]:not(:empty)");
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await settled(page);
  } finally {
    await close();
  }
});

// as signs the page in with a token of a kind that it makes first.
async function as(page, kind, scope) {
  const { secret } = await page.evaluate(
    (body) =>
      fetch("/api/v1/tokens", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }).then((made) => made.json()),
    { kind, name: "page", scope },
  );
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Token").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
  await settled(page);
}

const OF_ONE = ["/workflows", "/runs", "/bill", "/adoption", "/budgets", "/forecast", "/outcomes", "/quality"];

for (const [kind, scope, paths] of [
  ["finance", {}, ["/workflows", "/bill", "/quality"]],
  ["viewer", {}, ["/workflows", "/bill", "/quality"]],
  ["lead", { team: "claims-handling" }, [...OF_ONE, "/reconciliation"]],
])
  test(`a ${kind} signs in, and sees the figures`, async () => {
    const { page, wrong, close } = await open(demo);
    try {
      await as(page, kind, scope);
      for (const path of paths) {
        await page.goto(demo.url + path);
        await still(page);
        assert.equal(await page.locator("main .trouble").count(), 0, path);
      }
      const beyond = /403/; // what is of the whole organisation, which a lead does without
      assert.deepEqual(
        wrong.filter((text) => kind !== "lead" || !beyond.test(text)),
        [],
      );
    } finally {
      await close();
    }
  });

test("a lead is told what is not shown and whom to ask, and offered no page that holds nothing", async () => {
  const { page, close } = await open(demo);
  try {
    await as(page, "lead", { team: "claims-handling" });
    const names = await page.getByRole("navigation", { name: "Pages" }).getByRole("link").allTextContents();
    assert.ok(names.includes("Outcomes") && !names.includes("Reconciliation"), names.join());
    await page.goto(demo.url + "/outcomes");
    await still(page);
    assert.match(await page.locator("main .notice").textContent(), /shows team claims-handling\..*administrator/);
    assert.ok(await page.locator("main tbody tr").count(), "no workflow of the team");
    await page.goto(demo.url + "/quality");
    await still(page);
    assert.deepEqual(await page.locator("main h2").allTextContents(), ["Unpriced", "Nobody answers for"]);
    await page.goto(demo.url + "/reconciliation");
    await still(page);
    assert.match(await page.locator("main").textContent(), /bill has no team.*Finance or an administrator/);
    await page.goto(demo.url + "/settings");
    await page.locator("main .trouble").first().waitFor();
    assert.match(
      await page.locator("main .trouble").first().textContent(),
      /^Your role does not reach this\.Ask an adm/,
    );
  } finally {
    await close();
  }
});
