import { Menu } from "@mantine/core";
import { save } from "../lib/csv";
import { useHouse } from "../ui/house";

interface Props {
  name: string; // of the files
  json: string; // the address of the same question
  csv: string[][];
  command: string;
}

/** Gives runs away as the screen has them, to the last digit. */
export function RunsExport({ name: file, json, csv, command }: Props) {
  const name = (useHouse().session.demo ? "demo-" : "") + file;
  const copy = (text: string): void => void navigator.clipboard.writeText(text);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button className="control">Export</button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save(`${name}.csv`, csv)}>Download CSV of what is shown</Menu.Item>
        <Menu.Item component="a" href={json} download={`${name}.json`}>
          Download JSON
        </Menu.Item>
        <Menu.Item onClick={() => copy(command)}>Copy as command</Menu.Item>
        <Menu.Item onClick={() => copy(location.href)}>Copy link</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
