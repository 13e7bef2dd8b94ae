/** Numbers as a language writes them. */

export interface Forms {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

export interface Counting {
  /** The form that a number asks for, with the number in place of `#`. */
  readonly count: (number: number, forms: Forms) => string;
  readonly number: (number: number) => string;
  readonly percent: (share: number) => string;
}

export function countingIn(locale: string): Counting {
  const rules = new Intl.PluralRules(locale);
  const plain = new Intl.NumberFormat(locale);
  const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  return {
    count: (number, forms) => (forms[rules.select(number)] ?? forms.other).replace("#", plain.format(number)),
    number: (number) => plain.format(number),
    percent: (share) => shares.format(share),
  };
}
