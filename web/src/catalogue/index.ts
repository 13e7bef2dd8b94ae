/** The catalogue and types: what nodes there are, what fits where. */

export * from "./catalogue";
export * from "./fitting";
export * from "./inference";
export * from "./matching";
export * from "./types";
