/// How likely a thing is found on such a carrier.
pub(super) type Odds = &'static [(&'static str, f32)];

/// Shares of carriers that bear such a thing, from the hand-made rooms of AI2-THOR as counted in
/// ProcTHOR's `receptacles.json` (PyPI `procthor` 0.0.1.dev2, Apache-2.0; Deitke et al. 2022),
/// its `Cup` and `Mug`, `Pot` and `Pan`, bottles of all kinds taken together, the names made ours,
/// and things of no class of ours left out. What is marked `own` is our estimate.
pub(super) const ON: [(&str, Odds); 9] = [
    (
        "armchair",
        &[
            ("pillow", 0.15),
            ("book", 0.09),
            ("laptop", 0.08),
            ("ball", 0.04),
            ("bag", 0.08),        // own
            ("blanket", 0.12),    // own
            ("teddy bear", 0.05), // own
        ],
    ),
    (
        "bed",
        &[
            ("pillow", 0.3), // own: 1.0 there, since our beds have pillows of their own
            ("laptop", 0.22),
            ("book", 0.18),
            ("teddy bear", 0.12),
            ("ball", 0.02),
            ("bag", 0.1),     // own
            ("blanket", 0.4), // own
            ("toy", 0.05),    // own
        ],
    ),
    (
        "coffee table",
        &[
            ("book", 0.24),
            ("cup", 0.2),
            ("bowl", 0.19),
            ("laptop", 0.19),
            ("box", 0.17),
            ("plant", 0.17),
            ("vase", 0.17),
            ("bottle", 0.15),
            ("plate", 0.11),
            ("paper stack", 0.1), // own, with magazines
            ("telephone", 0.03),  // own
        ],
    ),
    (
        "desk",
        &[
            ("book", 0.47),
            ("laptop", 0.43),
            ("cup", 0.31),
            ("lamp", 0.29),
            ("bottle", 0.2),
            ("bowl", 0.18),
            ("plate", 0.08),
            ("vase", 0.08),
            ("plant", 0.05),
            ("box", 0.01),
            ("fan", 0.04),         // own
            ("paper stack", 0.35), // own
            ("printer", 0.08),     // own
            ("speaker", 0.1),      // own
            ("telephone", 0.25),   // own; in 23 of 288 real rooms
        ],
    ),
    (
        "dresser",
        &[
            ("book", 0.25),
            ("lamp", 0.15),
            ("vase", 0.15),
            ("plant", 0.13),
            ("bottle", 0.12),
            ("cup", 0.12),
            ("laptop", 0.11),
            ("bowl", 0.05),
            ("paper stack", 0.04),
            ("ball", 0.03),
            ("basket", 0.05),     // own
            ("box", 0.1),         // own
            ("fan", 0.05),        // own
            ("speaker", 0.08),    // own
            ("teddy bear", 0.05), // own
        ],
    ),
    (
        "side table",
        &[
            ("lamp", 0.21),
            ("cup", 0.18),
            ("bottle", 0.16),
            ("plant", 0.15),
            ("vase", 0.09),
            ("book", 0.08),
            ("bowl", 0.07),
            ("box", 0.06),
            ("plate", 0.03),
            ("laptop", 0.02),
            ("telephone", 0.08), // own
        ],
    ),
    (
        "sofa",
        &[
            ("pillow", 0.64),
            ("laptop", 0.2),
            ("paper stack", 0.11),
            ("book", 0.08),
            ("bag", 0.08),        // own
            ("blanket", 0.25),    // own
            ("teddy bear", 0.05), // own
            ("toy", 0.05),        // own
        ],
    ),
    (
        "table",
        &[
            ("plate", 0.39),
            ("bowl", 0.36),
            ("cup", 0.35),
            ("laptop", 0.24),
            ("bottle", 0.23),
            ("book", 0.18),
            ("plant", 0.18),
            ("vase", 0.15),
            ("cooking pot", 0.12),
            ("box", 0.06),
            ("paper stack", 0.06),
            ("toaster", 0.04),
            ("bag", 0.05),    // own
            ("basket", 0.04), // own
        ],
    ),
    (
        "tv stand",
        &[
            ("bottle", 0.18),
            ("plant", 0.13),
            ("box", 0.11),
            ("vase", 0.11),
            ("cup", 0.1),
            ("bowl", 0.08),
            ("lamp", 0.08),
            ("book", 0.03),
            ("speaker", 0.2), // own
        ],
    ),
];

/// As counted for counter tops, in kitchens.
pub(super) const COUNTER: Odds = &[
    ("bottle", 0.58),
    ("coffee machine", 0.27),
    ("cup", 0.27),
    ("toaster", 0.27),
    ("cooking pot", 0.24),
    ("bowl", 0.19),
    ("microwave", 0.17),
    ("plate", 0.15),
    ("kettle", 0.1),
    ("plant", 0.09),
    ("vase", 0.03),
    ("dish rack", 0.2), // own
    ("basket", 0.05),   // own
];

/// Our own estimates.
pub(super) const MORE: [(&str, Odds); 17] = [
    ("bench", &[("bag", 0.2), ("blanket", 0.1), ("box", 0.1), ("book", 0.1), ("shoe", 0.05)]),
    ("book", &[("cup", 0.4), ("book", 0.5), ("bowl", 0.1), ("plant", 0.1), ("vase", 0.1)]),
    ("box", &[("box", 0.5), ("book", 0.2), ("laptop", 0.1), ("toy", 0.1), ("toolbox", 0.1)]),
    (
        "chair",
        &[("bag", 0.3), ("book", 0.2), ("blanket", 0.15), ("paper stack", 0.2), ("box", 0.1)],
    ),
    ("crib", &[("teddy bear", 0.6), ("blanket", 0.4), ("toy", 0.2)]),
    (
        "filing cabinet",
        &[("plant", 0.3), ("printer", 0.3), ("paper stack", 0.3), ("box", 0.3), ("fan", 0.1)],
    ),
    ("fridge", &[("box", 0.4), ("basket", 0.3), ("bowl", 0.2), ("plant", 0.1)]),
    ("microwave", &[("bowl", 0.3), ("plate", 0.3), ("box", 0.1), ("toaster", 0.1)]),
    ("ottoman", &[("book", 0.3), ("blanket", 0.3), ("paper stack", 0.2)]),
    ("paper stack", &[("cup", 0.4), ("book", 0.3), ("paper stack", 0.2), ("telephone", 0.1)]),
    ("piano", &[("lamp", 0.2), ("plant", 0.3), ("book", 0.3), ("vase", 0.3)]),
    ("speaker", &[("plant", 0.2), ("vase", 0.2), ("book", 0.1), ("speaker", 0.1)]),
    ("stool", &[("plant", 0.2), ("book", 0.2), ("cup", 0.1), ("bag", 0.1)]),
    ("stove", &[("cooking pot", 0.7), ("kettle", 0.3)]),
    ("suitcase", &[("bag", 0.3), ("box", 0.3), ("suitcase", 0.2), ("blanket", 0.2)]),
    ("wardrobe", &[("box", 0.6), ("suitcase", 0.5), ("basket", 0.3), ("blanket", 0.3)]),
    ("washing machine", &[("basket", 0.4), ("bottle", 0.4), ("box", 0.2), ("bucket", 0.1)]),
];

/// What stands on the boards of open shelves: in homes, as counted for shelving units, with our
/// own estimates beside; and where things are only kept, our estimates alone.
pub(super) const BOARDS: [Odds; 2] = [
    &[
        ("vase", 0.13),
        ("box", 0.08),
        ("ball", 0.05),
        ("plant", 0.05),
        ("cooking pot", 0.05),
        ("bottle", 0.05),
        ("paper stack", 0.05), // own; 0.03 for newspapers
        ("book", 0.15),        // own; 0.05 there, whose shelves have books built in
        ("basket", 0.08),      // own
        ("bowl", 0.05),        // own
        ("cup", 0.05),         // own
        ("speaker", 0.05),     // own
        ("teddy bear", 0.05),  // own
        ("toy", 0.05),         // own
    ],
    &[
        ("box", 0.9),
        ("bucket", 0.3),
        ("toolbox", 0.4),
        ("basket", 0.25),
        ("bottle", 0.3),
        ("paper stack", 0.15),
        ("blanket", 0.15),
        ("ball", 0.15),
        ("shoe", 0.1),
        ("fan", 0.1),
        ("cooking pot", 0.1),
        ("suitcase", 0.2),
        ("toy", 0.1),
    ],
];
