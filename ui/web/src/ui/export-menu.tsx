import { Menu } from "@mantine/core";
import { addressOf } from "../api/client";
import { asCommand, type Question } from "../lib/view";
import { useHouse } from "./house";

/** Gives the figures of the screen away: by the same question, to the last digit. */
export function ExportMenu({ question, name }: { question: Question; name?: string }) {
  const file = useHouse().session.demo ? "demo-spend" : "spend"; // a file of simulated figures says so
  const copy = (text: string): void => void navigator.clipboard.writeText(text);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button className={name ? "quiet" : "control"} aria-label={name && `Export ${name}`}>
          Export
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={addressOf(question, "csv")} download={`${file}.csv`}>
          Download CSV
        </Menu.Item>
        <Menu.Item component="a" href={addressOf(question, "json")} download={`${file}.json`}>
          Download JSON
        </Menu.Item>
        <Menu.Item onClick={() => copy(asCommand(question))}>Copy as command</Menu.Item>
        <Menu.Item onClick={() => copy(location.href)}>Copy link</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
