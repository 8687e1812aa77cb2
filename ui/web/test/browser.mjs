// The real binary with a small simulated company, and a real browser that looks at it.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const THEMES = ["light", "dark"];

const BROWSER = process.env.BURSAR_BROWSER ?? "/usr/bin/chromium";
const BINARY = new URL("../../../bin/bursar", import.meta.url).pathname;

/** Starts a server on a made-up company; its link signs a browser in. */
export async function start() {
  for (const needed of [BROWSER, BINARY]) {
    if (!existsSync(needed))
      throw new Error(`${needed} is missing; install chromium or set BURSAR_BROWSER, and run make build`);
  }
  const folder = mkdtempSync(join(tmpdir(), "bursar-e2e-"));
  const args = ["demo", "--events", "4000", "--rate", "0", "--folder", join(folder, "data"), "--listen", "127.0.0.1:0"];
  const server = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((done) => server.once("exit", done));
  const link = await new Promise((found, failed) => {
    let said = "";
    const read = (part) => {
      said += part;
      const match = /https?:\/\/\S+#token=\S+/.exec(said);
      if (match) found(match[0]);
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
  return { link, url: new URL(link).origin, stop };
}

/** Opens a browser that is signed in, and notes what must not happen. */
export async function open(demo, theme = "light") {
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
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => {
    const expected = message.location().url.endsWith("/api/v1/session"); // not signed in yet
    if (["error", "warning"].includes(message.type()) && !expected) wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(demo.url)) wrong.push(`left the host: ${request.url()}`);
  });
  await page.goto(demo.link);
  await settled(page);
  return { page, wrong, close: () => browser.close() };
}

/** Waits for the figures and the drawing of a page. */
export async function settled(page) {
  await page.waitForSelector("table tfoot");
  await page.waitForSelector(".drawing svg");
  await page.waitForFunction(() => !document.querySelector(".busy"));
}
