// Every page of the dashboard. A new one joins here by one line, and pages.test.mjs
// holds it to what holds for all; make screenshots takes its picture.

/**
 * A page: the path of its route, and the address at which it is looked at. Its key is
 * pressed after g. Figures beside its question, which no export of it has, are named by
 * beside; summed is a page that shows sums of its CSV's columns, which only the JSON has;
 * words are heads of rows that the CSV says in other ones, as columns or numbers.
 */
const PARTS = "Input|Output|Cache (reads|writes)|Other meters";
const EFFECTS =
  "By (volume|mix|price|purchases)|Outcomes|Runs per outcome|Calls per run|Outside runs|Calls|Longer (prompts|answers)|Other meters|Mix of work|New versions|Alias|" +
  "Routing|Tiers|Cache|List prices|Promotions|Terms|Settlement|Purchases|Uncounted usage";

const REASONS = "Metered|Billed|(coverage gap|contract term|timing|tax|rounding).*";

export const PAGES = [
  { name: "overview", route: "/", key: "o", beside: ".moved" },
  { name: "explore", route: "/explore", key: "e" },
  { name: "workflows", route: "/workflows", key: "w" },
  { name: "workflow", route: "/workflows/$name", at: one("workflow"), words: PARTS },
  { name: "agents", route: "/agents", at: "/agents?range=30d", key: "a", beside: "[aria-label='Burning now']" },
  { name: "agent", route: "/agents/$name", at: one("agent"), words: PARTS },
  { name: "runs", route: "/runs", key: "r", summed: true },
  { name: "run", route: "/runs", at: run, summed: true, words: "step \\d+" },
  { name: "outcomes", route: "/outcomes", key: "u" },
  { name: "adoption", route: "/adoption", key: "d", words: "other, with few people each" },
  { name: "bill", route: "/bill", key: "x", summed: true, words: EFFECTS },
  { name: "forecast", route: "/forecast", key: "f", words: "\\d.* to .*" },
  { name: "budgets", route: "/budgets", key: "b" },
  { name: "alerts", route: "/alerts", key: "l" },
  { name: "quality", route: "/quality", key: "q" },
  { name: "reconciliation", route: "/reconciliation", key: "c", summed: true, words: REASONS },
  { name: "settings", route: "/settings", key: "s" },
  { name: "settings-prices", route: "/settings/$part", at: "/settings/prices" },
  {
    name: "settings-people",
    route: "/settings/$part",
    at: "/settings/people",
    words: "[a-z ]+: [a-z]+(, by somebody .*)?",
  },
];

const asked = (page, path) => page.evaluate((at) => fetch(at).then((found) => found.json()), path);

function one(kind) {
  return async (page) => {
    const found = await asked(page, `/api/v1/spend?by=${kind}&measures=cost&since=30d`);
    return `/${kind}s/${encodeURIComponent(found.rows.map((row) => row.keys[kind]).find(Boolean))}`;
  };
}

async function run(page) {
  const found = await asked(page, "/api/v1/runs?order=steps&limit=1");
  return `/runs?run=${encodeURIComponent(found.items[0].run)}`;
}

/** Shows a page with its figures, and gives its address. */
export async function visit(page, server, one) {
  const at = typeof one.at === "function" ? await one.at(page) : (one.at ?? one.route);
  await page.goto(server.url + at);
  await still(page);
  return at;
}

/** Waits until a page has its heading and nothing of it is being read. */
export async function still(page) {
  await page.waitForFunction(() => {
    const main = document.querySelector("main");
    const waits = main?.querySelector(".busy, [aria-busy=true]");
    return main?.querySelector("h1") && !waits && !/(Reading|Opening|Explaining)[^.…]*…/.test(main.textContent);
  });
}
