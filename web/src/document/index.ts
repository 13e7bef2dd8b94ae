/** The document: data, reading and writing, changes as values, and every edit as a pure function. */

export * from "./arrange";
export * from "./backdrop";
export * from "./boxes";
export * from "./change";
export * from "./clipboard";
export { freshName, mapFields, withField, withoutFields } from "./fields";
export { isList, readJson, sameLiteral, writeFloat, writeJson } from "./json";
export * from "./links";
export * from "./loops";
export * from "./moving";
export * from "./nodes";
export * from "./parameters";
export * from "./places";
export * from "./read";
export * from "./subgraphs";
export * from "./things";
export * from "./types";
export * from "./values";
export * from "./wires";
export * from "./write";
