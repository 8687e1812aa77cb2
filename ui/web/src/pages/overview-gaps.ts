// What figures lack, as things that need somebody.

import type { Answer } from "../api/client";
import type { Poller, Source } from "../api/keeping";
import { units } from "../lib/decimal";
import { duration } from "../lib/duration";
import { exposureOf } from "../lib/exposure";
import { count, money, percent } from "../lib/format";
import type { Matter } from "./overview-matters";

/** Who used to tell usage, and has stopped to. */
export function silences(silent: Source[]): Matter[] {
  const [first] = [...silent].sort((a, b) => b.silent_seconds - a.silent_seconds);
  if (!first) return [];
  const name = first.source || "(no name)";
  const title = silent.length === 1 ? `${name} has gone silent` : `${silent.length} sources have gone silent`;
  const pause = duration((first.longest_pause ?? 0) * 1000);
  const text = `No usage of ${name} for ${duration(first.silent_seconds * 1000)}; its longest pause of 28 days was ${pause}.`;
  return [{ tone: "warn", title, text, to: "/quality", search: {}, hash: "sources" }];
}

/** What is no longer fetched from vendors. */
export function unfetched(silent: Poller[]): Matter[] {
  const [first] = silent;
  if (!first) return [];
  const name = `${first.name}, ${first.feed}`;
  const title = silent.length === 1 ? `${name} is not fetched` : `${silent.length} lists of vendors are not fetched`;
  const text = `${name}: ${first.error || "no try has succeeded for some time"}`;
  return [{ tone: "warn", title, text, to: "/quality", search: {}, hash: "sources" }];
}

/** What the figures of the page lack. */
export function gaps({ meta, total }: Answer): Matter[] {
  const found: Matter[] = [];
  const unpriced = meta.unpriced[0];
  if (unpriced)
    found.push({
      tone: "warn",
      title:
        unpriced.lines === 1 ? "1 call has no price" : `${count(units(String(unpriced.lines)))} calls have no price`,
      text: "Kept out of every total; they may come to this.",
      money: exposureOf({ meta, total }),
      per: "at most",
      to: "/quality",
      search: {},
    });
  if (total.unconverted_lines > 0)
    found.push({
      tone: "warn",
      title: "Amounts without an exchange rate",
      text: `${count(units(String(total.unconverted_lines)))} lines are in no total until a rate comes.`,
      money: total.unconverted.map((m) => money(units(m.amount), m.currency)).join(", "),
      to: "/quality",
      search: {},
    });
  const nobody = units(meta.unallocated.amount) ?? 0n;
  if (nobody > 0n)
    found.push({
      tone: "soft",
      title: "Spend that no team owns",
      text: `${percent(units(meta.unallocated.share))} of the spend of this window.`,
      money: money(nobody, meta.currency),
      to: "/explore",
      search: { f: "team:", g: "application", m: undefined },
    });
  return found;
}
