/** The server's contract: types made from its OpenAPI document, and the client. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type CatalogueContent = Schemas["Catalogue"];
export type NodeSpec = Schemas["NodeSpec"];
export type InputSpec = Schemas["InputSpec"];
export type TypeSpec = Schemas["TypeSpec"];
export type Fault = Schemas["FaultBody"];
export type Job = Schemas["Job"];
export type JobList = Schemas["JobList"];
export type JobDetail = Schemas["JobDetail"];
export type Accepted = Schemas["Accepted"];
export type CallEvent = Schemas["CallEvent"];
export type CallList = Schemas["CallList"];
export type EngineStatus = Schemas["EngineStatus"];
export type EventBody = Schemas["EventBody"];
export type FileEntry = Schemas["FileEntry"];
export type FileList = Schemas["FileList"];
export type ModelEntry = Schemas["ModelEntry"];
export type ModelList = Schemas["ModelList"];
export type PreviewHeader = Schemas["PreviewHeader"];
export type Queue = Schemas["Queue"];
export type Statistics = Schemas["Statistics"];
export type System = Schemas["System"];
export type TokensAnswer = Schemas["TokensAnswer"];
export type Upload = Schemas["Upload"];
export type Version = Schemas["Version"];
export type WorkflowEntry = Schemas["WorkflowEntry"];

export * from "./client";
export * from "./events";
