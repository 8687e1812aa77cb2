import { pixels, units } from "../lib/decimal";
import { apportion } from "../lib/apportion";
import { cents, exact, headline } from "../lib/format";
import { questionOf } from "../lib/view";
import { ExportMenu } from "../ui/export-menu";
import { useSpend, useView } from "../ui/house";
import { shareOf } from "../ui/slices-columns";
import { Trouble } from "../ui/trouble";

const PARTS = [
  ["cost_in", "Input"],
  ["cost_cache_read", "Cache reads"],
  ["cost_cache_write", "Cache writes"],
  ["cost_out", "Output"],
  ["cost_other", "Other meters"],
] as const;

/** What the money buys: the parts of the list cost, which sum to it. */
export function Buys() {
  const { view, window: w } = useView();
  const question = questionOf(view, w, { measures: ["list", ...PARTS.map(([id]) => id)].join(",") });
  const asked = useSpend(question);
  const { total, meta } = asked.data ?? {};
  const list = total?.values.list;
  const several = PARTS.some(([id]) => total?.currencies && total.currencies[id] !== meta?.currency);
  return (
    <section className={asked.isPlaceholderData ? "card busy" : "card"}>
      <div className="title">
        <h2>What the money buys</h2>
        <span className="soft">{list && meta ? `at list prices, ${headline(units(list), meta.currency)}` : ""}</span>
        <ExportMenu question={question} name="what the money buys" />
      </div>
      {asked.error && <Trouble fault={asked.error} again={() => void asked.refetch()} />}
      {total && meta && (several || !list) && (
        <p className="inset soft">
          {several ? "Bills in several currencies have no parts together." : "Nothing here has a list price."}
        </p>
      )}
      {total && meta && list && !several && <Parts values={total.values} list={list} currency={meta.currency} />}
    </section>
  );
}

type Values = Record<string, string | null>;

function Parts({ values, list, currency }: { values: Values; list: string; currency: string }) {
  const shown = apportion(
    PARTS.map(([id]) => units(values[id])),
    units(list),
  );
  const whole = pixels(list) || 1;
  let at = 0;
  return (
    <>
      <svg className="parts" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        {PARTS.map(([id], i) => {
          const width = (Math.max(0, pixels(values[id]) ?? 0) / whole) * 100;
          const x = at;
          at += width;
          return <rect key={id} className={`f${i + 1}`} x={x} width={width} height={10} />;
        })}
      </svg>
      <table className="parts-list">
        <caption className="hidden">Parts of the list cost</caption>
        <tbody>
          {PARTS.map(([id, name], i) => (
            <tr key={id}>
              <th scope="row">
                <i className={`swatch c${i + 1}`} /> {name}
              </th>
              <td title={exact(values[id], currency)} data-exact={values[id] ?? ""}>
                {cents(shown[i] ?? null, units(values[id]), currency)}
              </td>
              <td className="soft">{shareOf(values[id], list)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
