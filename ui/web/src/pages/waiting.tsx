import { useState } from "react";

const KEY = "export BURSAR_TOKEN=$(bursar key create events --name my-app --team my-team --application my-app)";

function curl(): string {
  const event = {
    specversion: "1.0",
    type: "com.bursarhq.usage.v1",
    source: "my-app",
    id: "call-1",
    time: new Date().toISOString().replace(/\.\d+/, ""),
    data: {
      seller: "openai",
      requested_model: "gpt-5",
      usage: { input_tokens: 1200, output_tokens: 80 },
      scope: { workflow: "first-try", run: "run-1" },
    },
  };
  return `curl ${location.origin}/api/v1/events \\\n  -H "Authorization: Bearer $BURSAR_TOKEN" -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(event)}'`;
}

const GATEWAY = () => `export OPENAI_BASE_URL=${location.origin}/openai/v1
export OPENAI_API_KEY=$(bursar key create --name my-app --team my-team --application my-app)`;

/** Says how to send the first event, with the lines filled in; it goes when the event lands. */
export function Waiting() {
  const [post] = useState(curl);
  return (
    <div className="waiting">
      <h1>Nothing booked yet</h1>
      <p role="status">
        <i className="dot warn" /> Waiting for the first event. This page shows it as soon as it is there.
      </p>
      <Way
        title="Change a base URL"
        text="Calls through the gateway are metered as they are made. docs/gateway.md says how to name an upstream."
        code={GATEWAY()}
      />
      <Way
        title="Post an event"
        text="Make a token for the program that calls models, then send one call."
        code={`${KEY}\n${post}`}
      />
      <Way
        title="Import a file"
        text="Usage that you have, with a mapping that says which column is which."
        code="bursar import csv usage.csv --map mapping.yaml"
      />
    </div>
  );
}

function Way({ title, text, code }: { title: string; text: string; code: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <section className="card way">
      <h2>{title}</h2>
      <p className="soft">{text}</p>
      <pre tabIndex={0}>{code}</pre>
      <button className="control" onClick={() => void navigator.clipboard.writeText(code).then(() => setCopied(true))}>
        {copied ? "Copied" : "Copy"}
      </button>
    </section>
  );
}
