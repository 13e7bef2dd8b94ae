import { expect, test } from "vitest";
import { EMPTY_PARAMETER, setValue } from "../../src/document";
import { backdropOf } from "../../src/widgets/backdrops";
import { inUnits, piecesOf } from "../../src/widgets/chunks";
import { promptsOf } from "../../src/widgets/prompts";
import { example } from "../document/examples";

test("the texts that are tokenized are prompts, of the model that their tokenizer comes from", () => {
  const document = example("text-to-image");
  const prompts = promptsOf(document);
  expect(prompts.ofInput("prompt")).toBe("demo");
  expect(prompts.ofInput("negative")).toBe("demo");
  expect(prompts.ofInput("scheduler")).toBeUndefined();
  const other = promptsOf(setValue(document, "model", "name", "sd15"));
  expect(other.ofInput("prompt")).toBe("sd15");
});

test("characters beyond 16 bits count once at the server and twice here", () => {
  const text = "🦊🦊 fox";
  expect(
    inUnits(text, [
      [0, 1],
      [1, 6],
    ]),
  ).toEqual([
    [0, 2],
    [2, 8],
  ]);
});

test("a text that was edited since is still cut within its length", () => {
  const tokens = { count: 40, limit: 30, chunks: [[0, 8] as const, [8, 12] as const] };
  expect(piecesOf("a red fox and more", tokens)).toEqual(["a red fo", "x and more"]);
  expect(piecesOf("a red", tokens)).toEqual(["a red", ""]);
  expect(piecesOf("a red", undefined)).toEqual(["a red"]);
});

test("a mask is painted over the other picture of its workflow", () => {
  const document = example("inpaint");
  const [image, mask] = ["sha256:aa", "sha256:bb"];
  const inputs = {
    ...document.inputs,
    mask: { ...EMPTY_PARAMETER, default: mask },
    image: { ...EMPTY_PARAMETER, default: image },
  };
  expect(backdropOf({ ...document, inputs }, mask)).toBe(image);
  expect(backdropOf(document, undefined)).toBeUndefined();
});
