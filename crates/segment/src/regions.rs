use crate::{
    contour_net::{MEANING, VoxelCodes},
    keymap::NONE,
    stepper::Shapes,
};
use glam::Vec3;
use scene::Aabb;

/// Sums over the voxels of a region; two regions merge by adding them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    pub(crate) voxels: f32,
    pub(crate) bounds: Aabb,
    pub(crate) position: Vec3,
    pub(crate) colour: Vec3,
    /// Squares of the colour's three values, summed.
    pub(crate) colour_square: f32,
    /// Outer product of the normals: xx, yy, zz, xy, xz, yz.
    pub(crate) normal: [f32; 6],
    pub(crate) planarity: f32,
    pub(crate) linearity: f32,
    /// Neighbour relations of its voxels with the floor and with walls.
    pub(crate) floor_contact: f32,
    pub(crate) wall_contact: f32,
    /// Voxels that lie flat on a wall or on the floor.
    pub(crate) on_wall: f32,
    pub(crate) on_floor: f32,
    /// How far its colour is from the bare plane's, summed over those voxels.
    pub(crate) contrast: f32,
    /// The probability that a voxel belongs to a thing.
    pub(crate) thing: f32,
    /// Where its voxels take the middle of their object to be, and the squares of that.
    pub(crate) middle: Vec3,
    pub(crate) middle_square: f32,
    /// The codes of what its voxels may be.
    pub(crate) meaning: [f32; MEANING],
}

impl Region {
    const EMPTY: Self = Self {
        voxels: 0.0,
        bounds: Aabb::EMPTY,
        position: Vec3::ZERO,
        colour: Vec3::ZERO,
        colour_square: 0.0,
        normal: [0.0; 6],
        planarity: 0.0,
        linearity: 0.0,
        floor_contact: 0.0,
        wall_contact: 0.0,
        on_wall: 0.0,
        on_floor: 0.0,
        contrast: 0.0,
        thing: 0.0,
        middle: Vec3::ZERO,
        middle_square: 0.0,
        meaning: [0.0; MEANING],
    };

    pub(crate) fn add(&mut self, other: &Self) {
        self.voxels += other.voxels;
        self.bounds = self.bounds.union(&other.bounds);
        self.position += other.position;
        self.colour += other.colour;
        self.colour_square += other.colour_square;
        for (sum, value) in self.normal.iter_mut().zip(other.normal) {
            *sum += value;
        }
        self.planarity += other.planarity;
        self.linearity += other.linearity;
        self.floor_contact += other.floor_contact;
        self.wall_contact += other.wall_contact;
        self.on_wall += other.on_wall;
        self.on_floor += other.on_floor;
        self.contrast += other.contrast;
        self.thing += other.thing;
        self.middle += other.middle;
        self.middle_square += other.middle_square;
        for (sum, value) in self.meaning.iter_mut().zip(other.meaning) {
            *sum += value;
        }
    }
}

/// One side of a contact, summed over its edges.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Side {
    /// `|n_z|` of the voxels on this side.
    pub(crate) flatness: f32,
    /// Edges whose voxel on this side is the higher one.
    pub(crate) higher: f32,
}

/// What two regions share; two contacts merge by adding them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Contact {
    /// Neighbour relations between voxels of the two.
    pub(crate) edges: f32,
    /// Coarse cells in which, or next to which, both have voxels.
    pub(crate) near: f32,
    /// Summed over the edges: height, `|n_i · n_j|`, colour distance.
    pub(crate) height: f32,
    pub(crate) alignment: f32,
    pub(crate) colour_step: f32,
    /// Summed over the edges: exp(−distance) of the embeddings.
    pub(crate) likeness: f32,
    /// Summed over the edges: position.
    pub(crate) position: Vec3,
    /// Of the region with the lower number, then of the other.
    pub(crate) sides: [Side; 2],
}

impl Contact {
    pub(crate) fn add(&mut self, other: &Self) {
        self.edges += other.edges;
        self.near += other.near;
        self.height += other.height;
        self.alignment += other.alignment;
        self.colour_step += other.colour_step;
        self.likeness += other.likeness;
        self.position += other.position;
        for (side, more) in self.sides.iter_mut().zip(&other.sides) {
            side.flatness += more.flatness;
            side.higher += more.higher;
        }
    }

    /// The same contact seen from the other side.
    pub(crate) fn flipped(&self) -> Self {
        Self { sides: [self.sides[1], self.sides[0]], ..*self }
    }
}

/// Regions and who touches whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct RegionGraph {
    pub(crate) regions: Vec<Region>,
    /// `(a, b)` with `a < b`, ascending, each once.
    pub(crate) contacts: Vec<(u32, u32, Contact)>,
}

/// Voxels along the edge of a coarse cell, in which regions count as near.
const COARSE: u64 = 4;

impl RegionGraph {
    /// From the region of each voxel ([`NONE`] for the bare shell); `shell_kind` tells of a voxel
    /// whether it lies on the floor (1), on a wall (2) or neither (0), `bare_colours` the colour of
    /// the bare plane that a region lies on.
    pub(crate) fn new(
        shapes: &Shapes,
        codes: &VoxelCodes,
        region_of_voxel: &[u32],
        shell_kind: impl Fn(usize) -> u8,
        bare_colours: &[Option<Vec3>],
    ) -> Self {
        let mut regions = vec![Region::EMPTY; bare_colours.len()];
        let mut rows: Vec<(u64, u32, u32)> = Vec::new();
        for (voxel, &region) in region_of_voxel.iter().enumerate() {
            if region == NONE {
                continue;
            }
            let mut own = voxel_as_region(shapes, codes, voxel);
            match shell_kind(voxel) {
                1 => own.on_floor = 1.0,
                2 => own.on_wall = 1.0,
                _ => {}
            }
            if let Some(bare) = bare_colours[region as usize] {
                own.contrast = bare.distance(own.colour);
            }
            regions[region as usize].add(&own);
            for &other in shapes.adjacency.of(voxel) {
                let neighbour = region_of_voxel[other as usize];
                if neighbour == NONE {
                    let region = &mut regions[region as usize];
                    match shell_kind(other as usize) {
                        1 => region.floor_contact += 1.0,
                        2 => region.wall_contact += 1.0,
                        _ => {}
                    }
                } else if region < neighbour {
                    rows.push((
                        u64::from(region) << 32 | u64::from(neighbour),
                        voxel as u32,
                        other,
                    ));
                }
            }
        }
        rows.sort_unstable();
        let mut contacts: Vec<(u32, u32, Contact)> = Vec::new();
        for run in rows.chunk_by(|x, y| x.0 == y.0) {
            let mut contact = Contact::default();
            for &(_, a, b) in run {
                contact.add(&edge_as_contact(shapes, codes, a as usize, b as usize));
            }
            contacts.push(((run[0].0 >> 32) as u32, run[0].0 as u32, contact));
        }
        let mut graph = Self { regions, contacts };
        graph.add_nearness(shapes, region_of_voxel);
        graph
    }

    /// Counts coarse cells that two regions share or in which they are neighbours, so that parts
    /// of one object that occlusion has torn apart can still find each other.
    fn add_nearness(&mut self, shapes: &Shapes, region_of_voxel: &[u32]) {
        let mask = (1 << crate::grid::AXIS_BITS) - 1;
        let mut cells: Vec<(u64, u32)> = Vec::new();
        for (voxel, &region) in region_of_voxel.iter().enumerate() {
            if region != NONE {
                let key = shapes.grid.keys[voxel];
                let part = |shift: u32| ((key >> shift) & mask) / COARSE + 1;
                let bits = crate::grid::AXIS_BITS;
                let cell = part(2 * bits) << (2 * bits) | part(bits) << bits | part(0);
                cells.push((cell, region));
            }
        }
        cells.sort_unstable();
        cells.dedup();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let mut push = |a: u32, b: u32| {
            if a != b {
                pairs.push((a.min(b), a.max(b)));
            }
        };
        let bits = crate::grid::AXIS_BITS;
        for (index, &(cell, region)) in cells.iter().enumerate() {
            for &(_, other) in cells[index + 1..].iter().take_while(|(near, _)| *near == cell) {
                push(region, other);
            }
            // Faces only, upwards only: each pair of cells once.
            for step in [1, 1 << bits, 1 << (2 * bits)] {
                let start = cells.partition_point(|(near, _)| *near < cell + step);
                for &(_, other) in
                    cells[start..].iter().take_while(|(near, _)| *near == cell + step)
                {
                    push(region, other);
                }
            }
        }
        pairs.sort_unstable();
        let mut near: Vec<(u32, u32, Contact)> = pairs
            .chunk_by(|x, y| x == y)
            .map(|run| {
                let contact = Contact { near: run.len() as f32, ..Contact::default() };
                (run[0].0, run[0].1, contact)
            })
            .collect();
        near.append(&mut self.contacts);
        near.sort_by_key(|(a, b, _)| (*a, *b));
        for run in near.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
            let mut sum = run[0];
            for (_, _, contact) in &run[1..] {
                sum.2.add(contact);
            }
            self.contacts.push(sum);
        }
    }
}

fn voxel_as_region(shapes: &Shapes, codes: &VoxelCodes, voxel: usize) -> Region {
    let position = shapes.grid.positions[voxel];
    let colour = shapes.grid.colours.get(voxel).copied().unwrap_or(Vec3::splat(0.5));
    let n = shapes.surface.normals[voxel];
    Region {
        voxels: 1.0,
        bounds: Aabb { min: position, max: position },
        position,
        colour,
        colour_square: colour.length_squared(),
        normal: [n.x * n.x, n.y * n.y, n.z * n.z, n.x * n.y, n.x * n.z, n.y * n.z],
        planarity: shapes.surface.planarity[voxel],
        linearity: shapes.surface.linearity[voxel],
        thing: codes.thing[voxel],
        middle: codes.middle[voxel],
        middle_square: codes.middle[voxel].length_squared(),
        meaning: codes.meaning[codes.cell_of_voxel[voxel] as usize],
        ..Region::EMPTY
    }
}

fn edge_as_contact(shapes: &Shapes, codes: &VoxelCodes, a: usize, b: usize) -> Contact {
    let (p, q) = (shapes.grid.positions[a], shapes.grid.positions[b]);
    let (n, m) = (shapes.surface.normals[a], shapes.surface.normals[b]);
    let colour_step = match (shapes.grid.colours.get(a), shapes.grid.colours.get(b)) {
        (Some(c), Some(d)) => c.distance(*d),
        _ => 0.0,
    };
    let side = |normal: Vec3, higher: bool| Side {
        flatness: normal.z.abs(),
        higher: f32::from(u8::from(higher)),
    };
    Contact {
        edges: 1.0,
        near: 0.0,
        height: (p.z + q.z) / 2.0,
        alignment: n.dot(m).abs(),
        colour_step,
        likeness: codes.likeness(a, b),
        position: (p + q) / 2.0,
        sides: [side(n, p.z > q.z), side(m, q.z > p.z)],
    }
}
