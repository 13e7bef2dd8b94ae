import fc from "fast-check";

// On CI always the same examples: what a rare one finds must not stop a change that has nothing to do with it.
if (process.env.CI) fc.configureGlobal({ seed: 1 });
