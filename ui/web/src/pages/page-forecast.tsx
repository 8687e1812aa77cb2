import { useQuery } from "@tanstack/react-query";
import { getForecast, type Fault, type Forecast } from "../api/client";
import { units } from "../lib/decimal";
import { exact, headline, percent, unitCost } from "../lib/format";
import { asWhere, readFilter } from "../lib/filter";
import { clockOf } from "../lib/grain";
import { between, dayOf, long, short } from "../lib/time";
import type { Window } from "../lib/view";
import { AskedMenu, flagsOf } from "../ui/asked-menu";
import { useHouse, useView } from "../ui/house";
import { HouseStrip, useBooked } from "../ui/house-strip";
import { Tile } from "../ui/tile";
import { Trouble } from "../ui/trouble";
import { Beside } from "./forecast-beside";
import { Earlier } from "./forecast-earlier";
import { Path } from "./forecast-path";
import "./forecast.css";
import { datesOf, ForecastTable } from "./forecast-table";
import { Waiting } from "./waiting";

const MOST = 400;

// daysOf is how far the page looks ahead: as far as its range looks back.
function daysOf(w: Window): number {
  const days = clockOf(w.grain) > 0 || !w.since ? 30 : between(w.since, w.until);
  return Math.min(Math.max(days, 1), MOST);
}

/** What comes next, and how sure that is. */
export default function ForecastPage() {
  const { view, window: w } = useView();
  const { now } = useHouse();
  const dimension = view.g ?? "workflow";
  const where = readFilter(view.f ?? "").map(asWhere);
  const query = {
    by: dimension,
    horizon: `${daysOf(w)}d`,
    ...(where.length > 0 && { where }),
    ...(view.cur && { currency: view.cur }),
  };
  const booked = useBooked(); // without that there is nothing to forecast from
  const asked = useQuery<Forecast, Fault>({
    queryKey: ["forecast", query],
    queryFn: ({ signal }) => getForecast({ ...query, days: "true", top: "100" }, signal),
    enabled: booked === true,
    staleTime: 600_000, // it is of whole days
  });
  if (booked === false) return <Waiting />;
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  const f = asked.data;
  const { first } = datesOf(f);
  const exports = {
    path: "/api/v1/forecast",
    query,
    file: "forecast",
    command: `bursar forecast ${flagsOf(query)}`,
    csv: true,
  };
  return (
    <>
      <div className="head">
        <h1>Forecast</h1>
        <p className="soft">
          the {f.days} days from {short(first)}, as many as are looked at
          {first === dayOf(now(), f.tz) && "; today is not over and is forecast"}
        </p>
        <AskedMenu asked={exports} />
      </div>
      <HouseStrip />
      {f.rate_ahead && <Assumed rate={f.rate_ahead} />}
      <Tiles forecast={f} />
      <section className="card">
        <div className="title">
          <h2>By day</h2>
          <span className="soft">the band holds 80% of such days; the days of a band do not add up</span>
        </div>
        <Path forecast={f} />
      </section>
      <section className="card">
        <div className="title">
          <h2>By {dimension.replace("_", " ")}</h2>
          <span className="soft">rows add up to the total, their intervals do not</span>
        </div>
        <ForecastTable forecast={f} dimension={dimension} />
        <Beside forecast={f} />
      </section>
      <Earlier />
    </>
  );
}

function Tiles({ forecast: f }: { forecast: Forecast }) {
  const whole = f.rows[0];
  const interval = whole?.intervals[0];
  const write = (text: string | null | undefined): string => headline(units(text), f.currency);
  const held = f.record.levels[0];
  const { past, ahead } = datesOf(f);
  const alone = whole && units(whole.mean) !== 0n && whole.mean === whole.booked_ahead; // nothing is forecast
  return (
    <div className="tiles">
      <Tile
        title={`${alone ? "Booked" : "Forecast"} ${ahead}`}
        value={write(whole?.mean)}
        note={`${whole?.before === null ? "no rate" : write(whole?.before)} measured ${past}`}
        exact={`${whole?.mean ?? ""} ${f.currency}`}
      />
      <Tile
        title="80% of the time"
        value={interval?.refused ? "not known" : `${write(interval?.low)} to ${write(interval?.high)}`}
        note={
          interval?.refused
            ? "the past is too short; why is said below"
            : "from the errors of earlier forecasts over as many days"
        }
        exact={interval?.refused}
      />
      <Tile
        title="Earlier forecasts"
        value={f.record.enough && held ? `${held.held} of ${held.asked} held` : "not enough yet"}
        note={
          f.record.enough
            ? `the total was ${percent(hundredth(f.record.error_pct))} off`
            : `${f.record.judged} of ${f.record.least} have ended`
        }
      />
    </div>
  );
}

/** By which exchange rate days to come are told: nobody knows theirs yet. */
const Assumed = ({ rate }: { rate: NonNullable<Forecast["rate_ahead"]> }) => (
  <p className="notice" title={exact(rate.rate, rate.to)}>
    Days to come are converted by the exchange rate of {long(rate.day)}, {unitCost(units(rate.rate), rate.to)} for 1{" "}
    {rate.from}, as if it held: an assumption. Days before are converted by their own.
  </p>
);

const hundredth = (text: string | null): bigint | null => {
  const u = units(text);
  return u === null ? null : u / 100n;
};
