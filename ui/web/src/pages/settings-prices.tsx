import { useState, type FormEvent } from "react";
import { findPrices, type Offered } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, price } from "../lib/format";
import { AskedMenu } from "../ui/asked-menu";
import { useView } from "../ui/house";
import { Listing, Panel } from "../ui/listing";
import { useMoment, askedOf, usePages } from "./settings-pages";
import { OnePrice } from "./settings-price";
import { ImportPrices } from "./settings-price-import";

/** Models with their prices in force, searched by the server; one is shown with its history. */
export function Prices() {
  const { view } = useView();
  const [seller = "", ...model] = (view.price ?? "").split("/");
  return (
    <>
      {view.add && <ImportPrices key={view.add} add={view.add} />}
      {view.price && <OnePrice key={view.price} seller={seller} model={model.join("/")} />}
      <Models />
    </>
  );
}

function Models() {
  const { view, change } = useView();
  const search = view.q ?? "";
  const { more, ...asked } = usePages<Offered>(["prices", search], (cursor) => findPrices(search, cursor));
  const at = useMoment();
  const query = { limit: "1000", ...(search && { search }) };
  return (
    <Panel
      title="Prices in force"
      note="standard prices of text, by seller; the best sourced first"
      end={
        <>
          <AskedMenu name="these prices" asked={askedOf("/api/v1/prices", "prices", { query, csv: true })} />
          <button className="control" onClick={() => change({ add: "file" })}>
            Import prices
          </button>
        </>
      }
      asked={asked}
      show={(models) => (
        <>
          <Search key={search} search={search} />
          <Listing<Offered>
            label="Prices in force"
            lines={models}
            idOf={(o) => `${o.seller}/${o.model}`}
            none={`No seller has a model called like \u201c${search}\u201d.`}
            open={(o) => change({ price: `${o.seller}/${o.model}`, tier: undefined })}
            fields={[
              { name: "Model", show: (o) => o.model },
              { name: "Seller", show: (o) => o.seller },
              { name: "Input", figure: true, show: (o) => <Quote of={o.input} /> },
              { name: "Output", figure: true, show: (o) => <Quote of={o.output} /> },
              { name: "Prices", figure: true, show: (o) => many(o) },
              { name: "In force since", show: (o) => (o.changed_at ? at(o.changed_at).split(",")[0] : "\u2013") },
              { name: "Checked", show: (o) => (o.checked ? at(o.checked).split(",")[0] : "\u2013") },
              { name: "Confidence", show: (o) => o.confidence ?? "\u2013" },
            ]}
          />
          {more}
        </>
      )}
    />
  );
}

const many = (o: Offered): string =>
  `${count(units(String(o.prices)))}${o.promotion ? ", a promotion" : ""}${o.prices === 0 ? ", no longer sold" : ""}`;

function Quote({ of }: { of: Offered["input"] }) {
  if (of.price === null || !of.per) return <>{"\u2013"}</>;
  return (
    <span title={`${of.price} ${of.currency ?? ""} for ${of.per}`}>
      {price(units(of.price), of.currency ?? "")}{" "}
      <span className="soft">/ {of.per === 1_000_000 ? "1M" : count(units(String(of.per)))}</span>
    </span>
  );
}

function Search({ search }: { search: string }) {
  const { change } = useView();
  const [text, setText] = useState(search);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change({ q: text.trim() || undefined });
  };
  return (
    <form className="key-form" role="search" onSubmit={submit}>
      <input
        aria-label="Search models"
        placeholder="Model or seller, like sonnet or azure gpt-5"
        className="wide"
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
      <button className="control">Search</button>
      {search && (
        <button type="button" className="quiet" onClick={() => change({ q: undefined })}>
          Show all
        </button>
      )}
    </form>
  );
}
