// A table as a file, for what the page alone puts together.

// A spreadsheet would take a text that begins so for a formula.
const safe = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) && !/^-?[\d.]+$/.test(cell) ? `'${cell}` : cell);

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Saves rows of cells as a CSV file. */
export function save(name: string, rows: string[][]): void {
  const text = rows.map((row) => row.map((cell) => quoted(safe(cell))).join(",")).join("\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
