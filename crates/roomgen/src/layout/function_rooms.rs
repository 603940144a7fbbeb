//! Rooms for work together and rooms where things are kept.

use super::planner::Planner;
use super::stacking::Spot;
use crate::assets::AssetError;
use crate::room::Carrier;

type Done = Result<(), AssetError>;

impl Planner<'_> {
    /// A large table with chairs round it, and something to look at.
    pub(super) fn meeting(&mut self) -> Done {
        let Some(mut piece) = self.piece("table")? else { return Ok(()) };
        let longest = piece.size().truncate().max_element();
        // As long as the room lets it be, within what tables are.
        let room = self.room.size.truncate().min_element();
        let wanted = self.rng.range(1.8, 3.0).min(room - 1.6).max(1.2);
        let stretch = (wanted / longest).clamp(1.0, 1.7);
        piece.scale.x *= stretch;
        piece.scale.y *= stretch.sqrt();
        let kind = if self.rng.chance(0.55) { "office chair" } else { "chair" };
        if let Some(table) = self.in_middle(&piece)
            && let Some(chair) = self.piece(kind)?
        {
            let most = self.rng.between(4, 12);
            let seats = self.chairs_round(table, &chair, most, 0.1);
            for _ in 0..seats {
                for (class, chance) in
                    [("laptop", 0.25), ("cup", 0.3), ("paper stack", 0.3), ("bottle", 0.2)]
                {
                    self.top(Some(table), class, chance, Spot::Anywhere)?;
                }
            }
            self.top(Some(table), "telephone", 0.5, Spot::Middle)?;
            self.top(Some(table), "projector", 0.35, Spot::Middle)?;
        }
        match self.rng.below(4) {
            0 => drop(self.hang("whiteboard", 1.4, 1.6)?),
            1 => {
                let stand = self.wall_piece("tv stand", 1.0, 0.0)?;
                self.top(stand, "tv", 1.0, Spot::Middle)?;
            }
            _ => drop(self.hang("projector screen", 1.3, 1.6)?),
        }
        self.wall_piece("flip chart", 0.6, 0.0)?;
        let cabinet = self.wall_piece("cabinet", 0.4, 0.3)?;
        for (class, chance) in
            [("coffee machine", 0.5), ("cup", 0.6), ("bottle", 0.5), ("kettle", 0.2)]
        {
            self.top(cabinet, class, chance, Spot::Anywhere)?;
        }
        self.wall_piece("coat rack", 0.35, 0.0)?;
        self.wall_piece("trash bin", 0.6, 0.0)?;
        self.hang_near_ceiling("air conditioner", 0.35)?;
        if self.rng.chance(0.3) {
            self.hang("clock", 1.8, 2.0)?;
        }
        self.ceiling_light(0.6)
    }

    /// Shelves along the walls, and what is kept in houses.
    pub(super) fn storage(&mut self) -> Done {
        let shelves = self.rng.between(1, 4);
        if let Some(shelf) = self.piece("shelf")? {
            for _ in 0..shelves {
                let piece = self.again(&shelf, 0.2);
                self.against_wall(&piece, 0.0, 0.25, Carrier::Floor);
            }
        }
        let desk = self.wall_piece("desk", 0.25, 0.4)?;
        self.top(desk, "toolbox", 0.8, Spot::Anywhere)?;
        for (class, chance) in [
            ("ladder", 0.6),
            ("broom", 0.6),
            ("vacuum cleaner", 0.6),
            ("ironing board", 0.5),
            ("drying rack", 0.4),
            ("washing machine", 0.4),
            ("filing cabinet", 0.25),
            ("shoe rack", 0.3),
            ("wardrobe", 0.2),
            ("exercise bike", 0.2),
            ("suitcase", 0.4),
            ("toolbox", 0.5),
            ("bucket", 0.6),
        ] {
            self.wall_piece(class, chance, 0.0)?;
        }
        let piles = self.rng.between(1, 4);
        for _ in 0..piles {
            let below = self.wall_piece("box", 1.0, 0.0)?;
            let upper = self.top(below, "box", 0.7, Spot::Middle)?;
            self.top(upper, "box", 0.3, Spot::Middle)?;
        }
        if self.rng.chance(0.35) {
            self.hang("fire extinguisher", 0.9, 1.1)?;
        }
        self.ceiling_light(0.4)
    }

    /// High on a wall, where air conditioners hang.
    pub(super) fn hang_near_ceiling(&mut self, class: &str, chance: f32) -> Done {
        if let (true, Some(piece)) = (self.rng.chance(chance), self.piece(class)?) {
            let z = self.room.size.z - piece.size().z - self.rng.range(0.1, 0.25);
            self.against_wall(&piece, z, 0.0, Carrier::Wall);
        }
        Ok(())
    }
}
