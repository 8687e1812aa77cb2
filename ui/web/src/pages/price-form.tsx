import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Fault } from "../api/client";
import { findPrices, type Offered } from "../api/keeping";
import { units } from "../lib/decimal";
import { price } from "../lib/format";
import { areDates, dayOf } from "../lib/time";
import { useHouse } from "../ui/house";
import { fileOf } from "./quality-price-file";

const isPrice = (text: string): boolean => /^\d{1,9}(\.\d{1,12})?$/.test(text);

/** A file that prices one model, with the prices in it. */
export interface Priced {
  text: string;
  input: bigint;
  output: bigint;
}

/** Two prices of one model, from a day on; what shows them stands below when they are whole. */
export function PriceForm(p: { seller: string; model: string; children: (priced: Priced) => ReactNode }) {
  const { session, now } = useHouse();
  const today = dayOf(now(), session.zone);
  const [input, setInput] = useState("");
  const [output, setOutput] = useState("");
  const [from, setFrom] = useState(today);
  const [source, setSource] = useState("");
  const take = (o: Offered): void => {
    setInput(o.input.price ?? "");
    setOutput(o.output.price ?? "");
    setSource(`as ${o.model} at ${o.seller}`);
  };
  const ready = isPrice(input) && isPrice(output) && areDates(`${from}..${from}`);
  const given = { input, output, currency: session.currency, from, today, source: source.trim() };
  return (
    <>
      <Near model={p.model} take={take} />
      <div className="key-form prices">
        <Price name="Input" value={input} sample="3" set={setInput} />
        <Price name="Output" value={output} sample="15" set={setOutput} />
        <label>
          Valid from <input type="date" value={from} onChange={(e) => setFrom(e.target.value)} />
        </label>
        <label>
          Source{" "}
          <input
            className="source-of"
            value={source}
            placeholder="where you read it"
            onChange={(e) => setSource(e.target.value)}
          />
        </label>
      </div>
      {!ready && (
        <p className="soft">Choose a model that costs the same, or write the prices, to see what they come to.</p>
      )}
      {ready &&
        p.children({ text: fileOf(p.seller, p.model, given), input: units(input) ?? 0n, output: units(output) ?? 0n })}
    </>
  );
}

function Price(p: { name: string; value: string; sample: string; set: (text: string) => void }) {
  return (
    <label>
      {p.name} per 1M{" "}
      <input
        inputMode="decimal"
        value={p.value}
        placeholder={p.sample}
        onChange={(e) => p.set(e.target.value.trim())}
      />
    </label>
  );
}

// Near offers what is called alike: first by the whole name, then by its first word.
function Near({ model, take }: { model: string; take: (o: Offered) => void }) {
  const word = model.split(/[-_/.:]/)[0] ?? "";
  const asked = useQuery<Offered[], Fault>({
    queryKey: ["settings", "near", model],
    queryFn: async () => {
      const whole = await findPrices(model, "");
      return whole.items.length > 0 ? whole.items : (await findPrices(word, "")).items;
    },
  });
  const items = (asked.data ?? [])
    .filter((o) => o.input.price && o.output.price && o.input.per === 1_000_000)
    .slice(0, 5);
  if (items.length === 0) return null;
  return (
    <div>
      <p className="soft">Called alike:</p>
      <ul className="near">
        {items.map((o) => (
          <li key={`${o.seller}/${o.model}`}>
            <button className="quiet" onClick={() => take(o)}>
              {o.model} at {o.seller}
            </button>{" "}
            <span className="soft">
              {price(units(o.input.price), o.input.currency ?? "")} and{" "}
              {price(units(o.output.price), o.output.currency ?? "")} / 1M
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
