/** What runs: the server's events as a store, what one node did, and the actions of a user on jobs. */

export * from "./context";
export * from "./select";
export * from "./service";
export * from "./state";
