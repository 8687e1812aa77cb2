import { useHouse } from "./house";

const PAGES = [
  { to: "/", name: "Overview", head: "" },
  { to: "/explore", name: "Explore", head: "" },
  { to: "/bill", name: "Bill explained", head: "" },
  { to: "/workflows", name: "Workflows", head: "Consumption" },
  { to: "/agents", name: "Agents", head: "" },
  { to: "/runs", name: "Runs", head: "" },
  { to: "/outcomes", name: "Outcomes", head: "" },
  { to: "/adoption", name: "Adoption", head: "" },
  { to: "/budgets", name: "Budgets", head: "Control" },
  { to: "/alerts", name: "Alerts", head: "" },
  { to: "/forecast", name: "Forecast", head: "" },
  { to: "/quality", name: "Quality", head: "Keeping" },
  { to: "/reconciliation", name: "Reconciliation", head: "" },
  { to: "/settings", name: "Settings", head: "" },
] as const;

/** The pages that hold something for whoever looks: bills are of the whole organisation. */
export function usePages(): (typeof PAGES)[number][] {
  const { session } = useHouse();
  return PAGES.filter(({ to }) => session.whole || to !== "/reconciliation");
}
