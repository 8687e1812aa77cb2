import type { Account, Reconciliation } from "../api/reconciliation";
import { units } from "../lib/decimal";
import { money } from "../lib/format";
import { Listing } from "../ui/listing";

// What a seller's word comes in; every other one bills in the form of FOCUS, or not at all.
const FILES: Record<string, string> = {
  openai: "bursar import openai usage.csv costs.csv",
  anthropic: "bursar import anthropic usage.csv cost.csv",
  "github-copilot": "bursar import copilot usage-report.csv",
  github: "bursar import copilot usage-report.csv",
  cursor: "bursar import cursor usage-events.csv",
  bedrock: "bursar import bedrock cur.csv.gz",
  azure: "bursar import azure actual-costs.csv",
  vertex: "bursar import google-cloud billing-export.json",
  google: "bursar import google-cloud billing-export.json",
};

const POLLED = ["openai", "anthropic", "github-copilot", "cursor"];

/** Accounts of which no vendor says anything, and how to hear of them. */
export function Connect({ found }: { found: Reconciliation }) {
  const lines = found.bills.filter((a) => !a.basis);
  return (
    <>
      <Listing<Account>
        label="Not billed yet"
        lines={lines}
        idOf={(a) => [a.seller, a.account, a.currency].join("\n")}
        none={
          found.bills.length > 0 ? (
            "Every account with spend has a report or a bill."
          ) : (
            <>
              Nothing is metered, reported or billed in {found.period}. Import what a vendor lets you download (
              <code>bursar import openai usage.csv costs.csv</code>), its bill (
              <code>bursar import focus bill.csv</code>, or <code>bedrock</code>, <code>azure</code>,{" "}
              <code>google-cloud</code>), or name the accounts to ask in <code>vendors.accounts</code>.
            </>
          )
        }
        fields={[
          { name: "Seller", show: (a) => a.seller || "(no seller)" },
          { name: "Account", show: (a) => a.account || "(none)" },
          { name: "Metered", figure: true, show: (a) => money(units(a.metered), a.currency) },
          { name: "Import", show: (a) => <code>{FILES[a.seller] ?? "bursar import focus bill.csv"}</code> },
          {
            name: "Or let it be fetched",
            show: (a) => (POLLED.includes(a.seller) ? <code>vendors.accounts</code> : "\u2013"),
          },
        ]}
      />
    </>
  );
}
