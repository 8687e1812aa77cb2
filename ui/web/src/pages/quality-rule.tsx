import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { apply, getApplied, preview, restate, type Application, type Moves, type Suggestion } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { long } from "../lib/time";
import { said } from "../ui/said";

const FILE = "from-quality";
const HEAD = `kind: attribution\nname: ${FILE}\nattribution: bursar/1\nrules:\n`;

interface Shown {
  documents: { file: string; text: string }[];
  moves: Moves;
  dry: Application;
}

/** A rule for one slice: changed by a person, previewed behind the rules in force, put in force, and told to the past. */
export function Rule({ slice, from }: { slice: Suggestion; from: string }) {
  const queries = useQueryClient();
  const [text, setText] = useState(slice.rule);
  const [shown, setShown] = useState<Shown | null>(null);
  const [stands, setStands] = useState(false);
  const [told, setTold] = useState("");
  const [busy, setBusy] = useState(false);
  const day = from.slice(0, 10);
  const run = (work: () => Promise<void>): void => {
    setBusy(true);
    setTold("");
    void work()
      .catch((fault: unknown) => setTold(said(fault)))
      .finally(() => setBusy(false));
  };
  const ask = async (): Promise<void> => {
    const { documents: applied } = await getApplied();
    const own = applied.find((d) => d.name === `attribution/${FILE}`)?.text.trimEnd();
    const id = /id: *(\S+)/.exec(text)?.[0];
    if (own && id && own.split("\n").some((line) => line.endsWith(id))) {
      setStands(true);
      return;
    }
    const documents = [{ file: `${FILE}.yaml`, text: `${own ? `${own}\n` : HEAD}${text.trimEnd()}\n` }];
    const dry = await apply(documents, { dry_run: true });
    setShown({ documents, moves: await preview(documents, day, slice.lacks), dry });
  };
  const put = async (): Promise<void> => {
    if (!shown) return;
    await apply(shown.documents, shown.dry.over ? { over: shown.dry.over } : {});
    setStands(true);
    void queries.invalidateQueries({ queryKey: ["settings"] });
  };
  const past = async (): Promise<void> => {
    const { moved, currency } = await restate(day);
    setTold(`${lines(moved.lines)} with ${money(units(moved.cost), currency)} booked anew; no total has moved.`);
    await queries.invalidateQueries({ queryKey: ["ledger"] });
  };
  return (
    <div className="rule">
      <label className="soft" htmlFor="rule">
        The name in it is a guess from {slice.field}: only a person knows whose this is. Change it before you preview
        it.
      </label>
      <textarea
        id="rule"
        rows={8}
        spellCheck={false}
        value={text}
        disabled={stands}
        onChange={(e) => {
          setText(e.target.value);
          setShown(null);
        }}
      />
      {!shown && (
        <button className="control primary" disabled={busy} onClick={() => run(ask)}>
          Preview it with the rules in force
        </button>
      )}
      {shown && <Effect shown={shown} day={day} />}
      {shown && !stands && (
        <button className="control primary" disabled={busy} onClick={() => run(put)}>
          Put it in force for what comes
        </button>
      )}
      {stands && (
        <>
          <p>It is in force. What is booked stays as it was, until the past is attributed anew.</p>
          <button className="control" disabled={busy} onClick={() => run(past)}>
            Attribute all since {long(day)} anew
          </button>
        </>
      )}
      <p role="status">{busy ? "Deciding anew\u2026" : told}</p>
    </div>
  );
}

const lines = (n: number): string => `${count(units(String(n)))} lines`;

function Effect({ shown: { moves, dry }, day }: { shown: Shown; day: string }) {
  const { moved, unchanged, currency } = moves;
  return (
    <>
      <p>
        <b>
          {`${count(units(String(moved.calls)))} calls and ${money(units(moved.cost), currency)} would move; nothing is booked`}
        </b>{" "}
        yet. {count(units(String(unchanged.calls)))} calls since {long(day)} would stay whose they are.
      </p>
      <ul className="changes-list">
        {dry.changes.map((c) => (
          <li key={c.mark + c.what}>
            <code>{c.mark}</code> {c.what} {c.refused && <span className="error">{c.refused}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
