import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import type { RunLine } from "../api/runs";
import { duration, moment, took } from "../lib/duration";
import { whole } from "../lib/format";
import { useZone } from "../ui/house";

/** Says what one call was charged by: its parts add up to the price in the list. */
export function CallDrawer({ line, currency, close }: { line: RunLine | null; currency: string; close: () => void }) {
  return (
    <Drawer
      opened={line !== null}
      onClose={close}
      position="right"
      size={420}
      lockScroll={false}
      title={line?.model || line?.kind || ""}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {line && <Call line={line} currency={currency} />}
    </Drawer>
  );
}

/** What a call costs; one that has a price and no amount is of a day without an exchange rate. */
export const costOf = (line: RunLine, currency: string): string =>
  line.cost === null && line.list !== null ? "no rate" : whole(line.cost, currency);

const COMPONENTS: Record<string, string> = {
  in: "input",
  out: "output",
  cache_read: "cache read",
  cache_write: "cache write",
};

function Call({ line, currency }: { line: RunLine; currency: string }) {
  const zone = useZone();
  const row = (name: string, value: ReactNode) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      <td>{value || "\u2013"}</td>
    </tr>
  );
  const facts = [...new Set(line.facts.split(",").filter(Boolean))];
  return (
    <div className="call">
      <h3>Price</h3>
      <table>
        <tbody>
          {Object.entries(line.parts).map(([part, text]) =>
            row(COMPONENTS[part] ?? part.replaceAll("_", " "), whole(text, line.list_currency)),
          )}
          {row("list price", whole(line.list, line.list_currency))}
          {row("cost", costOf(line, currency))}
          {line.exposure !== "0" && row(line.open ? "held" : "exposure", whole(line.exposure, currency))}
        </tbody>
      </table>
      <h3>Call</h3>
      <table>
        <tbody>
          {row("agent", line.agent)}
          {row("seller", line.seller)}
          {row("status", line.open ? "open" : line.status)}
          {row("started", moment(line.started_at ?? line.used_at, zone))}
          {row("first token", line.first_token_at && `after ${duration(took(line.started_at, line.first_token_at))}`)}
          {row("duration", duration(took(line.started_at, line.ended_at)))}
          {row("booked", moment(line.booked_at, zone))}
          {row("prompt tokens", String(line.prompt_tokens))}
          {row("of them cached", String(line.cached_tokens))}
          {row("completion tokens", String(line.completion_tokens))}
          {row("usage from", line.usage_source.replaceAll("_", " "))}
        </tbody>
      </table>
      <h3>Price used</h3>
      <table>
        <tbody>
          {row("state", line.price_state)}
          {row("price book", <code>{line.price_book}</code>)}
          {facts.map((fact, i) => row(`price ${i + 1}`, <code>{fact}</code>))}
        </tbody>
      </table>
    </div>
  );
}
