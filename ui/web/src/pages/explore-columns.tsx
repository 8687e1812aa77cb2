import type { Answer } from "../api/client";
import { pixels, units } from "../lib/decimal";
import { percent } from "../lib/format";
import { clockOf } from "../lib/grain";
import { questionOf, type Measure } from "../lib/view";
import { useSpend, useView } from "../ui/house";
import type { Line } from "../ui/lines";
import { bucketsOf, keyOf, layersOf, nameOf } from "../ui/series";
import { shareOf } from "../ui/slices-columns";
import { Spark } from "../ui/spark";
import type { Column } from "../ui/spend-table";

const DRAWN = "50"; // groups whose days are drawn
const ESTIMATE = "usage_source=tokenizer_estimate";

/** What stands beside the figures of a group: how much of it is estimated, and its days. */
export function useBeside(dimension: string, measure: Measure, answer: Answer | undefined): Column<Line>[] {
  const { view, window: w } = useView();
  const days = questionOf(view, w, { by: dimension, measures: measure, grain: w.grain, top: DRAWN });
  const some = answer ? (units(answer.meta.estimated.amount) ?? 0n) !== 0n : false;
  const guessed = questionOf(view, w, { by: dimension, measures: "cost", where: [ESTIMATE] });
  const sparks = useSpend(days);
  const estimated = useSpend(guessed, some && measure === "cost");
  return [
    ...(measure === "cost" && estimated.data && some ? [estimatedColumn(estimated.data, dimension, answer)] : []),
    ...(sparks.data && clockOf(w.grain) === 0 ? [trendColumn(sparks.data, dimension)] : []),
  ];

  function trendColumn(found: Answer, by: string): Column<Line> {
    const layers = layersOf(found, by, measure);
    const buckets = bucketsOf(layers, w);
    const of = new Map(layers.map((layer) => [layer.key, layer.values]));
    const show = (l: Line) => {
      const values = l.outer === undefined && !l.rest ? of.get(l.key) : undefined;
      return (
        values && (
          <Spark
            values={buckets.map((bucket) => pixels(values.get(bucket)))}
            label={`${nameOf(l.key, by)} by ${w.grain}`}
          />
        )
      );
    };
    return { id: "trend", name: "Trend", foot: "", show };
  }
}

function estimatedColumn(found: Answer, dimension: string, whole: Answer | undefined): Column<Line> {
  const of = new Map(found.rows.map((row) => [row.keys[dimension] ?? keyOf(row), row.values.cost]));
  return {
    id: "estimated",
    name: "Estimated",
    foot: percent(units(whole?.meta.estimated.share)),
    show: (l) => (l.outer === undefined && !l.rest ? shareOf(of.get(l.key) ?? "0", l.row.values.cost) : ""),
  };
}
