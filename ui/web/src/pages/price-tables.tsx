import type { Price } from "../api/keeping";
import { units } from "../lib/decimal";
import { change as changeOf, count, price } from "../lib/format";
import { Listing } from "../ui/listing";
import { conditionName, meterName } from "./price-lines";
import { useMoment } from "./settings-pages";

/** A price with its natural unit: one million tokens, a thousand searches. */
export function priceText(p: Price): string {
  const per = p.per === 1_000_000 ? "1M" : p.per === 1 ? "one" : count(units(String(p.per ?? 1)));
  return `${price(units(p.price), p.currency ?? "")} / ${per}`;
}

/** What is in force under every condition, and what was before under one of them. */
export function PriceTables(p: { all: Price[]; force: Price[]; tier: string; open: (price: Price) => void }) {
  const day = useDay();
  const own = (one: Price): boolean => (one.conditions ?? "") === p.tier;
  const force = [...p.force].sort((a, b) => place(a, p.tier) - place(b, p.tier));
  const past = p.all.filter(own).sort((a, b) => (b.valid_from ?? "").localeCompare(a.valid_from ?? ""));
  return (
    <>
      <h3 className="inset">In force, {conditionName(p.tier)}</h3>
      <Force label="Prices in force of this model" lines={force.filter(own)} open={p.open} />
      <h3 className="inset">History, {conditionName(p.tier)}</h3>
      <Listing<Price>
        label="History of prices"
        lines={past}
        idOf={idOf}
        none="There is no other price."
        open={p.open}
        fields={[
          { name: "From", show: (one) => day(one.valid_from) || "ever" },
          { name: "Meter", show: (one) => meterName(one.meter ?? "") },
          { name: "Price", figure: true, show: (one) => <span title={one.price ?? ""}>{priceText(one)}</span> },
          { name: "Change", figure: true, show: (one) => movedBy(one, past) },
          { name: "Layer", show: (one) => (one.layer === "promo" ? "promotion" : (one.layer ?? "list")) },
          { name: "Source", show: (one) => <span className="source">{one.source}</span> },
          { name: "Note", show: (one) => one.note ?? "" },
        ]}
      />
      {!force.every(own) && (
        <>
          <h3 className="inset">In force under other conditions</h3>
          <Force label="Prices under other conditions" lines={force.filter((one) => !own(one))} open={p.open} />
        </>
      )}
    </>
  );
}

const idOf = (one: Price): string => one.fact ?? `${one.sku} ${one.meter ?? ""} ${one.conditions ?? ""}`;

function useDay(): (text: string | undefined) => string {
  const at = useMoment();
  return (text) => (text ? (at(text).split(",")[0] ?? "") : "");
}

function Force(p: { label: string; lines: Price[]; open: (price: Price) => void }) {
  const day = useDay();
  return (
    <Listing<Price>
      label={p.label}
      lines={p.lines}
      idOf={idOf}
      none="Nothing is in force: it is no longer sold, or not yet."
      open={p.open}
      fields={[
        { name: "Meter", show: (one) => meterName(one.meter ?? "") },
        { name: "Under", show: (one) => conditionName(one.conditions ?? "") },
        { name: "Price", figure: true, show: (one) => <span title={one.price ?? ""}>{priceText(one)}</span> },
        { name: "Layer", show: (one) => (one.layer === "promo" ? "promotion" : (one.layer ?? "list")) },
        { name: "Since", show: (one) => day(one.valid_from) || "ever" },
        { name: "Until", show: (one) => day(one.valid_to) || "\u2013" },
        { name: "Source", show: (one) => <span className="source">{one.source}</span> },
        { name: "Checked", show: (one) => day(one.checked) || "never" },
      ]}
    />
  );
}

// place puts the shown condition first, then what has fewest conditions.
const place = (p: Price, tier: string): number =>
  (p.conditions ?? "") === tier ? -1 : (p.conditions ?? "").split(", ").length + (p.conditions ?? "").length / 1000;

// movedBy compares with the price of the same meter and layer that ended when this one began.
function movedBy(p: Price, all: Price[]) {
  const before = all.find(
    (one) =>
      one.meter === p.meter &&
      one.sku === p.sku &&
      one.layer === p.layer &&
      one.valid_to &&
      one.valid_to === p.valid_from,
  );
  if (!before || before.per !== p.per || before.currency !== p.currency) return <>{"\u2013"}</>;
  const { text, direction } = changeOf(units(p.price), units(before.price));
  return <span className={direction > 0 ? "up" : direction < 0 ? "down" : undefined}>{text}</span>;
}
