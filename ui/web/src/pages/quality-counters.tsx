import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getSources, type Counter } from "../api/keeping";
import { units } from "../lib/decimal";
import { count } from "../lib/format";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { Listing, Panel } from "../ui/listing";
import { askedOf, useMoment } from "./settings-pages";

const tokens = (n: number): string => count(units(String(n)));

/** What services count of their tokens, and what of it is in the ledger. */
export function Counters() {
  const [open, setOpen] = useState<Counter | null>(null);
  const asked = useQuery<Awaited<ReturnType<typeof getSources>>, Fault>({
    queryKey: ["ledger", "sources"],
    queryFn: getSources,
  });
  const exports = askedOf("/api/v1/sources", "counters", { query: { list: "counters" }, csv: true });
  return (
    <Panel
      title="Token counters against the ledger"
      note="tokens in the last two days, of hours that were heard whole"
      end={<AskedMenu name="the counters" asked={exports} />}
      asked={asked}
      show={({ counters, sampling }) => (
        <>
          <Listing<Counter>
            label="Token counters against the ledger"
            lines={counters}
            idOf={nameOf}
            none="No service counts its tokens in metrics of OpenTelemetry: whether all of its calls are told is not known."
            open={setOpen}
            fields={[
              { name: "Service", show: (c) => c.service },
              { name: "Model", show: (c) => c.model || "(none)" },
              { name: "Counted", figure: true, show: (c) => tokens(c.counted_tokens) },
              { name: "Of calls", figure: true, show: (c) => tokens(c.booked_tokens) },
              { name: "By counters", figure: true, show: (c) => tokens(c.untold_tokens) },
              { name: "Difference", figure: true, show: (c) => tokens(missing(c)) },
              { name: "Why", show: (c) => <Why of={c} /> },
            ]}
          />
          {sampling.map((s) => (
            <p className="soft inset" key={`${s.application} ${s.service}`}>
              {s.service || "(no service)"} keeps {s.share} of its traces,{" "}
              {s.how === "tracestate" ? "as its spans say" : "by its counters"}.
            </p>
          ))}
          <Detail title={open && `Counters of ${open.service}`} close={() => setOpen(null)}>
            {open && <Told counter={open} />}
          </Detail>
        </>
      )}
    />
  );
}

const nameOf = (c: Counter): string => [c.application, c.service, c.seller, c.model].join("\n");
const missing = (c: Counter): number => c.counted_tokens - c.booked_tokens - c.untold_tokens;

function Why({ of }: { of: Counter }) {
  const lost = of.verdict === "short" && missing(of) * 50 > of.counted_tokens;
  return <span className={lost ? "state warn" : undefined}>{of.explanation}</span>;
}

function Told({ counter: c }: { counter: Counter }) {
  const at = useMoment();
  return (
    <>
      <p>{c.explanation}.</p>
      <Facts
        facts={[
          ["Application", c.application || "(none)"],
          ["Seller", c.seller || "(not said)"],
          ["Metrics", c.family || "(none)"],
          ["Share of calls", c.share ?? "unknown"],
          ["Hours", String(c.hours.length)],
        ]}
      />
      <Listing
        label="Hours"
        lines={c.hours}
        idOf={(h) => h.hour}
        none="No hour was heard."
        fields={[
          { name: "Hour", show: (h) => at(h.hour) },
          { name: "Counted", figure: true, show: (h) => tokens(h.counted_tokens) },
          { name: "Of calls", figure: true, show: (h) => tokens(h.booked_tokens) },
          { name: "By counters", figure: true, show: (h) => tokens(h.untold_tokens) },
          { name: "Whole", show: (h) => (h.whole ? "yes" : "no") },
        ]}
      />
    </>
  );
}
