use crate::{Aabb, InstanceId};
use glam::Vec3;

/// What the language model is given of a scene: rows of its own width, and for each object what
/// the pointer needs. Made by `encode`, read by `lm`.
#[derive(Clone, Debug, Default)]
pub struct ScenePrefix {
    /// The language model's width `d`.
    pub width: usize,
    /// The rows in the order in which they are fed, `(row_count, width)`; for each object
    /// `[<OBJ i>, coarse, fused, relation]`, then the layout rows.
    pub rows: Vec<f32>,
    /// The objects, in row order.
    pub objects: Vec<ObjectRows>,
    /// `s_ij` for every ordered pair of objects, `(n, n, 5)`: of [`pairwise_relations`].
    pub relations: Vec<f32>,
}

/// One object as the language model meets it.
#[derive(Clone, Debug)]
pub struct ObjectRows {
    /// Which instance it is.
    pub id: InstanceId,
    /// The identifier `i` of `<OBJ i>` that this prefix gives it, 0..200.
    pub slot: u32,
    /// `(width)`: fused + relation row. Fed where a text mentions the object, and the source of
    /// its pointer key.
    pub mention: Vec<f32>,
}

impl ScenePrefix {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_of_two_boxes() {
        let unit = |centre| Aabb::from_centre_size(centre, Vec3::ONE);
        let s = pairwise_relations(&[unit(Vec3::ZERO), unit(Vec3::new(0.0, 3.0, 4.0))]);
        assert_eq!(&s[..5], &[0.0, 1.0, 0.0, 1.0, 0.0]);
        let expected = [1.0, 0.0, 0.8, 0.6, 1.0];
        assert!(s[5..10].iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{s:?}");
    }
}
