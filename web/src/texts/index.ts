/**
 * The texts of the editor. Every word that is read or heard stands here (a test sees to it), by subject, with plurals
 * and numbers as the language writes them. Another language is another object of type `Texts`.
 */

import { english } from "./english";

/** A catalogue's shape, without its words. */
type Words<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof T]: Words<T[Name]> };

export type Texts = Words<typeof english>;

export const texts: Texts = english;
