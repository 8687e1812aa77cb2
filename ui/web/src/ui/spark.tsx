/** Small bars without axes; an unknown value is a gap. The figures are in the row and in the chart. */
export function Spark({ values, label }: { values: (number | null)[]; label: string }) {
  const top = Math.max(...values.map((v) => v ?? 0), 1e-12);
  const step = 90 / Math.max(values.length, 1);
  return (
    <svg className="spark" width="90" height="18" role="img" aria-label={label}>
      {values.map((v, i) => {
        const height = v !== null && v > 0 ? Math.max(1, (v / top) * 17) : 0;
        return height > 0 && <rect key={i} x={i * step} y={18 - height} width={step * 0.75} height={height} />;
      })}
    </svg>
  );
}
