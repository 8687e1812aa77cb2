import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Fault } from "../api/client";
import { dropView, getViews, renameView, type Page } from "../api/keeping";
import { AskedMenu } from "../ui/asked-menu";
import { useHouse } from "../ui/house";
import { Listing, Panel } from "../ui/listing";
import { said } from "../ui/said";
import { askedOf, useMoment } from "./settings-pages";

/** The views of the dashboard that have a name. */
export function Views() {
  const { session } = useHouse();
  const at = useMoment();
  const asked = useQuery<{ items: Page[] }, Fault>({ queryKey: ["views"], queryFn: getViews });
  return (
    <Panel
      title="Saved views"
      note={`names for what an address shows; only ${session.actor} sees these, and a link shows the same to everybody`}
      end={<AskedMenu name="the saved views" asked={askedOf("/api/v1/views", "views", { csv: true })} />}
      asked={asked}
      show={({ items }) => (
        <Listing<Page>
          label="Saved views"
          lines={items}
          idOf={(v) => v.name}
          none="No view has a name yet. Save one from the page that shows it."
          fields={[
            { name: "Name", show: (v) => <a href={`${v.page}${v.query && `?${v.query}`}`}>{v.name}</a> },
            { name: "Page", show: (v) => (v.page === "/" ? "overview" : v.page.slice(1)) },
            { name: "Shows", show: (v) => <Shown query={v.query} /> },
            { name: "Saved", show: (v) => at(v.saved_at) },
            { name: "Change it", show: (v) => <Change view={v} taken={items.map((one) => one.name)} /> },
          ]}
        />
      )}
    />
  );
}

function Shown({ query }: { query: string }) {
  const parts = [...new URLSearchParams(query.replaceAll(";", "%3B"))].map(([name, value]) => `${name} ${value}`);
  return <>{parts.join(", ") || "the page as it opens"}</>;
}

function Change({ view, taken }: { view: Page; taken: string[] }) {
  const queries = useQueryClient();
  const [doing, setDoing] = useState<"rename" | "drop" | null>(null);
  const [name, setName] = useState(view.name);
  const [told, setTold] = useState("");
  const done = (): void => {
    setDoing(null);
    setTold("");
    void queries.invalidateQueries({ queryKey: ["views"] });
  };
  const fail = (fault: unknown): void => setTold(said(fault));
  const rename = (event: FormEvent): void => {
    event.preventDefault();
    if (name === view.name) setDoing(null);
    else if (taken.includes(name)) setTold("Another view has this name: delete it first.");
    else void renameView(view, name).then(done, fail);
  };
  return (
    <div className="changes">
      {doing === null && (
        <>
          <button className="quiet" aria-label={`Rename ${view.name}`} onClick={() => setDoing("rename")}>
            Rename
          </button>
          <button className="quiet" aria-label={`Delete ${view.name}`} onClick={() => setDoing("drop")}>
            Delete
          </button>
        </>
      )}
      {doing === "rename" && (
        <form onSubmit={rename}>
          <input
            aria-label={`New name of ${view.name}`}
            required
            maxLength={80}
            value={name}
            autoFocus
            onChange={(e) => setName(e.target.value)}
          />
          <button className="control">Rename it</button>
        </form>
      )}
      {doing === "drop" && (
        <button className="control" autoFocus onClick={() => void dropView(view.name).then(done, fail)}>
          Delete {view.name}
        </button>
      )}
      {doing && (
        <button className="quiet" onClick={() => setDoing(null)}>
          Keep it
        </button>
      )}
      <span role="status">{told}</span>
    </div>
  );
}
