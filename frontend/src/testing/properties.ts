import fc from "fast-check";

// On the CI the examples are the same each time: a new one that fails is news of the code, not of the change it met.
if (process.env["CI"]) fc.configureGlobal({ seed: 20261126 });
