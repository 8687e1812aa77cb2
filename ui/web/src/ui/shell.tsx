import { Spotlight } from "@mantine/spotlight";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Fragment, useEffect, useState } from "react";
import { signOut } from "../api/client";
import { effectsOf } from "../lib/effect";
import { DIMENSIONS, RANGES } from "../lib/view";
import { FilterBar } from "./filter-bar";
import { Dropped } from "./dropped";
import { Bar } from "./bar";
import { useHouse, useView } from "./house";
import { Working } from "./working";
import { ZoneSelect } from "./zone-select";
import { useKeys } from "./keys";
import { KeysHelp } from "./keys-help";
import { usePages } from "./pages";
import { useOpenView, useSavedViews } from "./saved-views";

/** The frame of every page. */
export function Shell() {
  const { session } = useHouse();
  const { view } = useView();
  const pages = usePages();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const effects = effectsOf(path, view);
  const [unfolded, setUnfolded] = useState(false); // of narrow screens, which begin with the figures
  useEffect(() => setUnfolded(false), [path]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the figures
      </a>
      <nav aria-label="Pages" className={unfolded ? "unfolded" : undefined}>
        <p className="brand">
          <img src="/icon.svg" alt="" width="18" height="18" />
          Bursar
          <button className="control fold" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
            Pages
          </button>
        </p>
        {pages.map(({ to, name, head }) => (
          <Fragment key={to}>
            {head && <p className="group">{head}</p>}
            <Link
              to={to}
              search={(old) => ({
                ...old,
                sort: undefined,
                run: undefined,
                node: undefined,
                saved: undefined,
                q: undefined,
                price: undefined,
                tier: undefined,
                zone: undefined,
              })}
              activeOptions={{ exact: to === "/", includeSearch: false }}
            >
              {name}
            </Link>
          </Fragment>
        ))}
        <p className="who">
          <b>{session.organisation || "Your organisation"}</b>
          <span>
            days in {session.zone}, {session.currency}
          </span>
          <ZoneSelect />
          <button onClick={() => void leave()}>Sign out</button>
        </p>
      </nav>
      <Bar effects={effects} />
      <main id="main" tabIndex={-1}>
        <FilterBar off={effects.filter} />
        <Dropped />
        <Working />
        <Outlet />
      </main>
      <Finder />
    </div>
  );
}

async function leave(): Promise<void> {
  await signOut().catch(() => undefined); // a session that cannot be ended ends by itself
  location.reload();
}

// Finder jumps to pages, ranges and cuts, and holds the keys that work everywhere.
function Finder() {
  const navigate = useNavigate();
  const { change } = useView();
  const pages = usePages();
  const saved = useSavedViews();
  const openView = useOpenView();
  const [help, setHelp] = useState(false);
  useKeys({
    go: (to) => {
      const page = pages.find((one) => one.to === to);
      if (page) void navigate({ to: page.to, search: (old) => ({ ...old, sort: undefined, saved: undefined }) });
    },
    help: () => setHelp(true),
  });
  const actions = [
    ...pages.map(({ to, name }) => ({
      id: to,
      label: name,
      description: "Page",
      onClick: () => void navigate({ to, search: (old) => ({ ...old, saved: undefined }) }),
    })),
    ...(saved.data?.items ?? []).map((view) => ({
      id: `view ${view.name}`,
      label: view.name,
      description: "Saved view",
      onClick: () => openView(view),
    })),
    ...Object.entries(RANGES).map(([id, name]) => ({
      id,
      label: name,
      description: "Range",
      onClick: () => change({ range: id }),
    })),
    { id: "keys", label: "Keys", description: "Help", onClick: () => setHelp(true) },
    ...DIMENSIONS.map((d) => ({
      id: `by ${d}`,
      label: `Spend by ${d.replace("_", " ")}`,
      description: "Explore",
      onClick: () => void navigate({ to: "/explore", search: (old) => ({ ...old, g: d }) }),
    })),
  ];
  return (
    <>
      <Spotlight
        actions={actions}
        shortcut="mod + K"
        lockScroll={false}
        nothingFound="Nothing has this name"
        searchProps={{ placeholder: "Search", "aria-label": "Search" }}
      />
      <KeysHelp opened={help} close={() => setHelp(false)} />
    </>
  );
}
