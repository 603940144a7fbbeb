use super::sensor::Preset;
use crate::rng::Rng;
use crate::room::Room;
use glam::{Mat3, Vec2, Vec3};
use scene::Aabb;

/// A pinhole camera: x right, y down, z forward.
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    /// The optical centre in the room, metres.
    pub position: Vec3,
    /// Columns are the camera's axes in the room.
    pub room_from_camera: Mat3,
    /// Focal length in pixels.
    pub focal_px: f32,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
}

impl Camera {
    /// A level camera at `position` that looks at `target`.
    pub fn looking_at(position: Vec3, target: Vec3, preset: &Preset) -> Self {
        let forward = (target - position).try_normalize().unwrap_or(Vec3::X);
        let right = forward.cross(Vec3::Z).try_normalize().unwrap_or(Vec3::X);
        let down = forward.cross(right);
        let half = (preset.field_of_view_deg / 2.0).to_radians();
        Self {
            position,
            room_from_camera: Mat3::from_cols(right, down, forward),
            focal_px: preset.width as f32 / 2.0 / half.tan(),
            width: preset.width,
            height: preset.height,
        }
    }

    /// The view direction through a pixel's middle, with length 1 along the optical axis: in the
    /// room.
    pub fn ray(&self, column: usize, row: usize) -> Vec3 {
        let x = (column as f32 + 0.5 - self.width as f32 / 2.0) / self.focal_px;
        let y = (row as f32 + 0.5 - self.height as f32 / 2.0) / self.focal_px;
        self.room_from_camera * Vec3::new(x, y, 1.0)
    }
}

/// The frames of one scan: where the person stood and looked, in the order of the walk. Never
/// empty. Things that nobody looked at stay unseen, as in life.
pub fn walk(room: &Room, preset: &Preset, rng: &mut Rng) -> Vec<Camera> {
    let free = standing_places(room);
    let frames = rng.between(preset.frames.0, preset.frames.1);
    let centre = (room.size / 2.0).truncate();
    let mut stops: Vec<Vec2> = match preset.stations {
        Some(stations) => {
            let places: Vec<Vec2> =
                (0..stations).filter_map(|_| rng.pick(&free).copied()).collect();
            (0..frames).filter_map(|frame| places.get(frame * stations / frames).copied()).collect()
        }
        None => {
            let mut stops: Vec<Vec2> =
                (0..frames).filter_map(|_| rng.pick(&free).copied()).collect();
            // Round the room in one turn.
            stops.sort_by(|a, b| (*a - centre).to_angle().total_cmp(&(*b - centre).to_angle()));
            stops
        }
    };
    if stops.is_empty() {
        stops.push(centre);
    }
    let level = rng.range(1.2, 1.7);
    let count = stops.len();
    stops
        .into_iter()
        .enumerate()
        .map(|(index, stop)| {
            let height = match preset.stations {
                Some(_) => level,
                None => (level + 0.12 * rng.normal()).clamp(1.0, 1.85),
            };
            let eye = stop.extend(height.min(room.size.z - 0.2));
            let target = match preset.stations {
                Some(stations) => {
                    // A full turn from each station, at two inclinations.
                    let per = count.div_ceil(stations);
                    let turn = std::f32::consts::TAU * (index % per) as f32 / per as f32;
                    let tilt = if index % 2 == 0 { -0.55 } else { -0.05 };
                    eye + Vec2::from_angle(turn).extend(tilt)
                }
                None => look_at(room, eye, rng),
            };
            Camera::looking_at(eye, target, preset)
        })
        .collect()
}

fn look_at(room: &Room, eye: Vec3, rng: &mut Rng) -> Vec3 {
    let anywhere = Vec3::new(
        rng.range(0.0, room.size.x),
        rng.range(0.0, room.size.y),
        rng.range(0.2, (room.size.z - 0.6).max(0.3)),
    );
    if rng.chance(0.45) {
        // The far side of the room, where more fits into the picture.
        let away = (room.size / 2.0 - eye).truncate().normalize_or(Vec2::X);
        let spread = Vec2::from_angle(rng.range(-1.1, 1.1)).rotate(away);
        return eye + (spread * 2.5).extend(rng.range(-1.6, 0.1));
    }
    for _ in 0..8 {
        if let Some(placed) = rng.pick(&room.placed) {
            let target = placed.bounds.centre();
            if (target - eye).truncate().length() > 1.0 {
                return target + 0.2 * Vec3::new(rng.normal(), rng.normal(), rng.normal());
            }
        }
    }
    anywhere
}

/// Places on a 15 cm grid where a person can stand.
fn standing_places(room: &Room) -> Vec<Vec2> {
    let mut places = Vec::new();
    for reach in [0.3, 0.15, 0.0] {
        let columns = (room.size.x / 0.15) as usize;
        let rows = (room.size.y / 0.15) as usize;
        for column in 1..columns {
            for row in 1..rows {
                let at = Vec2::new(column as f32, row as f32) * 0.15;
                let body = Aabb {
                    min: (at - reach).extend(0.15),
                    max: (at + reach).extend(1.9_f32.min(room.size.z)),
                };
                let blocked = |other: &Aabb| {
                    crate::room::overlaps(&body, other, 0.0) || other.contains(at.extend(1.4))
                };
                if room.holds(&body, 0.0) && !room.placed.iter().any(|p| blocked(&p.bounds)) {
                    places.push(at);
                }
            }
        }
        if places.len() >= 12 {
            break;
        }
    }
    places
}
