import { placed } from "../lib/duration";

interface Props {
  from: string;
  to: string;
  start: string | undefined;
  wait?: string | undefined; // when the first token came
  end: string | undefined;
  tone: string;
}

/** A bar in time; its pale part is the wait for the first token. */
export function Span({ from, to, start, wait, end, tone }: Props) {
  if (!start) return null;
  const [a, b] = [placed(start, from, to), placed(end ?? to, from, to)];
  const first = wait ? placed(wait, from, to) : a;
  return (
    <svg className={`span fill-${tone}`} viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" x="0" y="4.5" width="1000" height="1" />
      {first > a && <rect className="wait" x={a} y="1" width={first - a} height="8" />}
      <rect x={first} y="1" width={Math.max(b - first, 6)} height="8" />
    </svg>
  );
}
