import { useComputedColorScheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use as register, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { pixels } from "../lib/decimal";
import { axis } from "../lib/format";
import { tip, type Token } from "./chart-tip";
import { bucketName, dotted, type ChartData, type Series } from "./series";

register([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer]);

const HATCH = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 };

/** Draws the bars. It is loaded when the first chart is shown. */
export default function Drawing({ data, pick }: { data: ChartData; pick: (key: string) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  useEffect(() => {
    if (!place.current) return;
    const drawn = init(place.current, null, { renderer: "svg" });
    chart.current = drawn;
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);
  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const token: Token = (name) => style.getPropertyValue(`--${name}`).trim();
    chart.current?.setOption(optionOf(data, token), { notMerge: true });
    chart.current?.off("click");
    chart.current?.on("click", (event) => {
      const key = data.series[event.seriesIndex ?? -1]?.key;
      if (typeof key === "string") pick(key);
    });
  }, [data, pick, scheme]);
  return <div ref={place} className="drawing" role="img" aria-label={data.label} />;
}

function optionOf(data: ChartData, token: Token) {
  return {
    animation: false,
    textStyle: { fontFamily: token("font"), fontSize: 11 },
    grid: { left: 52, right: 8, top: 12, bottom: 24 },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow" },
      padding: [8, 11],
      transitionDuration: 0,
      backgroundColor: token("raised"),
      borderColor: token("line-2"),
      textStyle: { color: token("ink"), fontSize: 12 },
      formatter: (points: { dataIndex: number }[]) => tip(data, data.buckets[points[0]?.dataIndex ?? 0] ?? "", token),
    },
    xAxis: {
      type: "category",
      data: data.buckets.map((bucket) => bucketName(bucket, data, "axis")),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("line-2") } },
      axisLabel: { color: token("ink-3") },
    },
    yAxis: {
      type: "value",
      splitNumber: 4,
      splitLine: { lineStyle: { color: token("grid") } },
      ...(data.kind === "share" && { max: 100, interval: 25 }),
      axisLabel: {
        color: token("ink-3"),
        formatter: (value: number) => (data.kind === "share" ? `${value}%` : axis(value, data.currency)),
      },
    },
    series: [
      ...data.series.map((s) => (data.kind === "line" ? lineOf(data, s, token) : barOf(data, s, token))),
      ...(data.before ? earlierOf(data, data.before, token) : []),
      ...(data.plan ? planOf(data, data.plan, token) : []),
    ],
  };
}

function barOf(data: ChartData, s: Series, token: Token) {
  return {
    type: "bar",
    stack: "all",
    name: s.name,
    barMaxWidth: 34,
    barCategoryGap: "22%",
    itemStyle: { color: token(`c${s.colour}`), borderColor: token("surface"), borderWidth: 0.6 },
    data: data.buckets.map((bucket) => {
      const drawn = pixels(s.values.get(bucket));
      const value = data.kind === "share" && drawn !== null ? (drawn / (wholeOf(data, bucket) || 1)) * 100 : drawn;
      return data.partial.has(bucket)
        ? { value, itemStyle: { opacity: 0.75, decal: { ...HATCH, color: token("surface") } } }
        : value;
    }),
  };
}

function lineOf(data: ChartData, s: Series, token: Token) {
  return {
    type: "line",
    name: s.name,
    symbol: "circle",
    symbolSize: 3,
    lineStyle: { color: token(`c${s.colour}`), width: 1.8 },
    itemStyle: { color: token(`c${s.colour}`) },
    data: data.buckets.map((bucket) => {
      const value = pixels(s.values.get(bucket));
      return data.partial.has(bucket) ? { value, symbol: "emptyCircle", symbolSize: 8 } : value;
    }),
  };
}

// wholeOf is the height of all layers, which is drawn and written nowhere.
const wholeOf = (data: ChartData, bucket: string): number =>
  // eslint-disable-next-line no-restricted-syntax -- pixels, no figure
  data.series.reduce((sum, s) => sum + (pixels(s.values.get(bucket)) ?? 0), 0);

// The line of weeks before has a casing, so that it is seen on bars of any colour.
function earlierOf(data: ChartData, before: NonNullable<ChartData["before"]>, token: Token) {
  const values = data.buckets.map((bucket) => pixels(before.get(bucket)));
  const line = { type: "line", symbol: "none", showAllSymbol: true, silent: true };
  const drawn = (colour: string, size: number) => ({ itemStyle: { color: token(colour) }, data: dotted(values, size) });
  return [
    { ...line, ...drawn("surface", 8), lineStyle: { color: token("surface"), width: 4 }, z: 4 },
    { ...line, ...drawn("ink-2", 5), lineStyle: { color: token("ink-2"), width: 1.6, type: [4, 3] }, z: 5 },
  ];
}

// planOf steps from day to day, with a casing like the line of weeks before.
function planOf(data: ChartData, plan: NonNullable<ChartData["plan"]>, token: Token) {
  const line = {
    type: "line",
    step: "middle",
    symbol: "none",
    silent: true,
    data: data.buckets.map((b) => pixels(plan.get(b))),
  };
  return [
    { ...line, lineStyle: { color: token("surface"), width: 4 }, z: 6 },
    { ...line, lineStyle: { color: token("ink"), width: 1.6 }, z: 7 },
  ];
}
