import fc from "fast-check";
import { expect, test } from "vitest";
import { calculate } from "../../src/widgets/expressions";
import { fractionOf, scrubbed, wantsSlider } from "../../src/widgets/scrub";

test.each([
  ["512*1.5", 768],
  ["(64 + 8) / 2", 36],
  ["2^10", 1024],
  ["-2^2", -4],
  ["2^3^2", 512],
  ["2^-1", 0.5],
  ["7 % 4", 3],
  ["1e3-.5", 999.5],
  ["--3", 3],
  ["8/2/2", 2],
])("%s is calculated", (text, value) => {
  expect(calculate(text)).toBeCloseTo(value, 12);
});

test.each(["", "abc", "1+", "(1", "1)", "1 2", "1/0", "2**3", "1e999", "constructor", "1 toString 2"])(
  "%s is no arithmetic",
  (text) => {
    expect(calculate(text)).toBeUndefined();
  },
);

test("a sum that JavaScript writes is read the same", () => {
  const number = fc.integer({ min: 0, max: 999 });
  const sign = fc.constantFrom("+", "-", "*");
  fc.assert(
    fc.property(fc.array(fc.tuple(number, sign), { minLength: 1, maxLength: 8 }), number, (parts, last) => {
      const text = parts.map(([value, operation]) => `${value} ${operation} `).join("") + last;
      expect(calculate(text)).toBe(Function(`return ${text}`)());
    }),
  );
});

const guidance = { type: "float", minimum: 0, maximum: 30, step: 0.1 };
const width = { type: "int", minimum: 8, maximum: 8192, step: 8 };
const drag = { from: 7.5, width_px: 200, limits: guidance, isSlider: true, isFine: false };

test("a slider's drag spans its range, in steps and without dust", () => {
  expect(scrubbed({ ...drag, moved_px: 0 })).toBe(7.5);
  expect(scrubbed({ ...drag, moved_px: 100 })).toBe(22.5);
  expect(scrubbed({ ...drag, moved_px: 1 })).toBe(7.7);
  expect(scrubbed({ ...drag, moved_px: 999 })).toBe(30);
  expect(scrubbed({ ...drag, moved_px: -999 })).toBe(0);
});

test("held fine, the same way changes a tenth", () => {
  expect(scrubbed({ ...drag, moved_px: 100, isFine: true })).toBe(9);
  expect(scrubbed({ ...drag, from: 512, limits: width, isSlider: false, moved_px: 60, isFine: true })).toBe(520);
});

test("without a slider a few pixels are one step", () => {
  const plain = { ...drag, from: 512, limits: width, isSlider: false };
  expect(scrubbed({ ...plain, moved_px: 5 })).toBe(512);
  expect(scrubbed({ ...plain, moved_px: 6 })).toBe(520);
  expect(scrubbed({ ...plain, moved_px: -13 })).toBe(496);
  expect(scrubbed({ ...plain, moved_px: -9999 })).toBe(8);
});

test("a slider is where it can be hit", () => {
  expect(wantsSlider(guidance, "")).toBe(true);
  expect(wantsSlider(width, "")).toBe(false);
  expect(wantsSlider({ ...width, maximum: null }, "slider")).toBe(false);
  expect(wantsSlider({ type: "float", minimum: 0, maximum: 1, step: null }, "slider")).toBe(true);
  expect(fractionOf(7.5, guidance)).toBe(0.25);
  expect(fractionOf(99, guidance)).toBe(1);
  expect(fractionOf(5, { ...guidance, maximum: null })).toBe(0);
});
