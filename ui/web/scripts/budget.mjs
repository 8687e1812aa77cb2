// Prints what the first screen weighs, and fails when it weighs too much or waits for
// charts. KiB are of gzip; "dist" is what was built before it was compressed.
// The folder is ui/dist, or the one named, seen from here.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const folder = new URL(process.argv[2] ?? "../../dist/", import.meta.url).pathname;
const files = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
const kib = (name) => statSync(join(folder, `${name}.gz`)).size / 1024;
const sum = (names, weigh) => names.reduce((total, name) => total + weigh(name), 0);

const index = readFileSync(join(folder, "index.html"), "utf8");
const entry = [...index.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((found) => found[1]);
const charts = files.filter((name) => /assets\/echarts-.*\.js$/.test(name));
const pages = files.filter((name) => /assets\/page-.*\.js$/.test(name));
const raw = files.filter((name) => !/\.(br|gz)$/.test(name));

const limits = [
  ["entry", sum(entry, kib), 240],
  ["charts", sum(charts, kib), 235],
  ...pages.map((name) => [name, kib(name), 20]),
  ["dist", sum(raw, (name) => statSync(join(folder, name)).size / 1024), 1800],
];
let failed = entry.some((name) => name.includes("echarts"));
if (failed) console.error("the first screen loads charts; import them lazily only");
for (const [what, size, limit] of limits) {
  console.log(`${what}: ${size.toFixed(1)} KiB of ${limit}`);
  if (size > limit) failed = true;
}
if (charts.length !== 1) failed = true;
process.exit(failed ? 1 : 0);
