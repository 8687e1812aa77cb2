// Books calls and applies budgets on a running server, as a program would.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY } from "./browser.mjs";

const BUDGETS = `kind: budget
name: everything
budgets:
  - {id: company/month, amount: 900000, currency: USD, period: month, owner: finance}
  - {id: workflows/year, each: workflow, amount: 1, currency: USD, period: year}
`;

/** Puts budgets in force, of which some are used up. */
export const applyBudgets = (server) => apply(server, BUDGETS);

/** Plans the same amount for each month around an instant, and less of a team. */
export function applyPlan(server, { amount, team, now = new Date() }) {
  const months = [-2, -1, 0, 1].map((n) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n)));
  const each = (of) => `{${months.map((month) => `${month.toISOString().slice(0, 7)}: ${of}`).join(", ")}}`;
  const lines = `  - months: ${each(amount)}\n  - {where: {team: ${team}}, months: ${each(amount / 10)}}\n`;
  apply(server, `kind: plan\nname: year\ncurrency: USD\nlines:\n${lines}`);
}

/** Puts a document in force. */
export function apply(server, text) {
  const folder = mkdtempSync(join(tmpdir(), "bursar-documents-"));
  writeFileSync(join(folder, "document.yaml"), text);
  const token = new URL(server.link).hash.replace("#token=", "");
  const args = ["apply", "--server", server.url, "-f", join(folder, "document.yaml"), "--yes"];
  execFileSync(BINARY, args, { env: { ...process.env, BURSAR_TOKEN: token } });
  rmSync(folder, { recursive: true });
}

/** Makes a token, and gives what books so many calls of a workflow, in one run, with it. */
export async function sender(server) {
  const admin = new URL(server.link).hash.replace("#token=", "");
  const post = async (path, token, body) => {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const found = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(found.ok, await found.clone().text());
    return found.json();
  };
  const scope = { team: "night-shift", application: "night-shift" };
  const { secret } = await post("/api/v1/tokens", admin, { kind: "events", name: "live", scope });
  let n = 0;
  return (workflow, calls = 1, at = new Date(), run = "run-1") =>
    post(
      "/api/v1/events",
      secret,
      Array.from({ length: calls }, () => ({
        specversion: "1.0",
        type: "com.bursarhq.usage.v1",
        source: "browser-test",
        id: `call-${n++}`,
        time: at.toISOString(),
        data: {
          seller: "openai",
          requested_model: "gpt-5",
          usage: { input_tokens: 400_000, output_tokens: 90_000 },
          scope: { workflow, agent: `${workflow}-agent`, run: `${workflow}/${run}` },
        },
      })),
    );
}
