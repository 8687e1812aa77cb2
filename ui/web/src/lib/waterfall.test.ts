import { expect, test } from "vitest";
import { scaleOf, stepsOf } from "./waterfall";

const way = {
  before: 10_000n,
  after: 9_500n,
  effects: [
    { id: "a", name: "Runs per outcome", cents: 1_000n },
    { id: "b", name: "Cache", cents: 0n },
    { id: "c", name: "Longer prompts", cents: -1_500n },
  ],
};

test("each effect that moved begins where the one before ended", () => {
  const steps = stepsOf(way, "USD", ["July", "28 Sept to 27 Oct"], 10);
  expect(steps.map((s) => [s.id, s.from, s.to, s.tone])).toEqual([
    ["before", 0, 100, "sum"],
    ["a", 100, 110, "adds"],
    ["c", 110, 95, "saves"],
    ["after", 0, 95, "sum"],
  ]);
});

test("a name takes as many words in a line as fit", () => {
  const named = (letters: number) => stepsOf(way, "USD", ["July", "28 Sept to 27 Oct"], 4 * letters).map((s) => s.name);
  expect(named(8)).toEqual([["July"], ["Runs per", "outcome"], ["Longer", "prompts"], ["28 Sept to", "27 Oct"]]);
  expect(named(40)[1]).toEqual(["Runs per outcome"]);
  expect(named(0)[1]).toEqual(["Runs", "per", "outcome"]);
});

test("marks are round and hold every bar, below zero too", () => {
  const marks = (before: bigint, after: bigint) => scaleOf(stepsOf({ ...way, before, after }, "USD", ["", ""], 10));
  expect(marks(10_000n, 9_500n)).toEqual([0, 50, 100, 150]);
  expect(marks(-2_500n, -3_000n)).toEqual([-30, -20, -10, 0, 10]);
});
