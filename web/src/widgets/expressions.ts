/** Arithmetic that may be typed where a number is expected: `512*1.5`, `(64+8)/2`, `2^10`. */

const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|(.))/giy;

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

/** The value; undefined for what is no arithmetic, or has no finite value. */
export function calculate(text: string): number | undefined {
  const tokens = [...text.trim().matchAll(TOKEN)].map(([, number, sign]) => number ?? sign ?? "");
  const reader: Reader = { tokens, at: 0 };
  const value = sum(reader);
  return reader.at === tokens.length && value !== undefined && Number.isFinite(value) ? value : undefined;
}

function sum(reader: Reader): number | undefined {
  return chain(reader, product, { "+": (a, b) => a + b, "-": (a, b) => a - b });
}

function product(reader: Reader): number | undefined {
  return chain(reader, power, { "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b });
}

type Operations = { readonly [sign: string]: (a: number, b: number) => number };

function chain(
  reader: Reader,
  part: (reader: Reader) => number | undefined,
  operations: Operations,
): number | undefined {
  let value = part(reader);
  for (;;) {
    const sign = reader.tokens[reader.at] ?? "";
    const operation = Object.hasOwn(operations, sign) ? operations[sign] : undefined;
    if (value === undefined || !operation) return value;
    reader.at += 1;
    const next = part(reader);
    value = next === undefined ? undefined : operation(value, next);
  }
}

/** Binds tighter than a sign before it, and from the right: -2^2 = -4, 2^3^2 = 512. */
function power(reader: Reader): number | undefined {
  const token = reader.tokens[reader.at];
  if (token === "+" || token === "-") {
    reader.at += 1;
    const value = power(reader);
    return value === undefined || token === "+" ? value : -value;
  }
  const base = atom(reader);
  if (base === undefined || reader.tokens[reader.at] !== "^") return base;
  reader.at += 1;
  const exponent = power(reader);
  return exponent === undefined ? undefined : base ** exponent;
}

function atom(reader: Reader): number | undefined {
  const token = reader.tokens[reader.at] ?? "";
  reader.at += 1;
  if (token !== "(") return /^[\d.]/.test(token) ? Number(token) : undefined;
  const value = sum(reader);
  const isClosed = reader.tokens[reader.at] === ")";
  reader.at += 1;
  return isClosed ? value : undefined;
}
