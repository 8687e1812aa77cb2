// The first start: nothing is booked, three ways in are filled in, and each makes the page live.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { BINARY, look, startEmpty } from "./browser.mjs";
import { still } from "./pages.mjs";

const MAPPING = `mapping: bursar/1
name: usage
format: csv
revisions: immutable
rank: gateway
key: [id]
time: {field: at, format: rfc3339}
fields: {seller: seller, requested_model: model, workflow: workflow}
usage: {convention: inclusive, input: input, output: output}
`;
const USAGE = `id,at,seller,model,workflow,input,output
1,${new Date(Date.now() - 864e5).toISOString()},openai,gpt-5,first-import,1000,100
`;

/** Runs a line as it stands on the page, beside the server that it is about. */
async function paste(line, server) {
  const folder = mkdtempSync(join(tmpdir(), "bursar-first-"));
  try {
    writeFileSync(join(folder, "mapping.yaml"), MAPPING);
    writeFileSync(join(folder, "usage.csv"), USAGE);
    const path = `${dirname(BINARY)}${delimiter}${process.env.PATH}`;
    const env = { ...process.env, PATH: path, BURSAR_HOME: server.folder };
    return (await promisify(execFile)("bash", ["-ec", line], { cwd: folder, env })).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const way = async (page, title) => page.locator(".way", { hasText: title }).locator("pre").textContent();

async function empty(what) {
  const server = await startEmpty();
  try {
    await look(server, "light", (page, context) => what(page, server, context), { ready: still });
  } finally {
    await server.stop();
  }
}

test("an event that is posted as the page says turns every open page live", () =>
  empty(async (page, server, context) => {
    const agents = await context.newPage();
    await agents.goto(`${server.url}/agents`);
    for (const one of [page, agents]) await one.getByText("Waiting for the first event").waitFor();
    assert.equal(await page.locator(".way").count(), 3);
    const line = await way(page, "Post an event");
    assert.ok(line.includes(server.url), "the address is not filled in");
    await paste(line, server);
    await page.locator("h1", { hasText: "Overview" }).waitFor({ timeout: 15_000 });
    await page.getByRole("button", { name: "Show today so far" }).click(); // headline figures are of whole days
    await page.locator("tbody", { hasText: "first-try" }).waitFor({ timeout: 15_000 });
    await page.locator("tfoot [data-exact]").first().waitFor();
    await agents.locator("h1", { hasText: "Agents" }).waitFor({ timeout: 15_000 });
  }));

test("a file that is imported as the page says turns it live", () =>
  empty(async (page, server) => {
    await page.goto(`${server.url}/workflows`);
    await page.getByText("Waiting for the first event").waitFor();
    await paste(await way(page, "Import a file"), server);
    await page.locator("tbody", { hasText: "first-import" }).waitFor({ timeout: 15_000 });
  }));

test("the base URL and the key that the page says open the gateway", () =>
  empty(async (page, server) => {
    const line = await way(page, "Change a base URL");
    const [url, key] = (await paste(`${line}\necho "$OPENAI_BASE_URL $OPENAI_API_KEY"`, server)).trim().split(" ");
    const call = (token) =>
      fetch(`${url}/models`, { headers: { Authorization: `Bearer ${token}` } }).then((found) => found.status);
    assert.equal(await call("bursar_gateway_wrong"), 401);
    assert.notEqual(await call(key), 404);
    assert.match(key, /^bursar_gateway_/);
  }));
