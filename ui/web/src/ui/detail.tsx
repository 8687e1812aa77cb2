import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

/** What stands behind one row of a table. */
export function Detail({ title, close, children }: { title: string | null; close: () => void; children: ReactNode }) {
  return (
    <Drawer
      opened={title !== null}
      onClose={close}
      position="right"
      size={460}
      lockScroll={false}
      title={title ?? ""}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {title !== null && children}
    </Drawer>
  );
}

/** Names and their values, one a line; what has no value is left out. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== "" && value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
