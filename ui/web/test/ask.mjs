// Writes what each page asks of the interface to app/testdata/pages.txt, which
// BenchmarkPages asks at ten million lines. Run after a page asks for something else:
// node ui/web/test/ask.mjs
import { writeFileSync } from "node:fs";
import { open, start } from "./browser.mjs";
import { PAGES, visit } from "./pages.mjs";

/** What a page asks while it is opened, days and names as {-30}, {workflow} and so on; the stream never ends, so it is none of it. */
export async function asks(page, server, one) {
  const found = new Set();
  const note = (request) => {
    const { pathname, search } = new URL(request.url());
    if (!/^\/api\/v1\/(?!live|session)/.test(pathname)) return;
    found.add(named(pathname + search, now, at));
  };
  const now = await page.evaluate(() => fetch("/api/v1/session").then((answer) => answer.json()));
  const at = typeof one.at === "function" ? await one.at(page) : (one.at ?? one.route);
  await page.goto("about:blank");
  page.on("request", note);
  await visit(page, server, { ...one, at });
  await page.waitForLoadState("networkidle").catch(() => undefined);
  page.off("request", note);
  return [...found].sort();
}

function named(path, { now, zone }, at) {
  const day = (instant) =>
    Date.parse(`${new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(instant)}T00:00:00Z`);
  const today = day(Date.parse(now));
  const [, kind, name] = /^\/(workflow|agent)s\/(.+)$/.exec(at) ?? [];
  const run = /[?&]run=([^&]+)/.exec(at)?.[1];
  let text = path.replace(/\d{4}-\d\d-\d\d/g, (date) => `{${(Date.parse(`${date}T00:00:00Z`) - today) / 864e5}}`);
  text = text.replace(/\bperiod=\d{4}-\d\d$/, "period={month}");
  for (const [word, value] of [
    [kind, name],
    ["run", run],
  ])
    if (value)
      for (const form of [value, encodeURIComponent(decodeURIComponent(value))])
        text = text.replaceAll(form, `{${word}}`);
  return text;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const demo = await start();
  const { page, close } = await open(demo);
  const lines = [
    "# page, and what it asks: written by ui/web/test/ask.mjs. {-30} is the day 30 days ago, {month} the month of that day, {run} and the like a name.",
  ];
  for (const one of PAGES) for (const ask of await asks(page, demo, one)) lines.push(`${one.name} ${ask}`);
  writeFileSync(new URL("../../../app/testdata/pages.txt", import.meta.url), `${lines.join("\n")}\n`);
  await close();
  await demo.stop();
}
