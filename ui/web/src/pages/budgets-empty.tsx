const SAMPLE = `kind: budget
name: support
budgets:
  - {id: support/month, scope: {application: support}, amount: 500, currency: USD, period: month, owner: support}`;

/** Says how a first budget comes to be. */
export function BudgetsEmpty() {
  return (
    <section className="card way">
      <h2>No budget is in force</h2>
      <p className="soft">
        A budget is a limit on what the calls of a scope use in a window. It is declared in a file and applied; what has
        no budget alerts nobody.
      </p>
      <pre tabIndex={0}>{SAMPLE}</pre>
      <pre tabIndex={0}>bursar apply -f support.yaml</pre>
    </section>
  );
}
