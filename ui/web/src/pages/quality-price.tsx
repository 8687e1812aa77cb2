import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Fault, Row } from "../api/client";
import { findPrices, type Offered } from "../api/keeping";
import { costs, units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { dayOf, long } from "../lib/time";
import { useHouse } from "../ui/house";
import { PriceForm } from "./price-form";

const MILLION = 1_000_000n;

/** Why calls of a model have no price, and a file that gives it one, with what it would come to. */
export function PriceIt({ row, currency }: { row: Row; currency: string }) {
  const [seller, model] = [row.keys.seller ?? "", row.keys.requested_model ?? ""];
  const [prompt, completion] = [units(row.values.prompt_tokens) ?? 0n, units(row.values.completion_tokens) ?? 0n];
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
      <PriceForm seller={seller} model={model}>
        {({ text, input, output }) => (
          <>
            <p role="status">
              <b>
                As many tokens would come to{" "}
                {money(costs(prompt, input, MILLION) + costs(completion, output, MILLION), currency)}
              </b>
              , were none of them cached.
            </p>
            <pre tabIndex={0}>{text}</pre>
          </>
        )}
      </PriceForm>
      <p>
        <Link
          className="quiet"
          to="/settings/$part"
          params={{ part: "prices" }}
          search={(old) => ({ ...old, add: `${seller}/${model}` })}
        >
          Price it, with a preview of the past
        </Link>
      </p>
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
