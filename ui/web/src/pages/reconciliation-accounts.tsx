import { useState } from "react";
import { billed, nameOf, sameAccount, type Account, type Reconciliation } from "../api/reconciliation";
import { units } from "../lib/decimal";
import { money, percent, whole } from "../lib/format";
import { Detail } from "../ui/detail";
import { useView } from "../ui/house";
import { Listing } from "../ui/listing";
import { Steps } from "./reconciliation-steps";

/** What is owed to each account of a seller, and how it comes from what was metered. */
export function Accounts({ found }: { found: Reconciliation }) {
  const { change } = useView();
  const [open, setOpen] = useState<Account | null>(null);
  const sum = (text: string, a: Account) => (
    <span title={whole(text, a.currency)} data-exact={text}>
      {money(units(text), a.currency)}
    </span>
  );
  return (
    <>
      <Listing<Account>
        label="Metered and billed"
        lines={[...found.bills].sort((a, b) => Number(!a.basis) - Number(!b.basis))}
        idOf={sameAccount}
        none={`Nothing is metered, reported or billed in ${found.period}.`}
        open={(a) => {
          if (a.basis) change({ account: sameAccount(a) });
          setOpen(a);
        }}
        fields={[
          { name: "Seller", show: (a) => nameOf(a) },
          { name: "Metered", figure: true, show: (a) => sum(a.metered, a) },
          { name: "Difference", figure: true, show: (a) => (a.basis ? sum(a.variance, a) : "\u2013") },
          { name: "Billed", figure: true, show: (a) => (a.basis ? sum(billed(a), a) : "not yet") },
          { name: "Says so", show: wordOf },
          { name: "Days in", show: (a) => a.zone },
          { name: "Coverage", figure: true, show: (a) => percent(units(a.coverage)) },
          { name: "Price accuracy", figure: true, show: (a) => percent(units(a.accuracy)) },
          { name: "Unknown", figure: true, show: (a) => percent(units(a.unknown)) },
          { name: "State", show: (a) => <Verdict account={a} /> },
        ]}
      />
      <Detail title={open && nameOf(open)} close={() => setOpen(null)}>
        {open && <Steps account={open} found={found} />}
      </Detail>
    </>
  );
}

// wordOf says who speaks of an account: usage alone is no bill.
function wordOf(a: Account): string {
  if (a.basis) return `${a.basis}, through ${a.through}`;
  return a.through ? `usage without money, through ${a.through}` : "\u2013";
}

function Verdict({ account: a }: { account: Account }) {
  if (!a.basis) return <span className="soft">nothing to compare with</span>;
  return <span className={a.passes ? "state ok" : "state warn"}>{a.passes ? "passes" : "does not pass"}</span>;
}
