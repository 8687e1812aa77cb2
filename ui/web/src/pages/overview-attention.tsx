import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { getBudgets, getNotices, type BudgetList, type NoticeList } from "../api/budget";
import type { Answer, Fault } from "../api/client";
import { getDoctor, getRhythms, type Report } from "../api/keeping";
import { useHouse } from "../ui/house";
import { attentionOf, type Matter } from "./overview-matters";
import { usePulse, useUsual } from "./workload-parts";

const SHOWN = 4;

/** The budgets that are open now. */
export const useBudgets = () =>
  useQuery<BudgetList, Fault>({
    queryKey: ["ledger", "budgets"],
    queryFn: ({ signal }) => getBudgets({ limit: "200" }, signal),
  });

/** What needs somebody, the gravest first: each with its money and the place that mends it. */
export function Attention({ answer }: { answer: Answer }) {
  const { hears, session } = useHouse();
  const budgets = useBudgets();
  const pulse = usePulse();
  const usual = useUsual(pulse.data);
  const lost = useQuery<NoticeList, Fault>({
    queryKey: ["ledger", "notices", "given_up"],
    queryFn: ({ signal }) => getNotices({ state: "given_up", limit: "100" }, signal),
  });
  const doctor = useQuery<Report, Fault>({
    queryKey: ["ledger", "doctor"],
    queryFn: getDoctor,
    enabled: session.whole, // it is of the whole organisation, as sources are
  });
  const sources = useQuery<Awaited<ReturnType<typeof getRhythms>>, Fault>({
    queryKey: ["ledger", "sources", "rhythms"],
    queryFn: getRhythms,
    enabled: session.whole,
    refetchInterval: 60_000, // silence grows while nothing is booked
  });
  const matters = attentionOf({
    answer,
    budgets: budgets.data,
    lost: lost.data?.items ?? [],
    broken: doctor.data?.findings.filter((f) => f.state === "broken") ?? [],
    silent: sources.data?.items.filter((s) => s.rhythm === "silent") ?? [],
    unfetched: sources.data?.pollers.filter((p) => p.rhythm === "silent") ?? [],
    pulse: pulse.data,
    usual,
    hears,
  });
  const unread = [budgets.error && "budgets", lost.error && "alerts", sources.error && "sources"]
    .filter(Boolean)
    .join(" and ");
  return (
    <section className="card attention">
      <div className="title">
        <h2>Needs attention</h2>
        <span className="soft">
          {matters.length > SHOWN ? `the gravest ${SHOWN} of ${matters.length}` : "as of now"}
        </span>
      </div>
      {matters.length === 0 && <p className="inset soft">Nothing that is known here needs anybody.</p>}
      <ul>
        {matters.slice(0, SHOWN).map((matter) => (
          <Item key={matter.title} matter={matter} />
        ))}
      </ul>
      {unread && <p className="inset soft">Could not read {unread}; they are not looked at here.</p>}
    </section>
  );
}

const MARKS: Record<Matter["tone"], string> = { crit: "urgent", warn: "soon", soft: "when there is time" };

function Item({ matter: m }: { matter: Matter }) {
  return (
    <li>
      <i className={`dot ${m.tone}`} />
      <div>
        <Link to={m.to} hash={m.hash} search={(old) => ({ ...old, sort: undefined, ...m.search })}>
          {m.title}
          <span className="hidden">, {MARKS[m.tone]}</span>
        </Link>
        <p className="soft">{m.text}</p>
      </div>
      {m.money && (
        <p className={`sum ${m.tone}`}>
          {m.money}
          {m.per && <span className="soft">{m.per}</span>}
        </p>
      )}
    </li>
  );
}
