/** A line of a few values without axes; an unknown one is a gap. The figures are in the row and in the chart. */
export function Spark({ values, label }: { values: (number | null)[]; label: string }) {
  const top = Math.max(...values.map((v) => v ?? 0), 1e-12);
  const x = (i: number): number => (values.length < 2 ? 0 : (i / (values.length - 1)) * 72 + 1);
  let pen = "M";
  const path = values
    .map((v, i) => {
      if (v === null) {
        pen = "M";
        return "";
      }
      const point = `${pen}${round(x(i))} ${round(17 - (v / top) * 15)}`;
      pen = "L";
      return point;
    })
    .join("");
  return (
    <svg className="spark" width="74" height="18" role="img" aria-label={label}>
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.4" />
    </svg>
  );
}

const round = (pixel: number): number => Math.round(pixel * 10) / 10;
