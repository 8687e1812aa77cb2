import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Fault, Row } from "../api/client";
import { findPrices, type Offered } from "../api/keeping";
import { costs, units } from "../lib/decimal";
import { count, money, price } from "../lib/format";
import { dayOf, long } from "../lib/time";
import { useHouse } from "../ui/house";
import { fileOf } from "./quality-price-file";

const MILLION = 1_000_000n;
const isPrice = (text: string): boolean => /^\d{1,9}(\.\d{1,12})?$/.test(text);

/** Why calls of a model have no price, and a file that gives it one, with what it would come to. */
export function PriceIt({ row, currency }: { row: Row; currency: string }) {
  const { session, now } = useHouse();
  const [seller, model] = [row.keys.seller ?? "", row.keys.requested_model ?? ""];
  const [input, setInput] = useState("");
  const [output, setOutput] = useState("");
  const take = (o: Offered): void => {
    setInput(o.input.price ?? "");
    setOutput(o.output.price ?? "");
  };
  const today = dayOf(now(), session.zone);
  const [prompt, completion] = [units(row.values.prompt_tokens) ?? 0n, units(row.values.completion_tokens) ?? 0n];
  const ready = isPrice(input) && isPrice(output);
  const effect = ready
    ? costs(prompt, units(input) ?? 0n, MILLION) + costs(completion, units(output) ?? 0n, MILLION)
    : null;
  return (
    <div className="rule">
      <p>
        {count(units(row.values.calls))} calls with {count(prompt)} prompt and {count(completion)} completion tokens
        have no amount.
      </p>
      <Known seller={seller} model={model} />
      {prompt + completion === 0n && (
        <p className="soft">
          No token was counted for these calls, so that a price alone gives them no amount: let their source send the
          usage.
        </p>
      )}
      <Near model={model} take={take} />
      <div className="key-form prices">
        <label>
          Input per 1M{" "}
          <input inputMode="decimal" value={input} placeholder="3" onChange={(e) => setInput(e.target.value.trim())} />
        </label>
        <label>
          Output per 1M{" "}
          <input
            inputMode="decimal"
            value={output}
            placeholder="15"
            onChange={(e) => setOutput(e.target.value.trim())}
          />
        </label>
      </div>
      {!ready && (
        <p className="soft">Choose a model that costs the same, or write the prices, to see what they come to.</p>
      )}
      {ready && (
        <>
          <p role="status">
            <b>As many tokens would come to {money(effect, currency)}</b>, were none of them cached. What is booked
            stays without an amount; the file prices what comes.
          </p>
          <pre tabIndex={0}>{fileOf(seller, model, { input, output, currency, today })}</pre>
          <p>
            <code>bursar price import prices.yaml</code> shows the change and saves it with <code>--yes</code>.
          </p>
        </>
      )}
    </div>
  );
}

// Known says what the book has of a model at its seller: of its own name, or of a dated one.
function Known({ seller, model }: { seller: string; model: string }) {
  const { session } = useHouse();
  const asked = useQuery<Offered | null, Fault>({
    queryKey: ["settings", "known", seller, model],
    queryFn: async () => {
      const { items } = await findPrices(`${seller} ${model}`, "");
      return items.find((o) => o.seller === seller && o.model.toLowerCase().startsWith(model.toLowerCase())) ?? null;
    },
  });
  if (asked.error) return <p className="soft">{asked.error.message}</p>;
  if (asked.data === undefined) return <p className="soft">Reading the price book…</p>;
  if (asked.data === null)
    return (
      <p>
        The book knows no model {model} of {seller}.
      </p>
    );
  const { model: sku, changed_at } = asked.data;
  return (
    <p>
      The book has prices of {sku}
      {changed_at && `, the newest since ${long(dayOf(Date.parse(changed_at), session.zone))}`}: these calls are older
      than the first, or their usage was not measured.{" "}
      <Link
        className="quiet"
        to="/settings/$part"
        params={{ part: "prices" }}
        search={(old) => ({ ...old, price: `${seller}/${sku}` })}
      >
        Its prices
      </Link>
    </p>
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
