import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Fault } from "../api/client";
import { claim, getUnowned, type Application, type Unowned } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, exact, money } from "../lib/format";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { Listing, Panel } from "../ui/listing";
import { said } from "../ui/said";
import { askedOf, useMoment } from "./settings-pages";

/** Applications, workflows and agents that call and are nobody's, and claiming one. */
export function Unowneds() {
  const [open, setOpen] = useState<Unowned | null>(null);
  const asked = useQuery<Awaited<ReturnType<typeof getUnowned>>, Fault>({
    queryKey: ["ledger", "unowned"],
    queryFn: getUnowned,
  });
  const exports = askedOf("/api/v1/register", "unowned", {
    csv: true,
    query: { unowned: "true", limit: "1000" },
    command: "bursar register list --unowned --output csv",
  });
  return (
    <Panel
      title="Nobody answers for"
      note="applications, workflows and agents without an owner, 30 days, the dearest first"
      end={<AskedMenu name="what nobody answers for" asked={exports} />}
      asked={asked}
      show={({ items, more, currency }) => (
        <>
          <Listing<Unowned>
            label="Nobody answers for"
            lines={items}
            idOf={(e) => `${e.kind}/${e.name}`}
            none="Everything that calls has an owner."
            open={setOpen}
            fields={[
              { name: "Name", show: (e) => e.name },
              { name: "Kind", show: (e) => e.kind },
              { name: "Calls", figure: true, show: (e) => count(units(String(e.calls))) },
              {
                name: "Spend",
                figure: true,
                show: (e) => (
                  <span title={exact(e.cost, currency)} data-exact={e.cost}>
                    {money(units(e.cost), currency)}
                  </span>
                ),
              },
              {
                name: "To mend it",
                show: (e) => (
                  <button className="quiet" aria-label={`Claim it: ${e.kind} ${e.name}`} onClick={() => setOpen(e)}>
                    Claim it
                  </button>
                ),
              },
            ]}
          />
          {more > 0 && <p className="soft inset">and {more} more: bursar register list --unowned</p>}
          <Detail title={open && `${open.kind} ${open.name}`} close={() => setOpen(null)}>
            {open && <Claim entry={open} currency={currency} />}
          </Detail>
        </>
      )}
    />
  );
}

function Claim({ entry, currency }: { entry: Unowned; currency: string }) {
  const queries = useQueryClient();
  const at = useMoment();
  const [team, setTeam] = useState("");
  const [dry, setDry] = useState<Application | null>(null);
  const [told, setTold] = useState("");
  const fail = (fault: unknown): void => setTold(said(fault));
  const look = (event: FormEvent): void => {
    event.preventDefault();
    setTold("");
    void claim(entry, team, true).then(setDry, fail);
  };
  const put = (): void =>
    void claim(entry, team, false).then(() => {
      setDry(null);
      setTold(`It is ${team}\u2019s for what is booked next.`);
      void queries.invalidateQueries({ queryKey: ["ledger", "unowned"] });
    }, fail);
  return (
    <>
      <Facts
        facts={[
          ["Calls, 30 days", count(units(String(entry.calls)))],
          ["Spend, 30 days", exact(entry.cost, currency)],
          ["First seen", at(entry.first_seen)],
          ["Last seen", at(entry.last_seen)],
          ["Also called", entry.names.join(", ")],
        ]}
      />
      <form className="rule" onSubmit={look}>
        <input
          aria-label="Team that answers for it"
          placeholder="Team"
          required
          value={team}
          onChange={(e) => {
            setTeam(e.target.value);
            setDry(null);
          }}
        />
        {!dry && <button className="control primary">Preview the claim</button>}
      </form>
      {dry && (
        <div className="rule">
          <ul className="changes-list">
            {dry.changes.map((c) => (
              <li key={c.mark + c.what}>
                <code>{c.mark}</code> {c.what} {c.refused && <span className="error">{c.refused}</span>}
              </li>
            ))}
          </ul>
          <p className="soft">What is booked stays; what is booked next has this team where nothing else says one.</p>
          <button className="control primary" onClick={put}>
            Claim it for {team}
          </button>
        </div>
      )}
      <p role="status">{told}</p>
    </>
  );
}
