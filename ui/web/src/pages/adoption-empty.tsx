import { Wider } from "../ui/wider";

/** Says why nothing is shown of people. */
export function Few({ least }: { least: number }) {
  return (
    <p className="notice">
      Fewer than {least} people were active here, or than {least} beside the other groups: nothing more is said of them.{" "}
      <Wider />
    </p>
  );
}

/** Says how calls name people. */
export function NoPeople({ text }: { text: string }) {
  return (
    <section className="card way">
      <h2>No call in {text} names a person</h2>
      <p className="soft">
        An event or a mapping says whose call it is, as principal: an e-mail, a user name or an account id. The ledger
        keeps a random id in its place.
      </p>
      <pre tabIndex={0}>{`"scope": {"workflow": "triage", "principal": "ada@example.org"}`}</pre>
      <p className="controls">
        <Wider />
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
