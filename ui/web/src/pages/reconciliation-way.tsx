import { useState } from "react";
import { billed, nameOf, sameAccount, shownOf, type Account, type Reconciliation } from "../api/reconciliation";
import { apportionChange } from "../lib/apportion";
import { divide, ONE, units } from "../lib/decimal";
import { whole } from "../lib/format";
import { Detail } from "../ui/detail";
import { useView } from "../ui/house";
import type { Way } from "../lib/waterfall";
import { Waterfall } from "./bill-waterfall";
import { LineTable } from "./reconciliation-lines";
import { SumTable, wordsOf } from "./reconciliation-steps";

/** How what was metered of one account comes to what it is billed, a reason at a time. */
export function FromMetered({ found }: { found: Reconciliation }) {
  const { view, change } = useView();
  const [reason, setReason] = useState("");
  const all = found.bills.filter((a) => a.basis);
  const account = shownOf(found, view.account);
  if (!account) return <Nothing />;
  const part = account.reasons.find((one) => one.reason === reason);
  return (
    <>
      {all.length > 1 && (
        <div className="controls inset" role="group" aria-label="Account">
          {all.map((a) => (
            <button
              className="control"
              key={sameAccount(a)}
              aria-pressed={a === account}
              onClick={() => change({ account: sameAccount(a) })}
            >
              {nameOf(a)}
            </button>
          ))}
        </div>
      )}
      <Waterfall told={wayOf(account)} currency={account.currency} names={["Metered", "Billed"]} pick={setReason} />
      <SumTable
        metered={account.metered}
        reasons={account.reasons}
        billed={billed(account)}
        currency={account.currency}
        found={found}
      />
      <Detail title={part ? wordsOf(part.reason) : null} close={() => setReason("")}>
        {part && (
          <>
            <p>{found.why.find((one) => one.reason === part.reason)?.why}</p>
            <p>
              {whole(part.amount, account.currency)} of {nameOf(account)}, in these rows:
            </p>
            <LineTable lines={rowsOf(found, account, part.reason)} period={found.period} reason={part.reason} />
          </>
        )}
      </Detail>
    </>
  );
}

function Nothing() {
  return (
    <p className="soft inset">
      No vendor reports or bills anything of this month yet, so nothing can be set against what was metered. What to
      connect stands below.
    </p>
  );
}

const rowsOf = (found: Reconciliation, account: Account, reason: string) =>
  found.rows.filter(
    (row) => sameAccount(row) === sameAccount(account) && row.reasons.some((one) => one.reason === reason),
  );

const known = (text: string): bigint => units(text) ?? 0n;
const centsOf = (text: string): bigint => divide(known(text), ONE / 100n);

// wayOf rounds the reasons to cents that sum to the shown difference.
function wayOf(a: Account): Way {
  const [before, after] = [centsOf(a.metered), centsOf(billed(a))];
  const cents = apportionChange(
    a.reasons.map((one) => known(one.amount)),
    after - before,
  );
  const effects = a.reasons.map((one, i) => ({ id: one.reason, name: wordsOf(one.reason), cents: cents[i] ?? 0n }));
  return { before, after, effects };
}
