import { expect, test } from "vitest";
import { bounded, readFilter } from "./filter";

test("who may read one scope asks within it, unless the address says another", () => {
  const own = { dimension: "team", values: ["c"], not: false };
  expect(bounded(undefined, { team: "c" })).toEqual([own]);
  expect(bounded("!team:a;model:m", { team: "c" })).toEqual([...readFilter("!team:a;model:m"), own]);
  expect(bounded("team:a", { team: "c" })).toEqual(readFilter("team:a"));
  expect(bounded("team:a", {})).toEqual(readFilter("team:a"));
});
