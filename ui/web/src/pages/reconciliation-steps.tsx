import { Link } from "@tanstack/react-router";
import { billed, sameAccount, type Account, type Reason, type Reconciliation } from "../api/reconciliation";
import { whole } from "../lib/format";
import { months, plus } from "../lib/time";
import { useHouse } from "../ui/house";

/** What a reason says, in words. */
export const wordsOf = (reason: string): string => reason.replaceAll("_", " ");

interface Sum {
  metered: string | null;
  reasons: Reason[];
  billed: string | null;
  currency: string;
  found: Reconciliation;
}

/** Metered, then each reason in its order, then what is billed; with every digit, so that they can be added up. */
export function SumTable({ metered, reasons, billed: due, currency, found }: Sum) {
  const why = (reason: string): string => found.why.find((one) => one.reason === reason)?.why ?? "";
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="From metered to billed, exactly">
      <table>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" className="figure">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Metered</th>
            <Exact text={metered} currency={currency} />
          </tr>
          {reasons.map((one) => (
            <tr key={one.reason}>
              <th scope="row" className="wrap">
                {wordsOf(one.reason)}
                <span className="soft below">{why(one.reason)}</span>
              </th>
              <Exact text={one.amount} currency={currency} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Billed</th>
            <Exact text={due} currency={currency} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Exact({ text, currency }: { text: string | null; currency: string }) {
  return (
    <td className="figure" data-exact={text ?? undefined}>
      {text === null ? "\u2013" : whole(text, currency)}
    </td>
  );
}

/** How an account's bill comes from what was metered, and the way to what is behind it. */
export function Steps({ account: a, found }: { account: Account; found: Reconciliation }) {
  const { session } = useHouse();
  const others = found.bills.some((b) => b !== a && b.seller === a.seller);
  const first = `${found.period}-01`;
  const range = `${first}..${plus(months(first, 1), -1)}`;
  const booked = found.booked.find((b) => sameAccount(b) === sameAccount(a));
  const f = `seller:${a.seller}${booked ? ";!source:true-ups" : ""}`;
  const elsewhere = a.zone !== session.zone && { zone: a.zone };
  return (
    <>
      {a.basis ? (
        <SumTable metered={a.metered} reasons={a.reasons} billed={billed(a)} {...{ currency: a.currency, found }} />
      ) : (
        <p>
          {whole(a.metered, a.currency)} was metered, and no vendor bills it yet. What to import stands under Not billed
          yet.
        </p>
      )}
      {a.seller && (
        <p>
          <Link className="quiet" to="/explore" search={{ range, vs: "none", g: "model", f, ...elsewhere }}>
            Open what was metered of {a.seller} in Explore
          </Link>
        </p>
      )}
      {booked && (
        <p>
          True-ups of {whole(booked.amount, a.currency)} are booked: with them, spend comes to the bill that they were
          made of.
        </p>
      )}
      {!booked && a.basis === "invoiced" && (
        <p className="soft">
          No true-ups are booked. <code>bursar reconcile --period {found.period} --book</code> books these reasons, so
          that spend comes to the bill.
        </p>
      )}
      {others && <p className="soft">Explore shows all accounts of {a.seller} together.</p>}
      {elsewhere && (
        <p className="soft">
          {a.seller || "The vendor"} counts days in {a.zone}, and others begin theirs in {session.zone}. Explore opens
          with the vendor&rsquo;s days.
        </p>
      )}
    </>
  );
}
