import { expect, test } from "vitest";
import type { Answer } from "../api/client";
import { exposureOf } from "./exposure";

const answer = (exposure: string, exposure_left: Answer["total"]["exposure_left"]) =>
  ({ meta: { currency: "EUR" }, total: { exposure, exposure_left } }) as unknown as Answer;

test("exposure that no rate converts is named in its own currency, and nothing is zero beside it", () => {
  const left = [{ amount: "14.77", currency: "USD" }];
  expect(exposureOf(answer("44.54", []))).toBe("€44.54");
  expect(exposureOf(answer("44.54", left))).toBe("€44.54 and $14.77");
  expect(exposureOf(answer("0", left))).toBe("$14.77");
  expect(exposureOf(answer("0", []))).toMatch(/^€0/);
});
