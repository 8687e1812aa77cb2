// The real binary with a small simulated company, and a real browser that looks at it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const THEMES = ["light", "dark"];

const BROWSER = process.env.BURSAR_BROWSER ?? "/usr/bin/chromium";
export const BINARY = new URL("../../../bin/bursar", import.meta.url).pathname;
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Starts a server on a made-up company; its link signs a browser in. */
export const start = (events = "4000") =>
  serve((folder) => ["demo", "--events", events, "--rate", "0", "--data", folder], /https?:\/\/\S+#token=\S+/);

/** Starts a server that has nothing booked; its link signs a browser in. */
export async function startEmpty() {
  const empty = await serve(
    (folder) => ["serve", "--data", folder, "--log-format", "json"],
    /https?:\/\/127\.0\.0\.1:\d+/,
  );
  const token = readFileSync(join(empty.folder, "admin-token"), "utf8").trim();
  return { ...empty, link: `${empty.url}/#token=${token}` };
}

async function serve(argsOf, link) {
  for (const needed of [BROWSER, BINARY]) {
    if (!existsSync(needed))
      throw new Error(`${needed} is missing; install chromium or set BURSAR_BROWSER, and run make build`);
  }
  const folder = mkdtempSync(join(tmpdir(), "bursar-e2e-"));
  const data = join(folder, "data");
  const server = spawn(BINARY, [...argsOf(data), "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((done) => server.once("exit", done));
  const found = await new Promise((told, failed) => {
    let said = "";
    const read = (part) => {
      said += part;
      const match = link.exec(said);
      if (match) told(match[0]);
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("exit", () => failed(new Error(`the server ended: ${said}`)));
  });
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { link: found, url: new URL(found).origin, folder: data, stop };
}

/** Opens a browser that is signed in, and notes what must not happen. */
export async function open(demo, theme = "light", ready = settled) {
  const flags = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
  ];
  const browser = await chromium.launch({ executablePath: BROWSER, args: flags });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: theme,
    reducedMotion: "reduce", // what is looked at stands still
    acceptDownloads: true,
  });
  const wrong = [];
  context.on("console", (message) => {
    const expected = message.location().url.endsWith("/api/v1/session"); // not signed in yet
    if (["error", "warning"].includes(message.type()) && !expected) wrong.push(message.text());
  });
  context.on("weberror", (error) => wrong.push(error.error().message));
  context.on("request", (request) => {
    if (
      !request
        .url()
        .replace(/^blob:/, "")
        .startsWith(demo.url)
    )
      wrong.push(`left the host: ${request.url()}`);
  });
  const page = await context.newPage();
  try {
    await page.goto(demo.link);
    await ready(page);
  } catch (error) {
    await browser.close(); // or the tests never end
    throw error;
  }
  return { page, context, wrong, close: () => browser.close() };
}

/** Looks at a server in a browser of its own, in which nothing may go wrong but what is expected. */
export async function look(demo, theme, what, { expected = /^$/, ready = settled } = {}) {
  const { page, context, wrong, close } = await open(demo, theme, ready);
  try {
    await what(page, context);
    assert.deepEqual(
      wrong.filter((text) => !expected.test(text)),
      [],
    );
  } finally {
    await close();
  }
}

/** Holds a page to the rules of accessibility. */
export async function breaksNoRule(page) {
  await page.evaluate(axe); // by the browser's tools, which the page's policy does not bind
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), tags);
  assert.deepEqual(
    found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`),
    [],
  );
}

/** Waits for the drawer that opens: it takes the focus a moment after it is there, and with it the next key. */
export const opened = (page) => page.locator("[role=dialog]:focus-within").waitFor();

/** Waits for the figures and the drawing of a page. */
export async function settled(page) {
  await page.waitForSelector("table tfoot");
  await page.waitForSelector(".drawing svg");
  await page.waitForFunction(() => !document.querySelector(".busy"));
}
