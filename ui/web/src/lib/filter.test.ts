import { expect, test } from "vitest";
import { beyond, bounded, readFilter } from "./filter";

test("who may read one scope asks within it, unless the address says another", () => {
  const own = { dimension: "team", values: ["c"], not: false };
  expect(bounded(undefined, { team: "c" })).toEqual([own]);
  expect(bounded("!team:a;model:m", { team: "c" })).toEqual([...readFilter("!team:a;model:m"), own]);
  expect(bounded("team:a", { team: "c" })).toEqual(readFilter("team:a"));
  expect(bounded("team:a", {})).toEqual(readFilter("team:a"));
});

test("the scope of whoever asks is no condition that somebody chose", () => {
  const all = readFilter("team:c;!team:c;team:c,d;model:m");
  expect(beyond(all, { team: "c" })).toEqual(readFilter("!team:c;team:c,d;model:m"));
  expect(beyond(all, {})).toEqual(all);
});
