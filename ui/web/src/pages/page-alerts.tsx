import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getNotices, type Notice, type NoticeList } from "../api/budget";
import type { Fault } from "../api/client";
import { moment } from "../lib/duration";
import { age } from "../lib/time";
import { AskedMenu } from "../ui/asked-menu";
import { Detail } from "../ui/detail";
import { useHouse, useView, useZone } from "../ui/house";
import { HouseStrip } from "../ui/house-strip";
import { Trouble } from "../ui/trouble";
import { AlertDetail } from "./alert-detail";
import { STATES, TONES } from "./alert-state";
import "./control.css";
import { whoseOf } from "./scope";

const LIMIT = "200";
const idOf = (n: Notice): string => `${n.message} ${n.channel}`;

/** What people were told, and what did not reach them. */
export default function Alerts() {
  const { view, change } = useView();
  const [open, setOpen] = useState<string | null>(null);
  const query = { ...(view.state && { state: view.state }), limit: LIMIT };
  const asked = useQuery<NoticeList, Fault>({
    queryKey: ["ledger", "notices", query],
    queryFn: ({ signal }) => getNotices(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000, // what is told does not come with what is booked
  });
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the notices…</p>;
  const { items } = asked.data;
  const shown = items.find((n) => idOf(n) === open);
  const exports = {
    path: "/api/v1/notices",
    query,
    file: "notices",
    csv: true,
    command: `bursar notice list${view.state ? ` --state ${view.state}` : ""}`,
  };
  const tabs = [["", "All"] as const, ...Object.entries(STATES)];
  return (
    <>
      <div className="head">
        <h1>Alerts</h1>
        <p className="soft">what budgets told their owners, the newest first</p>
        <AskedMenu asked={exports} />
      </div>
      <HouseStrip />
      <div className="controls" role="group" aria-label="State">
        {tabs.map(([id, name]) => (
          <button
            className="control"
            key={id}
            aria-pressed={(view.state ?? "") === id}
            onClick={() => change({ state: id || undefined })}
          >
            {name}
          </button>
        ))}
      </div>
      {items.length === 0 ? (
        <Nothing state={view.state} />
      ) : (
        <section className={asked.isPlaceholderData ? "card inbox busy" : "card inbox"}>
          <Inbox items={items} open={setOpen} />
          <p className="foot soft">
            {items.length === Number(LIMIT)
              ? `The newest ${LIMIT}; older ones: bursar notice list.`
              : `${items.length} notices.`}{" "}
            Each threshold of a window is told once.
          </p>
        </section>
      )}
      <Detail title={shown ? shown.title : null} close={() => setOpen(null)}>
        {shown && <AlertDetail notice={shown} />}
      </Detail>
    </>
  );
}

function Inbox({ items, open }: { items: Notice[]; open: (id: string) => void }) {
  const { now } = useHouse();
  const zone = useZone();
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Notices">
      <table>
        <thead>
          <tr>
            {["What", "State", "Whose calls", "To", "Why not"].map((name) => (
              <th scope="col" key={name} className="left">
                {name}
              </th>
            ))}
            <th scope="col">Age</th>
          </tr>
        </thead>
        <tbody>
          {items.map((n) => (
            <tr key={idOf(n)}>
              <th scope="row">
                <button onClick={() => open(idOf(n))}>{n.title}</button>
              </th>
              <td className="left">
                <span className={`state ${TONES[n.state]}`}>{STATES[n.state]}</span>
              </td>
              <td className="left">{whoseOf(n)}</td>
              <td className="left">
                {[n.owner, n.channel && `by ${n.channel}`].filter(Boolean).join(" ") || "nobody"}
              </td>
              <td className="left soft">{n.state === "delivered" ? "" : n.why}</td>
              <td>
                <time dateTime={n.at} title={`${moment(n.at, zone)}, ${zone}`}>
                  {age(now() - Date.parse(n.at))}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Nothing({ state }: { state?: string }) {
  if (state)
    return (
      <section className="card way">
        <h2>No notice is in this state</h2>
        <p className="soft">Others may be: choose All.</p>
      </section>
    );
  return (
    <section className="card way">
      <h2>Nobody was told anything yet</h2>
      <p className="soft">
        A budget tells its owner at 50, 80 and 100 percent. The address of an owner is a channel, in the file that{" "}
        <code>notices.channels</code> of the configuration names.
      </p>
      <pre tabIndex={0}>{`courier: bursar/1
channels:
  - {name: support-room, kind: slack, for: [support], url_env: SUPPORT_ROOM}`}</pre>
    </section>
  );
}
