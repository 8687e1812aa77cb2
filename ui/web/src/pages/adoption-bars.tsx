import type { Adoption } from "../api/adoption";
import { divide, ONE, units } from "../lib/decimal";
import { count, exact, money, percent } from "../lib/format";
import { between, long, plus, short } from "../lib/time";

interface Bar {
  name: string;
  n: bigint;
  figure: string;
  note?: string;
  title?: string;
}

// Bars sets figures against the largest of them.
function Bars({ bars, label }: { bars: Bar[]; label: string }) {
  const most = bars.reduce((a, b) => (b.n > a ? b.n : a), 1n);
  return (
    <ul className="people-bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.name} title={bar.title}>
          <span>{bar.name}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect className="track" width={100} height={10} />
            <rect className="part" width={Number((bar.n * 10_000n) / most) / 100} height={10} />
          </svg>
          <b>{bar.figure}</b>
          <span className="soft">{bar.note}</span>
        </li>
      ))}
    </ul>
  );
}

const heads = (n: number): bigint => units(String(n)) ?? 0n;
const shareOf = (n: bigint, all: bigint): string => (all > 0n ? percent((n * ONE) / all) : "");

/** How many workflows, and how many applications, people use. */
export function Breadth({ shown }: { shown: Adoption }) {
  const all = heads(shown.active ?? 0);
  const bars = (bins: Adoption["workflows"]["bins"], what: string): Bar[] =>
    bins.map((b) => ({
      name: `${numbers(b.from, b.through)} ${b.from === 1 && b.through === 1 ? what : `${what}s`}`,
      n: heads(b.people),
      figure: count(heads(b.people)),
      note: shareOf(heads(b.people), all),
    }));
  return (
    <section className="card">
      <div className="title">
        <h2>How widely it is used</h2>
        <span className="soft">people by what they use; bins of few are merged</span>
      </div>
      <Bars bars={bars(shown.workflows.bins, "workflow")} label="People by workflows used" />
      <Bars bars={bars(shown.applications.bins, "application")} label="People by applications used" />
    </section>
  );
}

function numbers(from: number, through?: number | null): string {
  if (through === null || through === undefined) return `${from} and more`;
  if (from === 0 && through === 0) return "No named";
  return from === through ? String(from) : `${from} to ${through}`;
}

const PARTS: Record<number, string> = { 2: "half", 3: "third", 4: "quarter", 5: "fifth" };
const RANK = ["Busiest", "Second", "Third", "Fourth", "Last"];

/** How much of the use is that of how many people. */
export function Concentration({ shown: { concentration: parts, calls, meta, minimum_group } }: { shown: Adoption }) {
  const size = PARTS[parts.length] ?? "part";
  const bars = parts.map((p, i): Bar => {
    const n = heads(p.calls);
    return {
      name: `${i === parts.length - 1 ? "Last" : RANK[i]} ${size}, ${p.people}`,
      n,
      figure: shareOf(n, heads(calls)),
      note: money(units(p.cost), meta.currency),
      title: `${count(n)} calls, ${exact(p.cost, meta.currency)}`,
    };
  });
  const whole = parts.length > 0 ? divide(heads(calls), ONE) : 0n;
  return (
    <section className="card">
      <div className="title">
        <h2>How evenly it is used</h2>
        <span className="soft">equal parts of the people; share of calls, and their cost</span>
      </div>
      {whole > 0n ? (
        <Bars bars={bars} label="Calls by equal parts of the people" />
      ) : (
        <p className="soft inset">
          Parts have {minimum_group} people or more, so there are none below {2 * minimum_group}.
        </p>
      )}
    </section>
  );
}

/** Since when people use it, and when they last did. */
export function Uses({ shown }: { shown: Adoption }) {
  const end = shown.last_use.at(-1)?.through.slice(0, 10) ?? "";
  const first = shown.first_use.map((b): Bar => ({
    name: days(b.from, b.through),
    n: heads(b.people),
    figure: count(heads(b.people)),
    note: shareOf(heads(b.people), heads(shown.active ?? 0)),
  }));
  const last = [...shown.last_use]
    .reverse()
    .map((b): Bar => ({
      name: ago(b.from.slice(0, 10), b.through.slice(0, 10), end),
      n: heads(b.people),
      figure: count(heads(b.people)),
      note: shown.known === null ? "" : shareOf(heads(b.people), heads(shown.known)),
      title: days(b.from, b.through),
    }));
  return (
    <>
      <section className="card">
        <div className="title">
          <h2>First use</h2>
          <span className="soft">of who was active, by the first call ever</span>
        </div>
        <Bars bars={first} label="People by first use" />
      </section>
      <section className="card">
        <div className="title">
          <h2>Last use</h2>
          <span className="soft">
            {shown.known === null ? "of who was active" : "of everybody who is known"}, by the last call before{" "}
            {long(plus(end, 1))}
          </span>
        </div>
        <Bars bars={last} label="People by last use" />
      </section>
    </>
  );
}

function days(from: string, through: string): string {
  const [a, b] = [from.slice(0, 10), through.slice(0, 10)];
  if (a === b) return long(a);
  if (a.endsWith("-01") && plus(b, 1).endsWith("-01") && between(a, b) < 31) return long(a).replace(/^\d+ /, "");
  return a.slice(0, 4) === b.slice(0, 4) ? `${short(a)} to ${short(b)}` : `${long(a)} to ${long(b)}`;
}

function ago(from: string, through: string, end: string): string {
  const [far, near] = [between(from, end), between(through, end)];
  if (far === 0) return "On the last day";
  return near === far ? `${far} days before` : `${near} to ${far} days before`;
}
