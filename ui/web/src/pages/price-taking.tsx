import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { restatePrices, takePrices, type PriceImport } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { dayOf, long } from "../lib/time";
import { useHouse } from "../ui/house";
import { said } from "../ui/said";
import { PastPrices } from "./price-past";
import { PriceChanges } from "./price-changes";

/** A file of prices: what it changes, saved when that is meant, and told to the past. */
export function PriceTaking({ file }: { file: { name: string; text: string; all: boolean } }) {
  const queries = useQueryClient();
  const { session } = useHouse();
  const [found, setFound] = useState<PriceImport | null>(null);
  const [saved, setSaved] = useState(false);
  const [done, setDone] = useState(false);
  const [told, setTold] = useState("");
  const [busy, setBusy] = useState("");
  const run = (what: string, work: () => Promise<void>): void => {
    setBusy(what);
    setTold("");
    void work()
      .catch((fault: unknown) => setTold(said(fault)))
      .finally(() => setBusy(""));
  };
  const look = async (): Promise<void> => setFound(await takePrices({ ...file, dry_run: true }));
  const save = async (): Promise<void> => {
    await takePrices({ ...file, over: found?.over ?? "" });
    setSaved(true);
    void queries.invalidateQueries({ queryKey: ["settings"] });
  };
  const past = found?.past;
  const restate = async (): Promise<void> => {
    if (!past) return;
    const { after, before, currency } = await restatePrices(past.from, past.of);
    const [calls, was, is] = [count(units(String(after.calls))), before.cost, after.cost];
    setTold(
      `${calls} calls are booked anew, at ${money(units(is), currency)} instead of ${money(units(was), currency)}.`,
    );
    setDone(true);
    await queries.invalidateQueries({ queryKey: ["ledger"] });
  };
  const changes = found !== null && !found.refused && found.changed + found.terms.length > 0;
  return (
    <div className="rule">
      {!found && (
        <button className="control primary" disabled={busy !== ""} onClick={() => run("Pricing anew\u2026", look)}>
          Preview what it changes
        </button>
      )}
      {found && <PriceChanges found={found} />}
      {past && <PastPrices past={past} done={done} />}
      {changes && !saved && (
        <button className="control primary" disabled={busy !== ""} onClick={() => run("Saving\u2026", save)}>
          Save these prices for what comes
        </button>
      )}
      {saved && <p>The prices are in force. What is booked stays as it was priced, until the past is priced anew.</p>}
      {saved && !done && past && past.after.lines > 0 && (
        <button className="control" disabled={busy !== ""} onClick={() => run("Pricing the past anew\u2026", restate)}>
          Price all since {long(dayOf(Date.parse(past.from), session.zone))} anew
        </button>
      )}
      <p role="status">{busy || told}</p>
    </div>
  );
}
