import { useState, type ChangeEvent } from "react";
import { useView } from "../ui/house";
import { PriceForm } from "./price-form";
import { PriceTaking } from "./price-taking";

/** Prices of a file, or of one model that has none: looked at before they are saved. */
export function ImportPrices({ add }: { add: string }) {
  const { change } = useView();
  const [seller = "", ...name] = add.split("/");
  const model = name.join("/");
  return (
    <section className="card panel" id="import-prices" aria-label="Import prices">
      <div className="title">
        <h2>{model ? `Price ${model}` : "Import prices"}</h2>
        <span className="soft">
          {model ? `at ${seller}` : "a file of facts, or a public price book"}; nothing is written before you save it
        </span>
        <button className="control" onClick={() => change({ add: undefined })}>
          Close
        </button>
      </div>
      <div className="inset">
        {model ? (
          <PriceForm seller={seller} model={model}>
            {({ text }) => <PriceTaking key={text} file={{ name: "prices.yaml", text, all: false }} />}
          </PriceForm>
        ) : (
          <FromFile />
        )}
      </div>
    </section>
  );
}

const SAMPLE = `schema: pricebook/1
facts:
  - {seller: inhouse, sku: own-model, meter: in_text, price: "7.5", per: 1000000, currency: USD,
     valid: ["2026-10-01", null], source: {url: our own servers, checked: 2026-11-01}}`;

function FromFile() {
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const read = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    void file?.text().then((content) => {
      setName(file.name);
      setText(content);
    });
  };
  const called = name || (/^\s*(#.*\n\s*)*schema:/.test(text) ? "pasted.yaml" : "pasted.csv");
  return (
    <>
      <div className="price-file">
        <input type="file" accept=".csv,.yaml,.yml,.json" aria-label="File of prices" onChange={read} />
        <span className="soft">CSV, YAML (pricebook/1), genai-prices, LiteLLM, Portkey, models.dev; or paste one:</span>
      </div>
      <textarea
        aria-label="Prices as text"
        rows={6}
        spellCheck={false}
        placeholder={SAMPLE}
        value={text}
        onChange={(e) => {
          setName("");
          setText(e.target.value);
        }}
      />
      <label className="soft check">
        <input type="checkbox" checked={all} onChange={(e) => setAll(e.target.checked)} /> of a public book also models
        that ours does not hold
      </label>
      {text.trim() && <PriceTaking key={`${all ? "all" : "held"} ${text}`} file={{ name: called, text, all }} />}
    </>
  );
}
