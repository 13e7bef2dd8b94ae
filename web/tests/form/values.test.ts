import { describe, expect, test } from "vitest";
import { EMPTY_PARAMETER, type Parameter } from "../../src/document";
import { formOf } from "../../src/form/route";
import { readSweep } from "../../src/form/sweep";
import {
  faultsByInput,
  inputsToSend,
  kindOf,
  labelOf,
  problemOf,
  problemsOf,
  rangeText,
  readGiven,
  readText,
  shownText,
  writeGiven,
} from "../../src/form/values";
import { EXAMPLES, example, workflow } from "../document/examples";

const parameter = (changes: Partial<Parameter>): Parameter => ({ ...EMPTY_PARAMETER, ...changes });
const STEPS = parameter({ type: "int", default: 20n, minimum: 1, maximum: 1000 });
const SCALE = parameter({ type: "float", default: 5, minimum: 1, maximum: 30, widget: "slider" });

describe("fields", () => {
  test.each([
    [{ type: "str", widget: "multiline" }, "text"],
    [{ type: "str" }, "line"],
    [{ type: "str", choices: ["a"] }, "choice"],
    [{ type: "str", widget: "model" }, "model"],
    [{ type: "int" }, "number"],
    [{ type: "int", widget: "seed" }, "seed"],
    [{ type: "float", widget: "slider" }, "slider"],
    [{ type: "bool" }, "toggle"],
    [{ type: "Path", widget: "image" }, "file"],
    [{ type: "list[float]", widget: "curve" }, "list"],
  ] as const)("of %o are a %s", (changes, kind) => {
    expect(kindOf(parameter(changes))).toBe(kind);
  });

  test("of every example can be shown and read back", () => {
    for (const [, text] of EXAMPLES) {
      for (const each of Object.values(workflow(text).inputs)) {
        if (kindOf(each) === "file" || kindOf(each) === "toggle") continue;
        const shown = shownText(each.default);
        expect(shownText(readText(each.type, shown))).toBe(shown);
        expect(problemOf(each, readText(each.type, shown))).toBe("");
      }
    }
  });

  test("have names and ranges as a person reads them", () => {
    expect(labelOf("large_width")).toBe("Large width");
    expect(rangeText(STEPS)).toBe("1 to 1,000");
    expect(rangeText(parameter({ type: "int", minimum: 0 }))).toBe("0 or more");
  });
});

describe("what was typed", () => {
  test.each([
    ["int", "9223372036854775807", 9223372036854775807n],
    ["int", "1.5", undefined],
    ["int", "", undefined],
    ["float", "7.5", 7.5],
    ["float", "7", 7],
    ["float", "many", undefined],
    ["list[int]", "1, 2", [1n, 2n]],
    ["list[float]", "1, x", undefined],
    ["list[str]", "a red heart, a fox", ["a red heart", "a fox"]],
  ])("as %s, %s is %s", (type, text, value) => {
    expect(readText(type, text)).toEqual(value);
  });

  test("is told to be wrong where it is", () => {
    expect(problemOf(STEPS, 0n)).toBe("1 to 1,000.");
    expect(problemOf(STEPS, undefined)).toBe("A whole number is needed.");
    expect(problemOf(SCALE, 30)).toBe("");
    expect(problemOf(parameter({ type: "Path", widget: "image" }), null)).toBe("Choose a file.");
    expect(problemsOf(example("text-to-image"), { steps: 2000n })).toEqual({ steps: "1 to 1,000." });
  });

  test("is kept as text with every digit, and read back for the inputs that are still there", () => {
    const given = { seed: 2n ** 63n, guidance: 7.5, prompt: "a „fox“", steps: undefined };
    const { steps: _left, ...kept } = given;
    expect(readGiven(writeGiven(given), example("text-to-image"))).toEqual(kept);
    expect(readGiven('{"gone": 1}', example("text-to-image"))).toEqual({});
    expect(readGiven("{", example("text-to-image"))).toEqual({});
  });
});

describe("what is sent", () => {
  test("is what differs from the document, with a seed that was not given drawn anew", () => {
    const sent = inputsToSend(example("text-to-image"), { prompt: "a fox", guidance: 7n }, () => 0.5);
    expect(sent).toEqual({ prompt: "a fox", guidance: 7, seed: 2n ** 31n });
    expect(inputsToSend(example("text-to-image"), { seed: 7n })).toEqual({ seed: 7n });
  });

  test("and refused is told at its field", () => {
    const fault = {
      where: "inputs.steps",
      what: "too many.",
      mend: "At most 1000.",
      node: null,
      input: null,
      code: "range",
    };
    const other = { ...fault, where: "nodes.model", what: "no such model." };
    expect(faultsByInput(example("text-to-image"), [fault, other])).toEqual({
      steps: "too many. At most 1000.",
      "": "nodes.model: no such model. At most 1000.",
    });
  });
});

describe("a sweep", () => {
  test.each([
    [STEPS, "10, 20", [10n, 20n]],
    [STEPS, "10..30 step 10", [10n, 20n, 30n]],
    [SCALE, "1 .. 1.3 step 0.1", [1, 1.1, 1.2, 1.3]],
    [parameter({ type: "str", widget: "multiline" }), "a, b\nc", ["a, b", "c"]],
    [parameter({ type: "str", choices: ["ddim", "euler"] }), "ddim, euler", ["ddim", "euler"]],
  ])("of %o as %s", (each, typed, values) => {
    expect(readSweep(each, typed)).toEqual({ ok: true, values });
  });

  test.each([
    [STEPS, "", "Give at least one value."],
    [STEPS, "0, 5", "0: 1 to 1,000."],
    [STEPS, "x", "x: A whole number is needed."],
    [STEPS, "1..1000", "These are more than 200 values."],
    [parameter({ type: "str", choices: ["ddim"] }), "euler", "euler: this is none of ddim."],
  ])("of %o cannot be %s", (each, typed, problem) => {
    expect(readSweep(each, typed)).toEqual({ ok: false, problem });
  });
});

test.each([
  ["/form/text-to-image", "", "text-to-image"],
  ["/form/my%20fox/", "", "my fox"],
  ["/", "?view=form&workflow=inpaint", "inpaint"],
  ["/", "", undefined],
  ["/form/%", "", undefined],
])("the address %s%s is the form of %s", (pathname, search, name) => {
  expect(formOf({ pathname, search })).toBe(name);
});
