//! Virtual cameras: the best views of an instance.
