import { useView } from "../ui/house";

/** Says why nothing is shown of people. */
export function Few({ least }: { least: number }) {
  const { change } = useView();
  return (
    <p className="notice">
      Fewer than {least} people were active here, or than {least} beside the other groups: nothing more is said of them.{" "}
      <button className="quiet" onClick={() => change({ f: undefined })}>
        Clear filters
      </button>{" "}
      <button className="quiet" onClick={() => change({ range: "90d" })}>
        Widen to 90 days
      </button>
    </p>
  );
}

/** Says how calls name people. */
export function NoPeople({ text }: { text: string }) {
  const { change } = useView();
  return (
    <section className="card way">
      <h2>No call in {text} names a person</h2>
      <p className="soft">
        An event or a mapping says whose call it is, as principal: an e-mail, a user name or an account id. The ledger
        keeps a random id in its place.
      </p>
      <pre tabIndex={0}>{`"scope": {"workflow": "triage", "principal": "ada@example.org"}`}</pre>
      <p className="controls">
        <button className="quiet" onClick={() => change({ f: undefined })}>
          Clear filters
        </button>{" "}
        <button className="quiet" onClick={() => change({ range: "90d" })}>
          Widen to 90 days
        </button>
      </p>
    </section>
  );
}

/** Says how seats come in. */
export function NoSeats({ text }: { text: string }) {
  return (
    <div className="way">
      <h2>No seat is paid for in {text}</h2>
      <p className="soft">A file of purchases says what seats cost, how many there are, and how many are in use:</p>
      <pre tabIndex={0}>bursar import purchases purchases.csv</pre>
    </div>
  );
}
