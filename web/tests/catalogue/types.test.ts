import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fitOf, inferTypes, type Knowledge, readCatalogue, showType, upstreamOf } from "../../src/catalogue";
import { type Link, readers, sourceOf, type Target, type Workflow } from "../../src/document";
import { EXAMPLES, example, workflow } from "../document/examples";

const CATALOGUE = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../build/catalogue.json", import.meta.url), "utf8")),
);

function knowledge(document: Workflow): Knowledge {
  return { workflow: document, catalogue: CATALOGUE, types: inferTypes(document, CATALOGUE) };
}

function tryWire(document: Workflow, link: Link, target: Target): { fits: boolean; reason: string } {
  return fitOf(knowledge(document), link, target, upstreamOf(document, sourceOf(link)));
}

test.each(EXAMPLES)("every type in %s is known, and every wire of it fits", (_, text) => {
  const document = workflow(text);
  const known = knowledge(document);
  for (const { link, target, place } of readers(document)) {
    expect(known.types.brings(link, place.graph), link.join(".")).toBeDefined();
    const { fits, reason } = fitOf(known, link, target, new Set());
    expect(fits, `${JSON.stringify(target)} ${reason}`).toBe(true);
  }
});

const typeOf = (document: Workflow, link: Link): string => {
  const type = inferTypes(document, CATALOGUE).brings(link, "");
  return type ? showType(type) : "?";
};

test("a loop gives what it carries as it is, and what it collects as a list", () => {
  const document = example("attention-map");
  expect(typeOf(document, ["denoising/in", "timestep"])).toBe("Timestep");
  expect(typeOf(document, ["denoising/in", "index"])).toBe("int");
  expect(typeOf(document, ["denoising", "latent"])).toBe("Latent");
});

test("a variable takes the type that arrives, and a list that meets a single value is mapped", () => {
  const nodes = {
    numbers: { type: "range" },
    both: { type: "make_list", links: { a: ["numbers", "list"] } },
    twice: { type: "multiply_integers", links: { a: ["numbers", "list"] }, values: { b: 2 } },
    first: { type: "item", links: { items: ["twice", "value"] } },
  };
  const document = workflow(JSON.stringify({ latentloom: 1, nodes }));
  expect(typeOf(document, ["twice", "value"])).toBe("list[int]");
  expect(typeOf(document, ["first", "value"])).toBe("int");
  expect(typeOf(document, ["both", "list"])).toBe("list[list[int]]");
});

test("a wrong type is refused with both types in the reason", () => {
  const document = example("text-to-image");
  const found = tryWire(document, ["decoded", "image"], { kind: "input", node: "enlarged", name: "factor" });
  expect(found).toEqual({ fits: false, reason: "Image arrives where float is expected." });
});

test("a circle is refused, also through a loop", () => {
  const document = example("text-to-image");
  const own = tryWire(document, ["decoded", "image"], { kind: "input", node: "model", name: "name" });
  expect(own.reason).toContain("circle");
  const around = tryWire(document, ["denoising", "latent"], { kind: "input", node: "guided", name: "scale" });
  expect(around.fits).toBe(false);
});

test("a number becomes a float or a text, and says so", () => {
  const document = example("text-to-image");
  const found = tryWire(document, ["tokens", "count"], { kind: "input", node: "enlarged", name: "factor" });
  expect(found).toEqual({ fits: true, reason: "Converted by int_to_float." });
});

test("what stands inside a loop comes out collected as a list", () => {
  const document = example("text-to-image");
  const found = tryWire(document, ["guided", "prediction"], { kind: "input", node: "decoded", name: "latent" });
  expect(found.reason).toBe("list[Prediction] arrives where Latent is expected.");
});
