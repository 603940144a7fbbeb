use crate::{Aabb, InstanceId, Locations, RowBoxes, System};
use glam::{Vec2, Vec3};

/// What the language model is given of a scene: rows of its own width, and for each object what
/// the pointer needs. Made by `encode`, read by `lm`.
#[derive(Clone, Debug, Default)]
pub struct ScenePrefix {
    /// Whose rows these are.
    pub system: System,
    /// `d`: of rows and mentions.
    pub width: usize,
    /// The rows in the order in which they are fed, `(row_count, width)`: query rows, where the
    /// model has such; for each object `[<OBJ i>, coarse, fused, relation]`; the layout rows. Those of
    /// a system by itself are some of these, or Spatial 3D-LLM's one an object.
    pub rows: Vec<f32>,
    /// How many of the first rows are query rows.
    pub queries: usize,
    /// What location tokens mean before this prefix.
    pub locations: Locations,
    /// The objects, in row order.
    pub objects: Vec<ObjectRows>,
    /// What the pointer knows of every ordered pair of objects, `(n, n, PAIR_FEATURES)`: of
    /// [`pair_features`].
    pub pairs: Vec<f32>,
    /// What the query rows, or the objects' rows, say of boxes.
    pub row_boxes: RowBoxes,
}

/// One object as the language model meets it.
#[derive(Clone, Debug)]
pub struct ObjectRows {
    /// Which instance it is.
    pub id: InstanceId,
    /// The identifier `i` of `<OBJ i>` that this prefix gives it, 0..200.
    pub slot: u32,
    /// `(width)`: fused + relation row; of Spatial 3D-LLM its row, of 3D-LLM its place and the rows that
    /// say it is there. Fed where a text names the object, and the source of its pointer key.
    pub mention: Vec<f32>,
}

impl ScenePrefix {
    /// So many objects at most are told of at once, so that a prefix stays within 480 rows.
    pub const MOST_OBJECTS: usize = 100;

    /// The same with some of its objects only, by their indices; those that it lacks are left out.
    #[must_use]
    pub fn with_only(&self, chosen: &[usize]) -> Self {
        let (n, each, width) = (self.objects.len(), self.object_rows(), self.width);
        let chosen: Vec<usize> = chosen.iter().copied().filter(|&i| i < n).collect();
        let (queries, rest) = self.rows.split_at((self.queries * width).min(self.rows.len()));
        let (of_objects, layout) = rest.split_at((n * each * width).min(rest.len()));
        let part = |from: &[f32], width: usize, i: usize| {
            from.get(i * width..(i + 1) * width).unwrap_or_default().to_vec()
        };
        let rows = chosen.iter().flat_map(|&i| part(of_objects, each * width, i));
        let pairs = chosen.iter().flat_map(|&i| {
            chosen.iter().flat_map(move |&j| part(&self.pairs, PAIR_FEATURES, i * n + j))
        });
        Self {
            rows: queries.iter().copied().chain(rows).chain(layout.iter().copied()).collect(),
            objects: chosen.iter().map(|&i| self.objects[i].clone()).collect(),
            pairs: pairs.collect(),
            row_boxes: match each {
                // Query rows are not of single objects.
                0 => self.row_boxes.clone(),
                _ => self.row_boxes.with_only(&chosen),
            },
            ..*self
        }
    }

    /// Rows of each object.
    pub fn object_rows(&self) -> usize {
        match self.system {
            System::Unified | System::Inst3d => 4,
            System::Spatial => 1,
            System::Llm3d => 0,
        }
    }

    /// The number of rows.
    pub fn row_count(&self) -> usize {
        self.rows.len().checked_div(self.width).unwrap_or(0)
    }
}

/// `s_ij` of Inst3D-LMM eq. 3 for every ordered pair of boxes, `(n, n, 5)` row-major:
/// `[sin θh, cos θh, sin θv, cos θv, d / d_max]` from centre `i` to centre `j`, where `θh` is the
/// angle in the floor plane from x, `θv` the elevation, and `d_max` the scene's largest distance.
/// On the diagonal, and where centres coincide, all five are `[0, 1, 0, 1, 0]`.
pub fn pairwise_relations(boxes: &[Aabb]) -> Vec<f32> {
    let centres: Vec<Vec3> = boxes.iter().map(Aabb::centre).collect();
    let pairs = || centres.iter().flat_map(|a| centres.iter().map(move |b| *b - *a));
    let d_max = pairs().map(Vec3::length).fold(1e-6, f32::max);
    pairs()
        .flat_map(|offset| {
            let d = offset.length();
            let d_xy = offset.truncate().length();
            let (sin_h, cos_h) =
                if d_xy > 1e-6 { (offset.y / d_xy, offset.x / d_xy) } else { (0.0, 1.0) };
            let (sin_v, cos_v) = if d > 1e-6 { (offset.z / d, d_xy / d) } else { (0.0, 1.0) };
            [sin_h, cos_h, sin_v, cos_v, d / d_max]
        })
        .collect()
}

/// Width of [`pair_features`].
pub const PAIR_FEATURES: usize = 11;

/// Lengths below these are as good as zero, so that their logarithms stay small.
const NO_DISTANCE_M: f32 = 0.05;
const NO_GAP_M: f32 = 0.02;

/// For every ordered pair of boxes, `(n, n, 11)` row-major: the five of [`pairwise_relations`];
/// then, of box `i` and box `j`,
///
/// - the logarithm of the distance of their centres plus 5 cm: who is nearest is a matter of
///   ratios, and a share of the scene's largest distance hardly tells two near things apart;
/// - the logarithm of the gap between them plus 2 cm;
/// - 1 where `i` is `j`, else 0;
/// - how far the underside of `j` lies above the top of `i`, and that of `i` above the top of `j`,
///   metres, −1..=1;
/// - the share of the smaller footprint that both have in common.
pub fn pair_features(boxes: &[Aabb]) -> Vec<f32> {
    let relations = pairwise_relations(boxes);
    let indices = 0..boxes.len();
    let pairs = indices.clone().flat_map(|i| indices.clone().map(move |j| (i, j)));
    pairs
        .zip(relations.chunks_exact(5))
        .flat_map(|((i, j), s)| {
            let (a, b) = (&boxes[i], &boxes[j]);
            let shared = (a.max.min(b.max) - a.min.max(b.min)).truncate().max(Vec2::ZERO);
            let area = |bounds: &Aabb| bounds.size().truncate().element_product();
            let extra = [
                (a.centre().distance(b.centre()) + NO_DISTANCE_M).ln(),
                (a.distance(b) + NO_GAP_M).ln(),
                f32::from(u8::from(i == j)),
                (b.min.z - a.max.z).clamp(-1.0, 1.0),
                (a.min.z - b.max.z).clamp(-1.0, 1.0),
                shared.element_product() / area(a).min(area(b)).max(1e-4),
            ];
            s.iter().copied().chain(extra)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_of_a_cup_on_a_table() {
        let table = Aabb::from_centre_size(Vec3::new(0.0, 0.0, 0.5), Vec3::ONE);
        let cup = Aabb::from_centre_size(Vec3::new(0.45, 0.0, 1.1), Vec3::splat(0.2));
        let f = pair_features(&[table, cup]);
        assert_eq!(f.len(), 4 * PAIR_FEATURES);
        let close = |a: f32, b: f32| (a - b).abs() < 1e-5;
        // Of the table and itself: no distance, itself, a metre of it below its own top.
        let own = &f[5..11];
        assert!(close(own[0], 0.05_f32.ln()) && close(own[1], 0.02_f32.ln()) && own[2] == 1.0);
        assert!(close(own[3], -1.0) && close(own[5], 1.0));
        // From table to cup: centres 0.75 m apart, touching, three quarters of the cup above it.
        let cup = &f[PAIR_FEATURES + 5..2 * PAIR_FEATURES];
        assert!(close(cup[0], 0.8_f32.ln()) && close(cup[1], 0.02_f32.ln()) && cup[2] == 0.0);
        assert!(close(cup[3], 0.0) && close(cup[4], -1.0) && close(cup[5], 0.75), "{cup:?}");
    }

    #[test]
    fn some_of_the_objects() {
        let object = |id| ObjectRows { id: InstanceId(id), slot: id, mention: vec![id as f32] };
        let boxes = [0.0, 1.0, 3.0].map(|x| Aabb::from_centre_size(Vec3::splat(x), Vec3::ONE));
        let whole = ScenePrefix {
            width: 1,
            queries: 1,
            rows: (0..1 + 4 * 3 + 2).map(|row| row as f32).collect(),
            objects: vec![object(5), object(7), object(9)],
            pairs: pair_features(&boxes),
            ..ScenePrefix::default()
        };
        let some = whole.with_only(&[0, 2, 8]);
        let rows = [0.0, 1.0, 2.0, 3.0, 4.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0];
        assert_eq!(some.rows, rows);
        assert_eq!(some.objects.iter().map(|one| one.id.0).collect::<Vec<_>>(), [5, 9]);
        assert_eq!(some.pairs.len(), 4 * PAIR_FEATURES);
        assert_eq!(some.pairs[PAIR_FEATURES..][..11], whole.pairs[2 * PAIR_FEATURES..][..11]);
        assert_eq!(whole.with_only(&[0, 1, 2]).rows, whole.rows);
    }

    #[test]
    fn relations_of_two_boxes() {
        let unit = |centre| Aabb::from_centre_size(centre, Vec3::ONE);
        let s = pairwise_relations(&[unit(Vec3::ZERO), unit(Vec3::new(0.0, 3.0, 4.0))]);
        assert_eq!(&s[..5], &[0.0, 1.0, 0.0, 1.0, 0.0]);
        let expected = [1.0, 0.0, 0.8, 0.6, 1.0];
        assert!(s[5..10].iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{s:?}");
    }
}
