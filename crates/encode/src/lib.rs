//! Scene to prefix: the source systems' encoders in Burn.
