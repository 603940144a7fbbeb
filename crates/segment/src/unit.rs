use glam::Vec3;
use scene::Unit;

/// A guess at the unit of a file's numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitGuess {
    pub(crate) unit: Unit,
    /// The next best unit explains the size nearly as well, or none explains it.
    pub(crate) unsure: bool,
}

/// A room is about so high and so wide, metres.
const HEIGHT_M: f32 = 2.4;
const WIDTH_M: f32 = 5.0;

/// Which unit makes `size` (file units, z up) most like a room. Centimetres and millimetres must
/// explain clearly more than metres, the habit of most scanners.
pub(crate) fn guess_unit(size: Vec3) -> UnitGuess {
    let width = (size.x * size.y).sqrt().max(size.z * 0.1);
    // A flat scan has no height to judge by; its width must do.
    let height = size.z.max(width * 0.1);
    let strangeness = |unit: Unit| {
        let metres = unit.metres() as f32;
        let habit = if unit == Unit::Metre { 0.0 } else { 0.7 };
        libm::logf((height * metres / HEIGHT_M).max(1e-30)).abs()
            + 0.5 * libm::logf((width * metres / WIDTH_M).max(1e-30)).abs()
            + habit
    };
    let mut ranked = [Unit::Metre, Unit::Centimetre, Unit::Millimetre].map(|u| (strangeness(u), u));
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let [(best, unit), (second, _), _] = ranked;
    UnitGuess { unit, unsure: second - best < 1.0 || best > 4.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_and_table_tops_in_their_units() {
        for room in [Vec3::new(5.0, 4.0, 2.5), Vec3::new(9.0, 12.0, 3.2), Vec3::new(2.5, 2.0, 2.2)]
        {
            for unit in [Unit::Metre, Unit::Centimetre, Unit::Millimetre] {
                let guess = guess_unit(room / unit.metres() as f32);
                assert_eq!(guess.unit, unit, "{room} in {unit:?}");
                assert!(!guess.unsure);
            }
        }
        assert_eq!(guess_unit(Vec3::new(1.0, 0.8, 0.3)).unit, Unit::Metre);
        assert_eq!(guess_unit(Vec3::new(30.0, 20.0, 6.0)).unit, Unit::Metre);
    }

    #[test]
    fn sizes_no_room_has_are_unsure() {
        assert!(guess_unit(Vec3::splat(1e-3)).unsure);
        assert!(guess_unit(Vec3::splat(1e9)).unsure);
        assert!(guess_unit(Vec3::new(1600.0, 1500.0, 700.0)).unsure);
    }
}
