import { Popover } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import type { Fault } from "../api/client";
import { dropView, getViews, keepView, type SavedView, type SavedViews } from "../api/frame";
import { useView } from "./house";
import { said } from "./said";

const KEY = ["views"];

/** The views that whoever looks has named. */
export const useSavedViews = () =>
  useQuery<SavedViews, Fault>({ queryKey: KEY, queryFn: ({ signal }) => getViews(signal) });

/** Opens a view that was saved. Its name stands in the address, so that a change of it is told. */
export function useOpenView(): (view: SavedView) => void {
  const { history } = useRouter();
  return (view) => history.push(hrefOf(view));
}

function hrefOf(view: SavedView): string {
  const name = `saved=${encodeURIComponent(view.name)}`;
  return `${view.page}?${view.query ? `${view.query}&${name}` : name}`;
}

// useHere gives the address on show as a view keeps it.
function useHere(): Pick<SavedView, "page" | "query"> {
  return useRouterState({
    select: ({ location: { pathname, searchStr } }) => {
      const parts = searchStr.replace(/^\?/, "").split("&");
      return { page: pathname, query: parts.filter((one) => one && !one.startsWith("saved=")).join("&") };
    },
    structuralSharing: true,
  });
}

/** Saves what is looked at under a name, and opens and deletes what was saved. */
export function Views() {
  const [opened, setOpened] = useState(false);
  const { view } = useView();
  const here = useHere();
  const asked = useSavedViews();
  const now = asked.data?.items.find((one) => one.name === view.saved && one.page === here.page);
  const changed = now !== undefined && now.query !== here.query;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      trapFocus
      returnFocus
      withinPortal={false}
      withRoles={false}
    >
      <Popover.Target>
        <button
          id="views"
          className="control saved"
          aria-haspopup="dialog"
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <span>{now ? now.name : "Views"}</span>
          {changed && <span className="soft">changed</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="views" role="dialog" aria-label="Saved views">
        <Inside here={here} now={now} changed={changed} asked={asked} close={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface Props {
  here: Pick<SavedView, "page" | "query">;
  now?: SavedView;
  changed: boolean;
  asked: ReturnType<typeof useSavedViews>;
  close: () => void;
}

function Inside({ here, now, changed, asked, close }: Props) {
  const queries = useQueryClient();
  const openView = useOpenView();
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState("");
  const items = asked.data?.items ?? [];
  const open = (view: SavedView): void => {
    close();
    openView(view);
  };
  const keep = (as: string): void =>
    void keepView({ ...here, name: as })
      .then((all) => {
        queries.setQueryData(KEY, all);
        const kept = all.items.find((one) => one.name === as);
        if (kept) open(kept);
      })
      .catch((fault: unknown) => setWrong(said(fault)));
  const drop = (view: SavedView): void =>
    void dropView(view.name)
      .then(() => queries.invalidateQueries({ queryKey: KEY }))
      .catch((fault: unknown) => setWrong(said(fault)));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim()) keep(name.trim());
  };
  return (
    <>
      {asked.error && <p className="error">{said(asked.error)}</p>}
      {asked.data && items.length === 0 && (
        <p className="soft">No view is saved yet. A view is this page with its range, comparison and filter.</p>
      )}
      <ul>
        {items.map((view) => (
          <li key={view.name}>
            <button className="quiet" onClick={() => open(view)} aria-current={view === now ? "true" : undefined}>
              {view.name}
            </button>
            <span className="soft">{view.page}</span>
            <button className="quiet" aria-label={`Delete ${view.name}`} onClick={() => drop(view)}>
              Delete
            </button>
          </li>
        ))}
      </ul>
      {now && changed && (
        <p className="row">
          {now.name} was changed.{" "}
          <button className="control" onClick={() => keep(now.name)}>
            Save
          </button>
          <button className="control" onClick={() => open(now)}>
            Revert
          </button>
        </p>
      )}
      <form className="row" onSubmit={submit}>
        <input
          aria-label="Name of the view"
          placeholder="Name this view"
          maxLength={80}
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
        <button className="control primary">Save view</button>
      </form>
      <p className="error" role="alert">
        {wrong}
      </p>
    </>
  );
}
