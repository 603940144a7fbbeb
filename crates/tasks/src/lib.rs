//! Prompts, answer grammar and suites.
