// The chart is a picture of one question: a bar a bucket, a layer a workflow.
// Amounts become floats here and nowhere else, to be places on the screen.

import { axis, money, units } from "./decimal.js";
import { draw, el, put } from "./dom.js";

const HEIGHT = 248;
const EDGE = { top: 8, right: 4, bottom: 24, left: 52 };

// ticks gives round values from zero to at least the most.
function ticks(most) {
  if (!(most > 0)) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const all = [];
  for (let i = 0; i === 0 || all[i - 1] < most; i++) all.push(i * step);
  return all;
}

// chart shows data = {buckets, series, totals, partial, currency, label, tick}:
// buckets are days in order; a series has a name, a colour class and its texts by
// bucket; totals are the server's, by bucket.
export function chart(data) {
  const box = el("div", { class: "chart", tabindex: "0", role: "group", "aria-label": "Bars of spend. Arrow keys go from bar to bar." });
  const tip = el("div", { class: "tip", role: "status", "aria-live": "polite", hidden: true });
  const picture = el("div", { class: "picture" });
  box.append(picture, tip);
  let at = -1;
  let layout = null;
  const show = (i) => {
    at = i;
    for (const mark of picture.querySelectorAll(".mark")) mark.classList.toggle("on", Number(mark.dataset.at) === i);
    tip.hidden = i < 0;
    if (i < 0) return;
    put(tip, ...lines(data, data.buckets[i]));
    const x = layout.x(i) + layout.band / 2;
    const room = box.clientWidth - tip.offsetWidth - 4;
    tip.style.left = `${Math.max(0, Math.min(room, x + 12 > room ? x - tip.offsetWidth - 12 : x + 12))}px`;
  };
  const redraw = () => {
    layout = scale(data, box.clientWidth);
    put(picture, render(data, layout, show));
    show(-1);
  };
  box.addEventListener("keydown", (e) => {
    const last = data.buckets.length - 1;
    const to = { ArrowLeft: at < 0 ? last : Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last, Escape: -1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    show(to);
  });
  box.addEventListener("pointerleave", () => show(-1));
  box.addEventListener("blur", () => show(-1));
  let width = 0;
  new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    redraw();
  }).observe(box);
  return box;
}

// heights stacks a bucket's layers from zero; what is unknown or negative has none.
function heights(data, bucket) {
  let low = 0;
  return data.series.map((s) => {
    const value = Math.max(0, Number(s.values.get(bucket) ?? 0));
    const layer = { class: s.class, low, high: low + value };
    low = layer.high;
    return layer;
  });
}

function scale(data, width) {
  const stacks = data.buckets.map((b) => heights(data, b));
  const values = ticks(Math.max(...stacks.map((s) => s.at(-1)?.high ?? 0), 0));
  const plot = { width: Math.max(60, width - EDGE.left - EDGE.right), height: HEIGHT - EDGE.top - EDGE.bottom };
  const band = plot.width / Math.max(1, data.buckets.length);
  const bar = Math.min(band > 8 ? band * 0.74 : Math.max(1, band - 1), 44);
  return {
    stacks, values, width, band, bar,
    x: (i) => EDGE.left + i * band,
    y: (v) => EDGE.top + plot.height * (1 - v / values.at(-1)),
  };
}

function render(data, l, show) {
  const svg = draw("svg", { width: l.width, height: HEIGHT, role: "img", "aria-label": data.label });
  svg.append(draw("defs", {}, draw("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    draw("rect", { class: "gap", width: 3.2, height: 6 }))));
  for (const v of l.values) {
    svg.append(draw("line", { class: "grid", x1: EDGE.left, x2: l.width - EDGE.right, y1: l.y(v), y2: l.y(v) }));
    svg.append(draw("text", { class: "tick", x: EDGE.left - 8, y: l.y(v) + 4, "text-anchor": "end" }, axis(v, data.currency)));
  }
  const every = Math.max(1, Math.ceil(52 / l.band));
  data.buckets.forEach((bucket, i) => {
    const left = l.x(i) + (l.band - l.bar) / 2;
    const group = draw("g", { class: "mark", "data-at": i });
    for (const layer of l.stacks[i]) {
      const high = l.y(layer.low) - l.y(layer.high);
      if (high > 0) group.append(draw("rect", { class: `bar ${layer.class}`, x: left, y: l.y(layer.high), width: l.bar, height: high }));
    }
    const top = l.stacks[i].at(-1)?.high ?? 0;
    if (data.partial.has(bucket) && top > 0) {
      group.append(draw("rect", { fill: "url(#hatch)", x: left, y: l.y(top), width: l.bar, height: l.y(0) - l.y(top) }));
    }
    group.append(draw("rect", { class: "reach", x: l.x(i), y: EDGE.top, width: l.band, height: HEIGHT - EDGE.top - EDGE.bottom, onpointerenter: () => show(i) }));
    svg.append(group);
    if (i % every === 0) {
      const x = l.x(i) + l.band / 2;
      const close = l.width - x < 22; // a label in the middle of the last bar would be cut off
      svg.append(draw("text", { class: "tick", x: close ? l.width : x, y: HEIGHT - 6, "text-anchor": close ? "end" : "middle" }, data.tick(bucket)));
    }
  });
  svg.append(draw("line", { class: "base", x1: EDGE.left, x2: l.width - EDGE.right, y1: l.y(0), y2: l.y(0) }));
  return svg;
}

// lines are what stands beside a bar.
function lines(data, bucket) {
  const total = data.totals.get(bucket);
  const shown = data.series.filter((s) => s.values.has(bucket) && Number(s.values.get(bucket) ?? 1) !== 0).reverse();
  return [
    el("div", { class: "when" }, data.name(bucket), data.partial.has(bucket) ? el("span", { class: "soft" }, " so far") : ""),
    el("table", {},
      ...shown.map((s) => el("tr", {},
        el("td", {}, el("i", { class: `swatch ${s.class}` }), s.name),
        el("td", { class: "n" }, money(units(s.values.get(bucket)), data.currency)))),
      el("tr", { class: "sum" }, el("td", {}, "Total"), el("td", { class: "n" }, total === undefined ? "\u2013" : money(units(total), data.currency)))),
  ];
}

// legend names the layers, the lowest first.
export function legend(data) {
  return el("ul", { class: "legend" }, ...data.series.map((s) => el("li", {}, el("i", { class: `swatch ${s.class}` }), s.name)));
}

// asTable is the same data for whoever reads tables better than pictures.
export function asTable(data) {
  const row = (bucket) => el("tr", {},
    el("th", { scope: "row" }, data.name(bucket), data.partial.has(bucket) ? el("span", { class: "soft" }, " so far") : ""),
    ...data.series.map((s) => el("td", { class: "n" }, s.values.has(bucket) ? money(units(s.values.get(bucket)), data.currency) : "\u2013")),
    el("td", { class: "n total" }, data.totals.has(bucket) ? money(units(data.totals.get(bucket)), data.currency) : "\u2013"));
  return el("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": data.label }, el("table", { class: "data" },
    el("caption", { class: "hidden" }, data.label),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, data.unit), ...data.series.map((s) => el("th", { scope: "col", class: "n" }, s.name)), el("th", { scope: "col", class: "n" }, "Total"))),
    el("tbody", {}, ...data.buckets.slice().reverse().map(row))));
}
