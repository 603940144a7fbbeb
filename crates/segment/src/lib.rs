//! Cloud to scene: repair, structure, superpoints, instances.
