import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inferTypes, readCatalogue } from "../../src/catalogue";
import { EMPTY_WORKFLOW } from "../../src/document";
import { adviceFor, namedElsewhere } from "../../src/palette/elsewhere";
import { candidates, search } from "../../src/palette/search";

const CATALOGUE = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../build/catalogue.json", import.meta.url), "utf8")),
);
const ALL = candidates(
  { workflow: EMPTY_WORKFLOW, catalogue: CATALOGUE, types: inferTypes(EMPTY_WORKFLOW, CATALOGUE) },
  null,
  "",
);

function found(typed: string): string[] {
  return search(ALL, typed).map(({ type }) => type);
}

test.each([
  ["KSampler", "loop"],
  ["load checkpoint", "load_model"],
  ["clip text encode", "encode_text"],
  ["vae decode", "decode"],
  ["VAE Encode", "encode"],
  ["empty latent image", "noise_latent"],
  ["upscale latent", "resize_latent"],
  ["set latent noise mask", "latent_mask"],
])("what other programs call %s is found first as %s", (typed, type) => {
  expect(found(typed)[0]).toBe(type);
});

test.each([
  ["image blend", "blend_images"],
  ["latent noise", "noise_latent"],
  ["tiled decode", "decode_tiled"],
  ["mask grow", "grow_mask"],
])("words are found in any order: %s", (typed, type) => {
  expect(found(typed)[0]).toBe(type);
});

test.each([
  ["decode", "decode"],
  ["resze image", "resize_image"],
  ["guid", "guide"],
])("the name that was typed comes first: %s", (typed, type) => {
  expect(found(typed)[0]).toBe(type);
});

test.each([
  ["noize like", "noise_like"],
  ["samlper", "loop"],
  ["schedler step", "scheduler_step"],
])("a word is forgiven a letter or two: %s", (typed, type) => {
  expect(found(typed)[0]).toBe(type);
});

test.each(["lora", "controlnet", "save image", "preview image"])("what there is not finds nothing: %s", (typed) => {
  expect(found(typed)).toEqual([]);
});

test("short words are found as they are typed", () => {
  expect(found("load").sort()).toEqual(["load_image", "load_mask", "load_model"]);
});

test.each(["'image", "image!", "^resize", "=switch"])("signs mean nothing to a search: %s", (typed) => {
  expect(found(typed)).toEqual(found(typed.replace(/\W/g, "")));
});

test.each(["save image", "Save", "preview im", "image preview", "reroute"])("%s tells what to do instead", (typed) => {
  expect(adviceFor(typed)).toMatch(/^No node is needed/);
});

test.each(["", "s", "image", "save latent", "resize image"])("%s asks for no advice", (typed) => {
  expect(adviceFor(typed)).toBeUndefined();
});

test("every node that has a name elsewhere is there", () => {
  const types = new Set(ALL.map(({ type }) => type));
  expect(namedElsewhere().filter((type) => !types.has(type))).toEqual([]);
});
