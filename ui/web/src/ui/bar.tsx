import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { dayOf, plus } from "../lib/time";
import type { Effects } from "../lib/effect";
import { COMPARISONS, RANGES } from "../lib/view";
import { against } from "../lib/window";
import { CurrencySelect } from "./currency-select";
import { useHouse, useView } from "./house";
import { PeriodSelect } from "./period-select";
import { Views } from "./saved-views";

const versus = Object.fromEntries(
  Object.entries(COMPARISONS).map(([id, name]) => [id, id === "none" ? name : `vs ${name}`]),
);

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The bar on top of every page: where to, which days, against which. */
export function Bar({ effects }: { effects: Effects }) {
  const { session, now } = useHouse();
  const { view, window: w, change } = useView();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const today = dayOf(now(), session.zone);
  const last = plus(today, -1);
  const earlier = against(w);
  return (
    <header>
      <button className="control find" onClick={spotlight.open}>
        Search or jump to <kbd>Ctrl K</kbd>
      </button>
      {session.demo && <span className="badge">DEMO</span>}
      <PeriodSelect
        id="range"
        label="Range"
        value={view.range ?? ""}
        choices={RANGES}
        from={earlier ? w.since : plus(last, -29)}
        to={earlier ? plus(w.until, -1) : last}
        last={today}
        off={effects.range}
        set={(range) => change({ range })}
      />
      <PeriodSelect
        id="compare"
        label="Compare"
        value={view.vs ?? "prev"}
        choices={versus}
        from={earlier?.since ?? ""}
        to={earlier ? plus(earlier.until, -1) : ""}
        last={last}
        off={
          effects.compare || (earlier ? "" : `${sentence(w.text)} has no window to compare with: choose complete days.`)
        }
        set={(vs) => change({ vs: vs === "prev" ? undefined : vs })}
      />
      <CurrencySelect off={effects.currency} />
      <Views />
      <button className="control" onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}>
        {scheme === "dark" ? "Light" : "Dark"}
      </button>
    </header>
  );
}
