import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { drop } from "./lib/dropped";
import { readView, unknownOf, type View } from "./lib/view";
import { Entry } from "./ui/entry";

const root = createRootRoute({ component: Entry, validateSearch: read });

function read(given: Record<string, unknown>): View {
  const view = readView(given);
  drop(unknownOf(given, view));
  return view;
}

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/page-overview")),
});
const explore = createRoute({
  getParentRoute: () => root,
  path: "/explore",
  component: lazyRouteComponent(() => import("./pages/page-explore")),
});
const quality = createRoute({
  getParentRoute: () => root,
  path: "/quality",
  component: lazyRouteComponent(() => import("./pages/page-quality")),
});
const reconciliation = createRoute({
  getParentRoute: () => root,
  path: "/reconciliation",
  component: lazyRouteComponent(() => import("./pages/page-reconciliation")),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/page-settings")),
});
const settingsPart = createRoute({
  getParentRoute: () => root,
  path: "/settings/$part",
  component: lazyRouteComponent(() => import("./pages/page-settings")),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  component: lazyRouteComponent(() => import("./pages/page-runs")),
});
const bill = createRoute({
  getParentRoute: () => root,
  path: "/bill",
  component: lazyRouteComponent(() => import("./pages/page-bill")),
});
const outcomes = createRoute({
  getParentRoute: () => root,
  path: "/outcomes",
  component: lazyRouteComponent(() => import("./pages/page-outcomes")),
});
const adoption = createRoute({
  getParentRoute: () => root,
  path: "/adoption",
  component: lazyRouteComponent(() => import("./pages/page-adoption")),
});
const forecast = createRoute({
  getParentRoute: () => root,
  path: "/forecast",
  component: lazyRouteComponent(() => import("./pages/page-forecast")),
});
const budgets = createRoute({
  getParentRoute: () => root,
  path: "/budgets",
  component: lazyRouteComponent(() => import("./pages/page-budgets")),
});
const alerts = createRoute({
  getParentRoute: () => root,
  path: "/alerts",
  component: lazyRouteComponent(() => import("./pages/page-alerts")),
});
const workflows = createRoute({
  getParentRoute: () => root,
  path: "/workflows",
  component: lazyRouteComponent(() => import("./pages/page-workflows")),
});
const workflow = createRoute({
  getParentRoute: () => root,
  path: "/workflows/$name",
  component: lazyRouteComponent(() => import("./pages/page-workflow")),
});
const agents = createRoute({
  getParentRoute: () => root,
  path: "/agents",
  component: lazyRouteComponent(() => import("./pages/page-agents")),
});
const agent = createRoute({
  getParentRoute: () => root,
  path: "/agents/$name",
  component: lazyRouteComponent(() => import("./pages/page-agent")),
});

/** Every page, and how its view is read from and written to the address. */
export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    explore,
    runs,
    bill,
    outcomes,
    adoption,
    forecast,
    budgets,
    alerts,
    workflows,
    workflow,
    agents,
    agent,
    quality,
    reconciliation,
    settings,
    settingsPart,
  ]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (view) => {
    const given = Object.entries(view).filter(([, value]) => value !== undefined && value !== "");
    const text = new URLSearchParams(given as [string, string][]).toString();
    return (
      text && `?${text.replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%21", "!")}`
    );
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
