import { Menu } from "@mantine/core";
import { save } from "../lib/csv";
import { useHouse } from "./house";

/** A question to any part of the interface, as a panel asked it. */
export interface Asked {
  path: string; // like /api/v1/explain
  query: Record<string, string | string[] | undefined>;
  file: string; // the name of the download, without its ending
  command: string; // the same question on the command line
  csv?: boolean | string[][]; // whether the interface writes it as CSV, or the rows that the page puts together
}

/** Gives what a panel shows away, by the same question. */
export function AskedMenu({ asked, name }: { asked: Asked; name?: string }) {
  const file = (useHouse().session.demo ? "demo-" : "") + asked.file;
  const copy = (text: string): void => void navigator.clipboard.writeText(text);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button className="control" aria-label={name && `Export ${name}`}>
          Export
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {typeof asked.csv === "object" && (
          <Menu.Item onClick={() => save(`${file}.csv`, asked.csv as string[][])}>
            Download CSV of what is shown
          </Menu.Item>
        )}
        {asked.csv === true && (
          <Menu.Item component="a" href={addressOf(asked, "csv")} download={`${file}.csv`}>
            Download CSV
          </Menu.Item>
        )}
        <Menu.Item component="a" href={addressOf(asked, asked.csv === true ? "json" : "")} download={`${file}.json`}>
          Download JSON
        </Menu.Item>
        <Menu.Item onClick={() => copy(asked.command)}>Copy as command</Menu.Item>
        <Menu.Item onClick={() => copy(location.href)}>Copy link</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function addressOf({ path, query }: Asked, format: string): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of [value ?? []].flat()) if (one !== "") text.append(name, one);
  if (format) text.set("format", format);
  return `${path}?${text.toString()}`;
}

/** Writes flags of a command, quoted for a shell. */
export function flagsOf(query: Asked["query"]): string {
  const quote = (text: string): string => (/^[\w.,:=!-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return Object.entries(query)
    .flatMap(([name, value]) => [value ?? []].flat().map((one) => `--${name} ${quote(one)}`))
    .join(" ");
}
