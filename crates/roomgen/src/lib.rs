//! Synthetic rooms, scanned and questioned.
