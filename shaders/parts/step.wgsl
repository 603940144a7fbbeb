// What changes from step to step of a plan; all else in it is fixed. Written by decode_choose, and by the CPU before the
// first step.

struct Step {
    token: u32,    // to be read, or GIVEN
    position: u32, // at which it is read
    done: u32,     // steps since the first
    halted: u32,   // 1: nothing is left to do, every dispatch returns at once
}

// No token: a row that the CPU has written is read.
const GIVEN: u32 = 0xffffffffu;
