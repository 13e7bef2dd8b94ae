import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CatalogueContent } from "../../src/api";
import { defaultText, limitsOf, readDoc } from "../../src/reference/docs";

const { nodes } = JSON.parse(
  readFileSync(new URL("../../../build/catalogue.json", import.meta.url), "utf8"),
) as CatalogueContent;

test("the first paragraph is the summary; papers and files in brackets are sources", () => {
  const { summary, details, sources } = readDoc(nodes.encode?.doc ?? "");
  expect(summary).toBe("Encode a picture as a latent, drawn from the distribution that the autoencoder gives.");
  expect(details).toContain("(mean + deviation * noise) * scale");
  expect(sources).toEqual(["Kingma & Welling 2014", "diffusers' `latent_dist.sample`"]);
});

test("brackets that are no sources stay in the text only, and a doc of one line has no details", () => {
  expect(readDoc("Adds two numbers (of any size).")).toEqual({
    summary: "Adds two numbers (of any size).",
    details: "",
    sources: [],
  });
  expect(readDoc("")).toEqual({ summary: "", details: "", sources: [] });
});

test("limits and defaults are told in a line", () => {
  const input = (node: string, name: string) => {
    const found = nodes[node]?.inputs.find((spec) => spec.name === name);
    if (!found) throw new Error(`${node}.${name}`);
    return found;
  };
  expect(limitsOf(input("guide", "scale"))).toBe("0 to 30, in steps of 0.1");
  expect(defaultText(input("guide", "scale"))).toBe("7.5");
  expect(limitsOf(input("decode_tiled", "tile"))).toBe("16 to 4096 px, in steps of 8");
  expect(defaultText(input("tokenize", "text"))).toBe("");
});

test("every node says in a sentence what it does, and formulas that are told have brackets that close", () => {
  for (const [type, { doc }] of Object.entries(nodes)) {
    const { summary, sources } = readDoc(doc);
    expect(summary.length, type).toBeGreaterThan(10);
    expect(
      sources.filter((source) => source.includes("(") !== source.includes(")")),
      type,
    ).toEqual([]);
  }
});
