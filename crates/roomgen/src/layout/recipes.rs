//! What belongs into which room, and where.

use super::planner::{Planner, Spot};
use crate::assets::AssetError;
use crate::room::{Carrier, Purpose};
use glam::Vec2;

type Done = Result<(), AssetError>;

/// Small things that stand on furniture.
const SMALL: [&str; 12] = [
    "book", "bottle", "bowl", "box", "clock", "cup", "fan", "lamp", "laptop", "plant", "speaker", "vase",
];

/// What small things stand on.
const CARRIERS: [&str; 9] = [
    "cabinet", "coffee table", "desk", "dresser", "nightstand", "shelf", "table", "tv stand", "bench",
];

impl Planner<'_> {
    /// Door, windows, curtains.
    pub(super) fn openings(&mut self) -> Done {
        if let Some(door) = self.piece("door")? {
            self.against_wall(&door, 0.0, 0.8, Carrier::Wall);
        }
        let windows = self.rng.between(0, 2);
        let Some(window) = self.piece("window")? else { return Ok(()) };
        for _ in 0..windows {
            let height = window.size().z;
            let sill = if height > 1.7 { 0.05 } else { self.rng.range(0.75, 1.0) };
            if sill + height > self.room.size.z - 0.1 {
                continue;
            }
            let Some(at) = self.against_wall(&window, sill, 0.0, Carrier::Wall) else { continue };
            if self.rng.chance(0.4) {
                self.curtains(at)?;
            }
        }
        Ok(())
    }

    fn curtains(&mut self, window: usize) -> Done {
        let Some(mut curtain) = self.piece("curtain")? else { return Ok(()) };
        let size = curtain.size();
        let narrow = (0.5 / size.x).min(1.0);
        curtain.scale.x *= narrow;
        curtain.scale.y *= (0.1 / size.y).min(1.0);
        curtain.scale.z *= ((self.room.size.z - 0.15) / size.z).min(1.25);
        let walls = self.room.walls();
        let placed = &self.room.placed[window];
        let (base, front, half) = (placed.base.truncate(), placed.front(), placed.piece.size().x / 2.0);
        let wall = walls.into_iter().min_by(|a, b| {
            let off = |w: &crate::room::Wall| {
                (base - w.start).dot(w.normal).abs() + 10.0 * (1.0 - w.normal.dot(front))
            };
            off(a).total_cmp(&off(b))
        });
        let Some(wall) = wall else { return Ok(()) };
        let middle = (base - wall.start).dot(wall.along());
        for side in [-1.0, 1.0] {
            let along = middle + side * (half + curtain.size().x / 2.0 + 0.01);
            let z = (self.room.size.z - curtain.size().z - 0.08).max(0.02);
            self.at_wall(&curtain, &wall, along, z, 0.0, Carrier::Wall);
        }
        Ok(())
    }

    /// By what the room is for, then with what else homes have, up to `target` pieces.
    pub(super) fn furnish(&mut self, target: usize) -> Done {
        match self.room.purpose {
            Purpose::Bedroom => self.sleeping()?,
            Purpose::Living => self.living()?,
            Purpose::Dining => self.dining()?,
            Purpose::Office => self.office()?,
            Purpose::Kitchen => self.kitchen()?,
            Purpose::Bath => self.bath()?,
            Purpose::Child => self.child()?,
            Purpose::Studio => {
                self.sleeping()?;
                self.living()?;
            }
        }
        self.fill(target)
    }

    fn wall_piece(&mut self, class: &str, chance: f32, before_m: f32) -> Result<Option<usize>, AssetError> {
        if !self.rng.chance(chance) {
            return Ok(None);
        }
        let piece = self.piece(class)?;
        Ok(piece.and_then(|piece| self.against_wall(&piece, 0.0, before_m, Carrier::Floor)))
    }

    fn hang(&mut self, class: &str, low_m: f32, high_m: f32) -> Result<Option<usize>, AssetError> {
        let Some(piece) = self.piece(class)? else { return Ok(None) };
        let middle = self.rng.range(low_m, high_m);
        let z = (middle - piece.size().z / 2.0).max(0.2);
        Ok(self.against_wall(&piece, z, 0.0, Carrier::Wall))
    }

    fn hang_above(&mut self, anchor: Option<usize>, class: &str, chance: f32) -> Done {
        let (Some(anchor), true) = (anchor, self.rng.chance(chance)) else { return Ok(()) };
        if let Some(piece) = self.piece(class)? {
            let top = self.room.placed[anchor].bounds.max.z;
            let z = (top + self.rng.range(0.15, 0.35)).max(1.5 - piece.size().z / 2.0);
            self.above(anchor, &piece, z);
        }
        Ok(())
    }

    fn top(&mut self, anchor: Option<usize>, class: &str, chance: f32, spot: Spot) -> Result<Option<usize>, AssetError> {
        let (Some(anchor), true) = (anchor, self.rng.chance(chance)) else { return Ok(None) };
        let Some(piece) = self.piece(class)? else { return Ok(None) };
        let turn = match spot {
            Spot::Back | Spot::Front => 0.06 * self.rng.normal(),
            _ if class == "book" => self.rng.range(-3.1, 3.1),
            _ => 0.25 * self.rng.normal(),
        };
        Ok(self.on_top(anchor, &piece, spot, turn))
    }

    fn ceiling_light(&mut self, chance: f32) -> Done {
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

    fn living(&mut self) -> Done {
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
                for (class, chance) in [("vase", 0.3), ("book", 0.45), ("cup", 0.4), ("bowl", 0.3), ("laptop", 0.12)] {
                    self.top(at, class, chance, Spot::Anywhere)?;
                }
            }
            let pillows = self.rng.between(0, 2);
            for _ in 0..pillows {
                self.top(Some(sofa), "pillow", 0.8, Spot::Anywhere)?;
            }
        }
        if let (Some(stand), true) = (stand, tv.is_some() && self.rng.chance(0.35)) {
            if let Some(speaker) = self.piece("speaker")? {
                for side in [-1.0, 1.0] {
                    self.beside(stand, &speaker, side, 0.1);
                }
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
        self.top(cabinet, "aquarium", 0.3, Spot::Middle)?;
        self.hang_above(sofa, "picture", 0.45)?;
        self.ceiling_light(0.4)
    }

    fn rug_under(&mut self, anchor: Option<usize>) -> Done {
        if let (Some(anchor), Some(rug)) = (anchor, self.piece("rug")?) {
            self.before(anchor, &rug, 0.05, 0.0, false);
        }
        Ok(())
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

    fn table_group(&mut self, in_middle: f32) -> Done {
        let (Some(piece), Some(chair)) = (self.piece("table")?, self.piece("chair")?) else { return Ok(()) };
        let table = if self.rng.chance(in_middle) {
            self.in_middle(&piece)
        } else {
            self.against_wall(&piece, 0.0, 0.7, Carrier::Floor)
        };
        let Some(table) = table else { return Ok(()) };
        let most = self.rng.between(2, 8);
        let other_colour = if self.rng.chance(0.55) { 0.0 } else { 0.5 };
        self.chairs_round(table, &chair, most, other_colour);
        for (class, chance, spot) in [
            ("vase", 0.4, Spot::Middle),
            ("bowl", 0.35, Spot::Anywhere),
            ("bottle", 0.3, Spot::Anywhere),
            ("cup", 0.4, Spot::Anywhere),
            ("laptop", 0.1, Spot::Anywhere),
        ] {
            self.top(Some(table), class, chance, spot)?;
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
            self.top(Some(desk), "keyboard", 0.85, Spot::Front)?;
        } else {
            let kind = if self.rng.chance(0.7) { "laptop" } else { "computer" };
            self.top(Some(desk), kind, 0.8, Spot::Middle)?;
        }
        for (class, chance) in [("lamp", 0.45), ("cup", 0.3), ("book", 0.4), ("printer", 0.15), ("plant", 0.12)] {
            self.top(Some(desk), class, chance, Spot::Anywhere)?;
        }
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
        if self.rng.chance(0.45) {
            self.hang("whiteboard", 1.4, 1.6)?;
        }
        if self.rng.chance(0.4) {
            self.hang("clock", 1.7, 2.0)?;
        }
        Ok(())
    }

    fn kitchen(&mut self) -> Done {
        // A row of units along one wall, under a row of wall cabinets.
        let mut row: Vec<&str> = ["cabinet", "stove", "sink", "cabinet", "dishwasher", "washing machine"]
            .into_iter()
            .filter(|class| match *class {
                "dishwasher" => self.rng.chance(0.6),
                "washing machine" => self.rng.chance(0.35),
                _ => self.rng.chance(0.92),
            })
            .collect();
        self.rng.shuffle(&mut row);
        row.insert(0, "fridge");
        let walls = self.room.walls();
        let mut wall_index = self.rng.below(walls.len());
        let mut along = 0.03;
        let mut counters = Vec::new();
        for class in row {
            let Some(piece) = self.piece(class)? else { continue };
            for _ in 0..14 {
                let wall = walls[wall_index];
                let half = piece.size().x / 2.0;
                if along + 2.0 * half > wall.length() - 0.02 {
                    wall_index = (wall_index + 1) % walls.len();
                    along = 0.75;
                    continue;
                }
                if let Some(at) = self.at_wall(&piece, &wall, along + half, 0.0, 0.35, Carrier::Floor) {
                    along += 2.0 * half + 0.015;
                    counters.push((at, class));
                    break;
                }
                along += 0.12;
            }
        }
        for (at, class) in counters {
            let top = self.room.placed[at].bounds.max.z;
            if class == "stove" && top < 1.2 {
                self.hang_at(at, "range hood", 0.7, 1.55)?;
            } else if top < 1.2 {
                self.hang_at(at, "wall cabinet", 0.5, 1.42)?;
            }
            if matches!(class, "cabinet" | "dishwasher" | "washing machine") {
                for (small, chance) in [
                    ("microwave", 0.3), ("coffee machine", 0.3),
                    ("bottle", 0.25), ("bowl", 0.2), ("cup", 0.2),
                ] {
                    self.top(Some(at), small, chance, Spot::Anywhere)?;
                }
            }
        }
        if self.rng.chance(0.7) {
            self.table_group(0.5)?;
        } else if let Some(stool) = self.piece("stool")? {
            let count = self.rng.between(1, 3);
            for _ in 0..count {
                let piece = self.again(&stool, 0.4);
                self.on_floor(&piece, true);
            }
        }
        if let (true, Some(bin)) = (self.rng.chance(0.5), self.piece("trash bin")?) {
            self.against_wall(&bin, 0.0, 0.0, Carrier::Floor);
        }
        Ok(())
    }

    fn hang_at(&mut self, anchor: usize, class: &str, chance: f32, z_m: f32) -> Done {
        if let (true, Some(piece)) = (self.rng.chance(chance), self.piece(class)?) {
            self.above(anchor, &piece, z_m);
        }
        Ok(())
    }

    fn bath(&mut self) -> Done {
        let tub = if self.rng.chance(0.65) { "bathtub" } else { "shower" };
        self.wall_piece(tub, 1.0, 0.4)?;
        self.wall_piece("toilet", 0.95, 0.45)?;
        let sink = self.wall_piece("sink", 1.0, 0.45)?;
        if let Some(sink) = sink {
            self.hang_at(sink, "mirror", 0.75, 1.25)?;
        }
        self.wall_piece("washing machine", 0.45, 0.3)?;
        self.wall_piece("cabinet", 0.3, 0.2)?;
        for (class, chance) in [("trash bin", 0.5), ("basket", 0.5), ("stool", 0.3)] {
            self.wall_piece(class, chance, 0.0)?;
        }
        if self.rng.chance(0.5) {
            self.hang("towel", 1.1, 1.4)?;
        }
        if self.rng.chance(0.4) {
            self.hang("radiator", 0.6, 0.8)?;
        }
        if let (true, Some(rug)) = (self.rng.chance(0.5), self.piece("rug")?) {
            self.on_floor(&rug, true);
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
        Ok(())
    }

    /// What every room may have, until there are `target` pieces or nothing fits any more. Now and
    /// then it is something that nobody would expect there.
    fn fill(&mut self, target: usize) -> Done {
        let standing: &[(&str, f32)] = match self.room.purpose {
            Purpose::Bath => &[("plant", 1.0), ("basket", 1.0), ("stool", 0.5)],
            Purpose::Kitchen => {
                &[("plant", 1.0), ("stool", 1.0), ("basket", 0.4), ("box", 0.5), ("shelf", 0.5)]
            }
            _ => &[
                ("plant", 2.0), ("lamp", 1.2), ("shelf", 0.8), ("box", 0.7), ("armchair", 0.8),
                ("chair", 1.5), ("stool", 0.9), ("bench", 0.5), ("suitcase", 0.5), ("bag", 0.5),
                ("basket", 0.4), ("trash bin", 0.6), ("vase", 0.3), ("speaker", 0.4),
                ("cabinet", 0.5), ("bookcase", 0.5), ("dresser", 0.3),
            ],
        };
        for attempt in 0..60 {
            if self.room.placed.len() >= target {
                break;
            }
            match self.rng.weighted(&[0.34, 0.24, 0.06, 0.05, 0.06, 0.25]) {
                Some(0) => {
                    let weights: Vec<f32> = standing.iter().map(|(_, weight)| *weight).collect();
                    let index = self.rng.weighted(&weights).unwrap_or(0);
                    self.wall_piece(standing[index].0, 1.0, 0.0)?;
                }
                Some(1) => {
                    let carriers = self.all_of(&CARRIERS);
                    let carrier = self.rng.pick(&carriers).copied();
                    let small = SMALL[self.rng.below(SMALL.len())];
                    self.top(carrier, small, 1.0, Spot::Anywhere)?;
                }
                Some(2) => drop(self.hang("picture", 1.4, 1.7)?),
                Some(3) if attempt < 30 => drop(self.hang("radiator", 0.45, 0.6)?),
                Some(4) if self.all_of(&["rug"]).is_empty() => {
                    if let Some(rug) = self.piece("rug")? {
                        self.on_floor(&rug, true);
                    }
                }
                Some(5) => self.anything(true)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Anything anywhere: beds in kitchens, chairs facing walls, lamps in the way.
    pub(super) fn odd(&mut self, target: usize) -> Done {
        for _ in 0..3 * target {
            if self.room.placed.len() >= target {
                break;
            }
            self.anything(false)?;
        }
        Ok(())
    }

    /// A piece of any class, every class as likely as any other, where such a piece can be:
    /// tidily, along walls and straight on furniture, or just anywhere.
    fn anything(&mut self, is_tidy: bool) -> Done {
        let classes: Vec<String> = self.assets.classes().map(str::to_owned).collect();
        let Some(class) = self.rng.pick(&classes) else { return Ok(()) };
        match class.as_str() {
            "door" | "window" => return Ok(()),
            "clock" | "curtain" | "mirror" | "picture" | "range hood" | "towel" | "wall cabinet"
            | "whiteboard" => {
                self.hang(class, 0.9, 1.7)?;
                return Ok(());
            }
            "ceiling light" => return self.ceiling_light(1.0),
            _ => {}
        }
        let Some(piece) = self.piece(class)? else { return Ok(()) };
        let copies = if self.rng.chance(0.25) { self.rng.between(2, 4) } else { 1 };
        for _ in 0..copies {
            let piece = self.again(&piece, 0.5);
            let is_small = piece.size().max_element() < 0.6;
            let carriers = self.all_of(&CARRIERS);
            let carrier = self.rng.pick(&carriers).copied();
            match carrier {
                Some(carrier) if is_small && self.rng.chance(if is_tidy { 1.0 } else { 0.7 }) => {
                    let turn = if is_tidy { 0.0 } else { self.rng.range(-3.1, 3.1) };
                    self.on_top(carrier, &piece, Spot::Anywhere, turn);
                }
                _ if is_tidy || self.rng.chance(0.5) => {
                    self.against_wall(&piece, 0.0, 0.0, Carrier::Floor);
                }
                _ => {
                    self.on_floor(&piece, false);
                }
            }
        }
        Ok(())
    }
}
