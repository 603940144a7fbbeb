use crate::{Options, grid::VoxelGrid, surface::Surface, unit, upright, yaw};
use glam::{DMat3, DQuat, DVec3, Vec3};
use scene::{Reading, Similarity, Unit, UpAxis, Warning};

/// A direction this near to an axis of the file (0.5°) is that axis: the file is upright already.
const SNAP_COSINE: f64 = 0.999_962;
const SNAP_YAW: f64 = 0.008_7;
/// With this lead in score over any other direction, up is as likely as not to be questioned.
const SURE_LEAD: f32 = 0.25;
/// Less agreement than this on the direction of the walls is no direction.
const SURE_YAW: f32 = 0.25;
/// A floor holds at least this share of the voxels.
const FLOOR_SHARE: f32 = 0.02;

/// How a file's world becomes a scene's.
#[derive(Clone, Debug)]
pub(crate) struct Repair {
    pub(crate) scene_from_file: Similarity,
    /// The origin that the cloud's positions were relative to.
    pub(crate) origin: [f64; 3],
    pub(crate) reading: Reading,
    pub(crate) warnings: Vec<Warning>,
}

/// Reads up, unit and yaw off a coarse grid of the file's points, whose positions are relative
/// to `origin`.
pub(crate) fn repair(
    grid: &VoxelGrid,
    surface: &Surface,
    origin: DVec3,
    options: &Options,
) -> Repair {
    let mut warnings = Vec::new();
    let given = options.up.map(|up| up.0.normalize().as_vec3());
    let upright = upright::find_up(grid, surface, given);
    let up = match options.up {
        Some(up) => up.0.normalize(),
        None => snapped(upright.up.as_dvec3()),
    };
    let has_floor = upright.support >= FLOOR_SHARE;
    let up_confidence =
        if upright.lead.is_finite() { upright.lead / (upright.lead + SURE_LEAD) } else { 1.0 };
    if up_confidence < Reading::ASK {
        warnings.push(Warning::new(
            "up-unsure",
            format!(
                "It is not clear which way is up in this scan; {} was taken. If the room lies on \
                 its side, set the up axis by hand.",
                UpAxis(up).name()
            ),
        ));
    }
    if !has_floor {
        warnings.push(Warning::new(
            "floor-not-found",
            "No floor was found; heights count from the lowest points.",
        ));
    }

    let level_from_file = DMat3::from_quat(DQuat::from_rotation_arc(up, DVec3::Z));
    let levelled: Vec<Vec3> = grid
        .positions
        .iter()
        .map(|position| (level_from_file * position.as_dvec3()).as_vec3())
        .collect();
    let extent = |axis: usize| {
        let mut values: Vec<f32> = levelled.iter().map(|position| position[axis]).collect();
        values.sort_unstable_by(f32::total_cmp);
        (values[values.len() / 200], values[values.len() - 1 - values.len() / 200])
    };
    let spans = [0, 1, 2].map(extent);
    let size = Vec3::from(spans.map(|(low, high)| high - low));
    let (unit, unit_confidence) = choose_unit(size, options, &mut warnings);

    let walls = surface.normals.iter().zip(&surface.planarity).filter_map(|(normal, planarity)| {
        let normal = level_from_file.as_mat3() * *normal;
        (normal.z.abs() < 0.3 && *planarity > 0.3).then_some((normal, *planarity))
    });
    let yaw = yaw::find_yaw(walls);
    let yaw_confidence = yaw.map_or(0.0, |yaw| yaw.agreement);
    let yaw = yaw.filter(|yaw| yaw.agreement >= SURE_YAW);
    if yaw.is_none() {
        warnings.push(Warning::new(
            "yaw-unsure",
            "No common direction of the walls was found; the scan's own was kept.",
        ));
    }
    let turn = yaw.map_or(0.0, |yaw| -f64::from(yaw.angle));
    let turn = if turn.abs() < SNAP_YAW { 0.0 } else { turn };
    let (sin, cos) = (libm::sin(turn), libm::cos(turn));
    let turned = DMat3::from_cols(DVec3::new(cos, sin, 0.0), DVec3::new(-sin, cos, 0.0), DVec3::Z);
    let mirror = if options.mirrored { DVec3::new(-1.0, 1.0, 1.0) } else { DVec3::ONE };
    let rotation = DMat3::from_diagonal(mirror) * turned * level_from_file;

    // In the scene the middle of the room is x = y = 0 and the floor is z = 0.
    let mut low = DVec3::INFINITY;
    let mut high = DVec3::NEG_INFINITY;
    for position in &levelled {
        let point = turned * position.as_dvec3();
        low = low.min(point);
        high = high.max(point);
    }
    let middle = (low + high) / 2.0;
    // The floor's height was read along the direction before it was snapped; that far from the
    // origin of the grid the two may differ, so it is carried over at the middle of the scan.
    let floor = if has_floor {
        let centre = level_from_file.transpose() * (turned.transpose() * middle);
        let above = centre.dot(upright.up.as_dvec3()) - f64::from(upright.floor);
        middle.z - above
    } else {
        f64::from(spans[2].0)
    };
    let zero = mirror * DVec3::new(middle.x, middle.y, floor);
    let scale = unit.metres();
    Repair {
        scene_from_file: Similarity {
            scale,
            rotation,
            translation: -scale * (zero + rotation * origin),
        },
        origin: origin.to_array(),
        reading: Reading {
            up: UpAxis(up),
            unit,
            mirrored: options.mirrored,
            objects_of_file: false,
            up_confidence,
            unit_confidence,
            yaw_confidence,
        },
        warnings,
    }
}

fn snapped(up: DVec3) -> DVec3 {
    let axis = up.abs().max_position();
    if up[axis].abs() < SNAP_COSINE {
        return up.normalize();
    }
    let mut snapped = DVec3::ZERO;
    snapped[axis] = up[axis].signum();
    snapped
}

/// The unit, and how sure it is.
fn choose_unit(size: Vec3, options: &Options, warnings: &mut Vec<Warning>) -> (Unit, f32) {
    if let Some(unit) = options.unit {
        return (unit, 1.0);
    }
    let guess = unit::guess_unit(size);
    let word = guess.unit.plural();
    let metres = size * guess.unit.metres() as f32;
    let span = format!("{:.1} × {:.1} × {:.1} m", metres.x, metres.y, metres.z);
    if guess.confidence < Reading::ASK {
        warnings.push(Warning::new(
            "unit-unsure",
            format!(
                "The scan's unit is not clear. Taken as {word} it measures {span}; if that is \
                 wrong, set the unit by hand, or every length will be wrong by the same factor."
            ),
        ));
    } else if guess.unit != Unit::Metre {
        warnings.push(Warning::new(
            "unit-guessed",
            format!("The numbers in the file were taken as {word}: the scan measures {span}."),
        ));
    }
    (guess.unit, guess.confidence)
}
