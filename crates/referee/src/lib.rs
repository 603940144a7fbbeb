//! Metrics, baselines, the printed table.
