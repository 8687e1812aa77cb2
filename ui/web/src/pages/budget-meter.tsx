import { ONE } from "../lib/decimal";
import { percent } from "../lib/format";
import type { Pace } from "../lib/pace";

/** Draws what is used, and how much of the window has passed. */
export function Meter({ pace }: { pace: Pace }) {
  const part = (u: bigint): number => Number((u < ONE ? u : ONE) / 10n ** 8n) / 100;
  const tick = pace.elapsed === null ? null : part(pace.elapsed);
  return (
    <>
      <svg className="meter" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" y={3} width={100} height={6} />
        <rect className={pace.share >= ONE ? "over" : "used"} y={3} width={part(pace.share)} height={6} />
        {tick !== null && (
          <line className="tick" x1={tick} x2={tick} y1={0} y2={12} vectorEffect="non-scaling-stroke" />
        )}
      </svg>
      <span className="share">{percent(pace.share)}</span>
    </>
  );
}
