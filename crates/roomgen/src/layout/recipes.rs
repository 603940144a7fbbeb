//! What belongs into which room, and where.

use super::planner::Planner;
use super::stacking::Spot;
use crate::assets::AssetError;
use crate::room::{Carrier, Purpose};
use glam::Vec2;

type Done = Result<(), AssetError>;

impl Planner<'_> {
    /// By what the room is for, then with what else homes have, up to `target` pieces;
    /// `strange` is the share of attempts that add something that nobody would expect there.
    pub(super) fn furnish(&mut self, target: usize, strange: f32) -> Done {
        match self.room.purpose {
            Purpose::Bedroom => self.sleeping()?,
            Purpose::Living => self.living()?,
            Purpose::Dining => self.dining()?,
            Purpose::Office => self.office()?,
            Purpose::Kitchen => self.kitchen()?,
            Purpose::Bath => self.bath()?,
            Purpose::Child => self.child()?,
            Purpose::Meeting => self.meeting()?,
            Purpose::Storage => self.storage()?,
            Purpose::Studio => {
                self.sleeping()?;
                self.living()?;
            }
        }
        self.fill(target, strange)
    }

    pub(super) fn wall_piece(
        &mut self,
        class: &str,
        chance: f32,
        before_m: f32,
    ) -> Result<Option<usize>, AssetError> {
        if !self.rng.chance(chance) {
            return Ok(None);
        }
        let piece = self.piece(class)?;
        Ok(piece.and_then(|piece| self.against_wall(&piece, 0.0, before_m, Carrier::Floor)))
    }

    pub(super) fn hang(
        &mut self,
        class: &str,
        low_m: f32,
        high_m: f32,
    ) -> Result<Option<usize>, AssetError> {
        let Some(piece) = self.piece(class)? else { return Ok(None) };
        let middle = self.rng.range(low_m, high_m);
        let z = (middle - piece.size().z / 2.0).max(0.2);
        Ok(self.against_wall(&piece, z, 0.0, Carrier::Wall))
    }

    pub(super) fn hang_above(&mut self, anchor: Option<usize>, class: &str, chance: f32) -> Done {
        let (Some(anchor), true) = (anchor, self.rng.chance(chance)) else { return Ok(()) };
        if let Some(piece) = self.piece(class)? {
            let top = self.room.placed[anchor].bounds.max.z;
            let z = (top + self.rng.range(0.15, 0.35)).max(1.5 - piece.size().z / 2.0);
            self.above(anchor, &piece, z);
        }
        Ok(())
    }

    pub(super) fn top(
        &mut self,
        anchor: Option<usize>,
        class: &str,
        chance: f32,
        spot: Spot,
    ) -> Result<Option<usize>, AssetError> {
        let (Some(anchor), true) = (anchor, self.rng.chance(chance)) else { return Ok(None) };
        let Some(piece) = self.piece_of_height(class, 0.0, 1.0)? else { return Ok(None) };
        let turn = match spot {
            Spot::Back | Spot::Front => 0.06 * self.rng.normal(),
            _ if class == "book" => self.rng.range(-3.1, 3.1),
            _ => 0.25 * self.rng.normal(),
        };
        Ok(self.on_top(anchor, &piece, spot, turn))
    }

    pub(super) fn ceiling_light(&mut self, chance: f32) -> Done {
        if let (true, Some(light)) = (self.rng.chance(chance), self.piece("ceiling light")?) {
            let off = Vec2::new(self.rng.normal(), self.rng.normal()) * 0.15;
            let at = (self.room.size / 2.0).truncate() + off;
            let base = at.extend(self.room.size.z - light.size().z - 0.003);
            self.put(light, base, 0.0, Carrier::Ceiling, &[]);
        }
        Ok(())
    }

    fn sleeping(&mut self) -> Done {
        let Some(bed) = self.wall_piece("bed", 1.0, 0.3)? else { return Ok(()) };
        if let (true, Some(stand)) = (self.rng.chance(0.85), self.piece("nightstand")?) {
            let other = if self.rng.chance(0.75) { 0.0 } else { 1.0 };
            for side in [-1.0, 1.0] {
                if self.rng.chance(0.8) {
                    let piece = self.again(&stand, other);
                    let gap = self.rng.range(0.03, 0.12);
                    let at = self.beside(bed, &piece, side, gap);
                    self.top(at, "lamp", 0.55, Spot::Back)?;
                    self.top(at, "book", 0.3, Spot::Anywhere)?;
                }
            }
        }
        let pillows = self.rng.between(0, 2);
        for _ in 0..pillows {
            self.top(Some(bed), "pillow", 1.0, Spot::Back)?;
        }
        self.top(Some(bed), "blanket", 0.45, Spot::Front)?;
        self.wall_piece("wardrobe", 0.8, 0.45)?;
        let dresser = self.wall_piece("dresser", 0.55, 0.3)?;
        self.hang_above(dresser, "mirror", 0.5)?;
        self.top(dresser, "vase", 0.4, Spot::Anywhere)?;
        self.hang_above(Some(bed), "picture", 0.5)?;
        if self.rng.chance(0.3) {
            self.workplace(0.4)?;
        }
        self.ceiling_light(0.5)
    }

    fn dining(&mut self) -> Done {
        self.table_group(1.0)?;
        let cabinet = self.wall_piece("cabinet", 0.5, 0.3)?;
        self.top(cabinet, "vase", 0.5, Spot::Anywhere)?;
        self.top(cabinet, "bowl", 0.4, Spot::Anywhere)?;
        self.wall_piece("dresser", 0.4, 0.3)?;
        if self.rng.chance(0.35) {
            self.hang("clock", 1.6, 1.9)?;
        }
        self.ceiling_light(0.6)
    }

    pub(super) fn table_group(&mut self, in_middle: f32) -> Done {
        let (Some(piece), Some(chair)) = (self.piece("table")?, self.piece("chair")?) else {
            return Ok(());
        };
        let table = if self.rng.chance(in_middle) {
            self.in_middle(&piece)
        } else {
            self.against_wall(&piece, 0.0, 0.7, Carrier::Floor)
        };
        let Some(table) = table else { return Ok(()) };
        let most = self.rng.between(2, 6);
        let other_colour = if self.rng.chance(0.55) { 0.0 } else { 0.5 };
        let seats = self.chairs_round(table, &chair, most, other_colour);
        self.top(Some(table), "vase", 0.35, Spot::Middle)?;
        // Laid for a meal now and then: a plate and a cup for each, all alike.
        if let (true, Some(plate), Some(cup)) =
            (self.rng.chance(0.2), self.piece("plate")?, self.piece("cup")?)
        {
            for _ in 0..seats {
                for piece in [&plate, &cup] {
                    self.on_top(table, piece, Spot::Anywhere, 0.0);
                }
            }
        }
        Ok(())
    }

    /// A desk with its chair and what stands on it.
    fn workplace(&mut self, computer: f32) -> Done {
        let Some(piece) = self.piece("desk")? else { return Ok(()) };
        let Some(desk) = self.against_wall(&piece, 0.0, 0.0, Carrier::Floor) else { return Ok(()) };
        let kind = if self.rng.chance(0.75) { "office chair" } else { "chair" };
        if let Some(chair) = self.piece(kind)? {
            let gap = self.rng.range(-0.12, 0.25);
            let aside = self.rng.range(-0.2, 0.2);
            if self.before(desk, &chair, gap, aside, true).is_none() {
                self.before(desk, &chair, 0.05, 0.0, true);
            }
        }
        if self.rng.chance(computer) {
            self.top(Some(desk), "monitor", 1.0, Spot::Back)?;
            self.top(Some(desk), "monitor", 0.3, Spot::Back)?;
            self.top(Some(desk), "keyboard", 0.85, Spot::Front)?;
            if let (true, Some(tower)) = (self.rng.chance(0.4), self.piece("computer")?) {
                let side = if self.rng.chance(0.5) { 1.0 } else { -1.0 };
                self.beside(desk, &tower, side, 0.04);
            }
        } else {
            // Raised on a box or a pile of books, for straight necks.
            let kind = if self.rng.chance(0.5) { "box" } else { "book" };
            let below = self.top(Some(desk), kind, 0.25, Spot::Middle)?;
            self.top(below.or(Some(desk)), "laptop", 0.75, Spot::Middle)?;
        }
        self.top(Some(desk), "lamp", 0.35, Spot::Back)?;
        let papers = self.top(Some(desk), "paper stack", 0.35, Spot::Anywhere)?;
        self.top(papers, "cup", 0.3, Spot::Middle)?;
        if self.rng.chance(0.4)
            && let Some(bin) = self.piece("trash bin")?
        {
            let side = if self.rng.chance(0.5) { 1.0 } else { -1.0 };
            self.beside(desk, &bin, side, 0.08);
        }
        Ok(())
    }

    fn office(&mut self) -> Done {
        let places = self.rng.between(1, 3);
        for _ in 0..places {
            self.workplace(0.65)?;
        }
        let cases = self.rng.between(0, 2);
        for _ in 0..cases {
            self.wall_piece("bookcase", 0.8, 0.3)?;
        }
        let cabinet = self.wall_piece("cabinet", 0.5, 0.3)?;
        self.top(cabinet, "printer", 0.5, Spot::Anywhere)?;
        self.wall_piece("filing cabinet", 0.4, 0.3)?;
        if self.rng.chance(0.5) {
            self.hang("whiteboard", 1.4, 1.6)?;
        }
        if self.rng.chance(0.4) {
            self.hang("clock", 1.7, 2.0)?;
        }
        Ok(())
    }

    fn child(&mut self) -> Done {
        let kind = if self.rng.chance(0.5) { "bunk bed" } else { "crib" };
        self.wall_piece(kind, 1.0, 0.3)?;
        if self.rng.chance(0.4) {
            self.wall_piece("bed", 1.0, 0.3)?;
        }
        self.wall_piece("dresser", 0.6, 0.3)?;
        self.wall_piece("shelf", 0.7, 0.2)?;
        self.wall_piece("wardrobe", 0.5, 0.4)?;
        if self.rng.chance(0.5) {
            self.workplace(0.2)?;
        }
        let boxes = self.rng.between(1, 3);
        for _ in 0..boxes {
            self.wall_piece("box", 0.8, 0.0)?;
        }
        self.wall_piece("bag", 0.4, 0.0)?;
        let toys = self.rng.between(1, 5);
        for _ in 0..toys {
            self.leave_on_floor()?;
        }
        Ok(())
    }
}
