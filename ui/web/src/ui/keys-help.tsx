import { Modal } from "@mantine/core";
import { keysAreOn, turnKeys } from "./keys";
import { useState } from "react";

const KEYS: [keys: string, what: string][] = [
  ["Ctrl K", "find pages, saved views, ranges and cuts"],
  ["/", "filter"],
  ["t, c", "range, comparison"],
  ["v", "saved views"],
  ["y", "copy the link"],
  [
    "g, then a letter",
    "go to a page: o Overview, e Explore, w Workflows, a Agents, r Runs, u Outcomes, d Adoption, x Bill explained, f Forecast, b Budgets, l Alerts, q Quality, c Reconciliation, s Settings",
  ],
  ["j, k", "the row below, the row above"],
  ["Enter, d", "open a row, say why it changed"],
  ["?", "this list"],
];

/** Lists the keys, and turns those of a single letter off for who speaks to the page or types by accident. */
export function KeysHelp({ opened, close }: { opened: boolean; close: () => void }) {
  const [on, setOn] = useState(keysAreOn);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Keys"
      lockScroll={false}
      classNames={{ body: "help" }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="inline">
        <input
          type="checkbox"
          checked={on}
          onChange={(e) => {
            turnKeys(e.target.checked);
            setOn(e.target.checked);
          }}
        />
        Keys of a single letter are on, in this browser
      </label>
    </Modal>
  );
}
