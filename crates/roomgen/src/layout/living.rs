//! Living rooms.

use super::planner::Planner;
use super::stacking::Spot;
use crate::assets::AssetError;
use crate::room::Carrier;

type Done = Result<(), AssetError>;

impl Planner<'_> {
    pub(super) fn living(&mut self) -> Done {
        let stand = self.wall_piece("tv stand", 0.7, 0.0)?;
        let tv = self.top(stand, "tv", 0.95, Spot::Middle)?;
        let mut sofa = None;
        if let Some(piece) = self.piece("sofa")? {
            // Opposite the television where there is one.
            if let (Some(stand), true) = (stand, self.rng.chance(0.75)) {
                for _ in 0..12 {
                    let gap = self.rng.range(1.5, 3.4);
                    let aside = self.rng.range(-0.3, 0.3);
                    sofa = sofa.or_else(|| self.before(stand, &piece, gap, aside, true));
                }
            }
            sofa = sofa.or_else(|| self.against_wall(&piece, 0.0, 0.3, Carrier::Floor));
        }
        if let (Some(sofa), Some(table)) = (sofa, self.piece("coffee table")?) {
            if self.rng.chance(0.85) {
                let gap = self.rng.range(0.3, 0.5);
                let aside = self.rng.range(-0.15, 0.15);
                let at = self.before(sofa, &table, gap, aside, false);
                self.top(at, "vase", 0.3, Spot::Middle)?;
                let book = self.top(at, "book", 0.35, Spot::Anywhere)?;
                self.top(book, "cup", 0.3, Spot::Middle)?;
            }
            let pillows = self.rng.between(0, 2);
            for _ in 0..pillows {
                self.top(Some(sofa), "pillow", 0.8, Spot::Anywhere)?;
            }
        }
        if let (Some(stand), true) = (stand, tv.is_some() && self.rng.chance(0.35))
            && let Some(speaker) = self.piece("speaker")?
        {
            for side in [-1.0, 1.0] {
                self.beside(stand, &speaker, side, 0.1);
            }
        }
        if let (Some(sofa), Some(armchair)) = (sofa, self.piece("armchair")?) {
            let count = self.rng.between(0, 2);
            for side in [-1.0, 1.0].into_iter().take(count) {
                let gap = self.rng.range(0.2, 0.6);
                let aside = side * self.rng.range(1.3, 1.7);
                let piece = self.again(&armchair, 0.4);
                self.before(sofa, &piece, gap, aside, true);
            }
        }
        if let (Some(sofa), Some(table)) = (sofa, self.piece("side table")?)
            && self.rng.chance(0.4)
        {
            let side = if self.rng.chance(0.5) { 1.0 } else { -1.0 };
            let at = self.beside(sofa, &table, side, 0.05);
            self.top(at, "lamp", 0.5, Spot::Middle)?;
        }
        if let (Some(sofa), Some(ottoman)) = (sofa, self.piece("ottoman")?)
            && self.rng.chance(0.35)
        {
            let aside = self.rng.range(-1.0, 1.0);
            self.before(sofa, &ottoman, 0.3, aside, true);
        }
        if self.rng.chance(0.35) {
            self.rug_under(sofa)?;
        }
        if self.rng.chance(0.3) {
            self.table_group(0.4)?;
        }
        self.wall_piece("bookcase", 0.45, 0.3)?;
        self.wall_piece("fireplace", 0.12, 0.4)?;
        self.wall_piece("piano", 0.1, 0.5)?;
        let cabinet = self.wall_piece("cabinet", 0.25, 0.3)?;
        self.top(cabinet, "aquarium", 0.45, Spot::Middle)?;
        self.hang_above(sofa, "picture", 0.45)?;
        self.ceiling_light(0.4)
    }

    fn rug_under(&mut self, anchor: Option<usize>) -> Done {
        if let (Some(anchor), Some(rug)) = (anchor, self.piece("rug")?) {
            self.before(anchor, &rug, 0.05, 0.0, false);
        }
        Ok(())
    }
}
