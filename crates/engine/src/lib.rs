//! The session: load, segment, encode, ask, stop.
