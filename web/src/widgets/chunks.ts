/** Where a prompt is cut: the server counts Unicode characters, the browser's strings count UTF-16 units. */

export interface Tokens {
  readonly count: number;
  readonly limit: number;
  /** First and last (excluded) UTF-16 unit of each chunk. */
  readonly chunks: readonly (readonly [number, number])[];
}

export function inUnits(text: string, chunks: readonly (readonly number[])[]): (readonly [number, number])[] {
  const starts: number[] = [];
  let unit = 0;
  for (const character of text) {
    starts.push(unit);
    unit += character.length;
  }
  starts.push(unit);
  const at = (position: number | undefined): number => starts[Math.min(position ?? 0, starts.length - 1)] ?? unit;
  return chunks.map(([from, to]) => [at(from), at(to)]);
}

/** The chunks of a text that was edited since: what is typed behind the last one belongs to it. */
export function piecesOf(text: string, tokens: Tokens | undefined): string[] {
  const borders = tokens?.chunks.slice(1).map(([from]) => Math.min(from, text.length)) ?? [];
  const edges = [0, ...borders, text.length];
  return edges.slice(1).map((edge, i) => text.slice(edges[i], edge));
}
