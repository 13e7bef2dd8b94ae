import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inferTypes, readCatalogue } from "../../src/catalogue";
import { EMPTY_WORKFLOW } from "../../src/document";
import { namedElsewhere } from "../../src/palette/elsewhere";
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

test("every node that has a name elsewhere is there", () => {
  const types = new Set(ALL.map(({ type }) => type));
  expect(namedElsewhere().filter((type) => !types.has(type))).toEqual([]);
});
