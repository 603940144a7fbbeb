use glam::Vec3;

/// How long the longest side of such a thing is in real rooms: 10th and 90th percentile, metres,
/// of the boxes in 288 scanned rooms (ScanNet, ScanNet++ and ARKitScenes, as counted in the meta
/// information of VSI-Bench). Classes that occur in fewer than five rooms there are left out.
const LONGEST_M: [(&str, f32, f32); 31] = [
    ("bathtub", 1.38, 1.77),
    ("bed", 1.99, 2.39),
    ("bookcase", 0.98, 2.69),
    ("ceiling light", 0.3, 1.6),
    ("chair", 0.54, 1.04),
    ("clock", 0.27, 0.53),
    ("computer", 0.36, 0.55),
    ("cup", 0.1, 0.16),
    ("dishwasher", 0.87, 0.93),
    ("fireplace", 1.4, 1.95),
    ("fridge", 0.9, 1.95),
    ("kettle", 0.23, 0.25),
    ("keyboard", 0.42, 0.49),
    ("lamp", 0.31, 1.38),
    ("laptop", 0.29, 0.43),
    ("microwave", 0.46, 0.79),
    ("mirror", 0.46, 1.67),
    ("monitor", 0.51, 0.67),
    ("nightstand", 0.58, 0.85),
    ("pillow", 0.43, 0.79),
    ("plant", 0.2, 1.02),
    ("printer", 0.41, 0.66),
    ("radiator", 0.71, 1.91),
    ("sofa", 0.93, 2.42),
    ("stool", 0.36, 0.82),
    ("table", 0.61, 2.01),
    ("telephone", 0.24, 0.42),
    ("toilet", 0.54, 0.84),
    ("trash bin", 0.33, 0.96),
    ("tv", 0.52, 1.25),
    ("whiteboard", 0.98, 2.44),
];

/// Percentiles are no limits: a piece may leave their span by this share.
const SLACK: f32 = 0.25;

/// By how much a piece of this size must be scaled to be no longer, and no shorter, than such
/// things are; 1 where it is well, or where nothing is known.
pub(crate) fn correction(class: &str, size: Vec3) -> f32 {
    let longest = size.abs().max_element().max(1e-3);
    let Some((_, low, high)) = LONGEST_M.iter().find(|(known, _, _)| *known == class) else {
        return 1.0;
    };
    longest.clamp(low * (1.0 - SLACK), high * (1.0 + SLACK)) / longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_far_off_is_corrected() {
        assert_eq!(correction("tv", Vec3::new(-1.2, 0.1, 0.7)), 1.0);
        // 1.25 m and a quarter is 1.5625 m.
        assert!((correction("tv", Vec3::new(3.125, 0.1, 0.7)) - 0.5).abs() < 1e-4);
        assert!((correction("bed", Vec3::new(0.5, 0.7, 0.2)) - 1.4925 / 0.7).abs() < 1e-4);
        assert_eq!(correction("unicorn", Vec3::splat(9.0)), 1.0);
    }
}
