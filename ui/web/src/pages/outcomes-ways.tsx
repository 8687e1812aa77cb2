/** Three ways to tell results. */
export function Ways() {
  return (
    <section className="card way">
      <h2>No result is linked in this window</h2>
      <p className="soft">A result is a ticket resolved, a pull request merged. Tell them in one of three ways:</p>
      <p>From a file, once or every night</p>
      <pre tabIndex={0}>
        bursar import outcomes tickets.csv --definition support.resolution --workflow refund_triage
      </pre>
      <p>From the system of record, as it happens</p>
      <pre tabIndex={0}>{`curl -X POST ${location.origin}/api/v1/outcomes \\
  -H "Authorization: Bearer $BURSAR_TOKEN" -H 'Content-Type: application/json' --data-binary @outcome.json`}</pre>
      <p>From commits, with the run that made them</p>
      <pre tabIndex={0}>bursar outcome trailer install</pre>
    </section>
  );
}
