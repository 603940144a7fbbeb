use crate::Order;
use glam::Vec3;
use scene::Aabb;

/// Points drawn at most on a desk, of a larger scan a part that lies evenly ([`Order`]).
pub const POINT_BUDGET: usize = 2_000_000;
/// The same on a phone.
pub const SMALL_POINT_BUDGET: usize = 500_000;

/// The points as drawn.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// Metres (file units until a scene is known).
    pub positions: Vec<[f32; 3]>,
    /// Red, green, blue, unused.
    pub colours: Vec<[u8; 4]>,
    /// Which object each point belongs to; 0 for none.
    pub instances: Vec<u16>,
    /// Round the points worth looking at.
    pub bounds: Aabb,
    /// Where up is.
    pub up: Vec3,
    /// Which points of the scan are here, and in which order.
    pub order: Order,
    /// Whether the scene is known: [`Cloud::place`] was called.
    pub placed: bool,
}

impl Cloud {
    /// The cloud to draw. Points that are not finite move out of sight; short or missing columns
    /// are filled in: grey-blue by height for colour, 0 for instances. Of more than `most` points a
    /// part is taken.
    pub fn new(
        positions: &[[f32; 3]],
        colours: &[[u8; 3]],
        bounds: Aabb,
        up: Vec3,
        most: usize,
    ) -> Self {
        let order = Order::new(positions.len(), most);
        let coloured = colours.len() == positions.len() && !colours.is_empty();
        let kept = order.gathered(positions);
        let colours = if coloured {
            order.gathered(colours).into_iter().map(|[r, g, b]| [r, g, b, 255]).collect()
        } else {
            kept.iter().map(|&point| by_height(Vec3::from(point), &bounds, up)).collect()
        };
        let instances = vec![0; kept.len()];
        Self { positions: kept, colours, instances, bounds, up, order, placed: false }
    }

    /// The same points once the scene is known: in its frame, with their objects
    /// ([`Cloud::relabel`]).
    pub fn place(&mut self, positions: &[[f32; 3]], instances: &[u32], bounds: Aabb) {
        let kept = self.order.gathered(positions);
        if kept.len() == self.positions.len() {
            self.positions = kept;
        }
        self.relabel(instances);
        self.bounds = bounds;
        self.up = Vec3::Z;
        self.placed = true;
    }

    /// The objects of the points, an entry per point of the scan; ids over 65,535 count as none.
    pub fn relabel(&mut self, instances: &[u32]) {
        for (slot, number) in self.instances.iter_mut().zip(self.order.numbers()) {
            if let Some(&id) = instances.get(number) {
                *slot = u16::try_from(id).unwrap_or(0);
            }
        }
    }

    /// From where to look at a placed cloud first, as an angle about z: across from the walls that
    /// were scanned, so that a room seen from one side is shown from that side. `None` where the
    /// walls stand evenly round.
    pub fn open_side_rad(&self) -> Option<f32> {
        let (centre, size) = (self.bounds.centre(), self.bounds.size());
        let walls = self.positions.iter().zip(&self.instances).filter(|(point, id)| {
            **id == 0 && point[2] > self.bounds.min.z + 0.3 * size.z && point[2].is_finite()
        });
        let (mut x, mut y, mut count) = (0.0f64, 0.0f64, 0u32);
        for (point, _) in walls {
            x += f64::from(point[0] - centre.x);
            y += f64::from(point[1] - centre.y);
            count += 1;
        }
        let (x, y) = (x / f64::from(count.max(1)), y / f64::from(count.max(1)));
        let uneven = x.hypot(y) > 0.04 * f64::from(size.x.max(size.y));
        (uneven && self.placed).then(|| (-y).atan2(-x) as f32)
    }

    /// A point size that closes most gaps between neighbours, in the cloud's own unit: the spacing
    /// of this many points spread over the faces of the bounds.
    pub fn spacing(&self) -> f32 {
        let size = self.bounds.size();
        let area = 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
        (area / self.positions.len().max(1) as f32).sqrt().clamp(1e-5, 1e5)
    }
}

/// Dark at the floor, light at the top.
fn by_height(point: Vec3, bounds: &Aabb, up: Vec3) -> [u8; 4] {
    let up = up.try_normalize().unwrap_or(Vec3::Z);
    let half = (bounds.size() / 2.0).dot(up.abs()).max(1e-6);
    let t = ((point - bounds.centre()).dot(up) / half * 0.5 + 0.5).clamp(0.0, 1.0);
    let ramp = |low: f32, high: f32| (low + (high - low) * t) as u8;
    [ramp(74.0, 214.0), ramp(98.0, 222.0), ramp(132.0, 232.0), 255]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_agree_whatever_comes() {
        let bounds = Aabb { min: Vec3::ZERO, max: Vec3::ONE };
        let points = [[0.0; 3], [1.0; 3], [f32::NAN, 0.0, 0.0]];
        let mut cloud = Cloud::new(&points, &[[9, 9, 9]], bounds, Vec3::Z, POINT_BUDGET);
        assert_eq!(cloud.colours.len(), 3);
        let red_of = |point: usize| {
            let at = cloud.order.numbers().position(|number| number == point).unwrap();
            cloud.colours[at][0]
        };
        assert!(red_of(1) > red_of(0), "higher is lighter");
        cloud.place(&points[..2], &[4, 70_000], bounds);
        assert_eq!(cloud.positions.len(), 3);
        // Drawn are points 0, 1 and 2, in an order of the view's own.
        let mut ids = cloud.instances.clone();
        ids.sort_unstable();
        assert_eq!(ids, [0, 0, 4]);
    }

    #[test]
    fn a_room_scanned_on_one_side_is_seen_from_the_other() {
        let bounds = Aabb { min: Vec3::ZERO, max: Vec3::new(4.0, 4.0, 2.5) };
        let wall = [[0.0, 1.0, 2.0], [0.0, 3.0, 2.0]];
        let mut cloud = Cloud::new(&wall, &[], bounds, Vec3::Z, POINT_BUDGET);
        assert_eq!(cloud.open_side_rad(), None, "not before z is up");
        cloud.place(&wall, &[0, 0], bounds);
        assert!(cloud.open_side_rad().unwrap().abs() < 1e-5, "from +x");
        let even = [[0.0, 2.0, 2.0], [4.0, 2.0, 2.0]];
        cloud.place(&even, &[0, 0], bounds);
        assert_eq!(cloud.open_side_rad(), None);
    }

    #[test]
    fn a_big_scan_is_thinned_to_the_budget() {
        let points: Vec<[f32; 3]> = (0..3001u16).map(|x| [f32::from(x), 0.0, 0.0]).collect();
        let ids: Vec<u32> = (0..3001).collect();
        let mut cloud = Cloud::new(&points, &[], Aabb::EMPTY, Vec3::Z, 1000);
        assert!((900..=1000).contains(&cloud.positions.len()));
        cloud.place(&points, &ids, Aabb::EMPTY);
        let agrees = |(point, id): (&[f32; 3], &u16)| point[0] == f32::from(*id);
        assert!(cloud.positions.iter().zip(&cloud.instances).all(agrees));
    }
}
