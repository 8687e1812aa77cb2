import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getPrices, pathOf, type Price, type PriceHistory } from "../api/keeping";
import { dayOf, long } from "../lib/time";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { useHouse, useView } from "../ui/house";
import { Panel } from "../ui/listing";
import { conditionName, inForce, knownOf, linesOf, meterName } from "./price-lines";
import { Steps } from "./price-steps";
import { priceText, PriceTables } from "./price-tables";
import { askedOf, useMoment } from "./settings-pages";

/** One model of one seller: its prices in force, and how they came about. */
export function OnePrice({ seller, model }: { seller: string; model: string }) {
  const { change } = useView();
  const asked = useQuery<PriceHistory, Fault>({
    queryKey: ["settings", "price", seller, model],
    queryFn: () => getPrices(seller, model),
  });
  const exports = askedOf(`/api/v1/prices/${pathOf(seller, model)}`, "price-history", {
    csv: true,
    command: `bursar price history '${model}' --seller '${seller}' --output json`,
  });
  return (
    <Panel
      title={model}
      note={`at ${seller}`}
      end={
        <>
          <AskedMenu name="this history" asked={exports} />
          <button className="control" onClick={() => change({ price: undefined, tier: undefined })}>
            Close
          </button>
        </>
      }
      asked={asked}
      show={(history) => <Told history={history} />}
    />
  );
}

function Told({ history }: { history: PriceHistory }) {
  const { session, now } = useHouse();
  const { view, change } = useView();
  const [open, setOpen] = useState<Price | null>(null);
  const [today] = useState(now);
  const all = knownOf(history);
  const conditions = [...new Set(all.map((p) => p.conditions ?? ""))].sort();
  const tier = conditions.find((c) => c === view.tier) ?? conditions.find((c) => c === "") ?? conditions[0] ?? "";
  const lines = linesOf(all, tier, today).filter((l) => l.steps.length > 0);
  const currency = all[0]?.currency ?? "";
  const last = all.filter((p) => (p.conditions ?? "") === tier && p.valid_from).map((p) => p.valid_from ?? "");
  const since = last.sort().at(-1);
  const names = history.prices.filter((p) => !p.per);
  return (
    <>
      <div className="controls inset">
        <label>
          <span className="soft">Shown:</span>{" "}
          <select value={tier} onChange={(e) => change({ tier: e.target.value || undefined })}>
            {conditions.map((c) => (
              <option key={c} value={c}>
                {conditionName(c)}
              </option>
            ))}
          </select>
        </label>
        <span className="soft">
          per 1M tokens{since && `; last changed on ${long(dayOf(Date.parse(since), session.zone))}`}
          {names.length > 0 && `; the name stood for ${[...new Set(names.map((p) => p.sku))].join(", ")}`}
        </span>
      </div>
      {lines.length > 0 ? (
        <Steps lines={lines} currency={currency} zone={session.zone} label={`Prices of ${history.model} over time`} />
      ) : (
        <p className="soft inset">Nothing of these is priced by tokens; the table has what there is.</p>
      )}
      <PriceTables all={all} force={inForce(all, today)} tier={tier} open={setOpen} />
      <Detail
        title={open && `${meterName(open.meter ?? "")}, ${conditionName(open.conditions ?? "")}`}
        close={() => setOpen(null)}
      >
        {open && <Fact price={open} />}
      </Detail>
    </>
  );
}

function Fact({ price: p }: { price: Price }) {
  const at = useMoment();
  return (
    <Facts
      facts={[
        ["Price", priceText(p)],
        ["Exactly", `${p.price ?? ""} ${p.currency ?? ""} for ${p.per ?? ""}`],
        ["Model", p.sku],
        ["Layer", p.layer ?? "list"],
        ["From", p.valid_from ? at(p.valid_from) : "ever"],
        ["Until", p.valid_to ? `${at(p.valid_to)}, not included` : "further notice"],
        ["Source", p.source ?? ""],
        ["Checked", p.checked ? at(p.checked).split(",")[0] : "never"],
        ["Confidence", p.confidence ?? ""],
        ["Note", p.note ?? ""],
        ["Fact", p.fact ?? ""],
      ]}
    />
  );
}
