use glam::Vec3;
use scene::Unit;

/// A guess at the unit of a file's numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitGuess {
    pub(crate) unit: Unit,
    /// 0..=1: how much better it explains the size than any other unit does; little where none
    /// does. [`scene::Reading::ASK`] is a lead of [`SURE_LEAD`].
    pub(crate) confidence: f32,
}

/// A room is about so high and so wide, metres.
const HEIGHT_M: f32 = 2.4;
const WIDTH_M: f32 = 5.0;
/// With this lead, in the logarithm of sizes, a guess is as likely as not to be questioned.
const SURE_LEAD: f32 = 1.0;
/// No room is as strange as this in any unit.
const STRANGEST: f32 = 4.0;

/// How seldom a file is written in a unit.
fn rarity(unit: Unit) -> f32 {
    match unit {
        Unit::Metre => 0.0,
        Unit::Centimetre | Unit::Millimetre => 0.7,
        Unit::Inch => 1.4,
        Unit::Foot => 1.5,
    }
}

/// Which unit makes `size` (file units, z up) most like a room. The rarer ones must explain clearly
/// more than metres, the habit of most scanners.
pub(crate) fn guess_unit(size: Vec3) -> UnitGuess {
    let width = (size.x * size.y).sqrt().max(size.z * 0.1);
    // A flat scan has no height to judge by; its width must do.
    let height = size.z.max(width * 0.1);
    let strangeness = |unit: Unit| {
        let metres = unit.metres() as f32;
        libm::logf((height * metres / HEIGHT_M).max(1e-30)).abs()
            + 0.5 * libm::logf((width * metres / WIDTH_M).max(1e-30)).abs()
            + rarity(unit)
    };
    let mut ranked = Unit::ALL.map(|unit| (strangeness(unit), unit));
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let [(best, unit), (second, _), ..] = ranked;
    let lead = if best > STRANGEST { 0.0 } else { second - best };
    UnitGuess { unit, confidence: lead / (lead + SURE_LEAD) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scene::Reading;

    #[test]
    fn rooms_and_table_tops_in_their_units() {
        for room in [Vec3::new(5.0, 4.0, 2.5), Vec3::new(9.0, 12.0, 3.2), Vec3::new(2.5, 2.0, 2.2)]
        {
            for unit in Unit::ALL {
                let guess = guess_unit(room / unit.metres() as f32);
                // Feet and metres are too near to each other: a person is asked.
                let may_ask = matches!(unit, Unit::Foot | Unit::Inch);
                let sure = guess.confidence >= Reading::ASK;
                assert!(sure || may_ask, "{room} in {unit:?}: {guess:?}");
                assert!(guess.unit == unit || !sure, "{room} in {unit:?}: {guess:?}");
            }
        }
        assert_eq!(guess_unit(Vec3::new(1.0, 0.8, 0.3)).unit, Unit::Metre);
        assert_eq!(guess_unit(Vec3::new(30.0, 20.0, 6.0)).unit, Unit::Metre);
    }

    #[test]
    fn sizes_no_room_has_are_unsure() {
        for size in [Vec3::splat(1e-3), Vec3::splat(1e9), Vec3::new(1600.0, 1500.0, 700.0)] {
            assert!(guess_unit(size).confidence < Reading::ASK, "{size}");
        }
    }
}
