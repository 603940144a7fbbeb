use crate::colour::Colours;
use crate::layout::{Layout, Role};
use crate::splat;
use scene::{Column, PointCloud, Warning};

/// Rows decoded together; also the rows from which the origin is chosen.
pub(crate) const BATCH_ROWS: usize = 1024;

/// Coordinates beyond this are no positions: in f32 their squares would not be finite.
const GREATEST_COORDINATE: f64 = 1e15;

/// Up to here f32 keeps half a thousandth of a unit, so nothing is subtracted.
const NEAR: f64 = 10_000.0;

/// The point cloud in the making. Values come a column at a time, a batch of rows after another.
pub(crate) struct Collector {
    roles: Vec<Role>,
    warnings: Vec<Warning>,
    xyz: [Vec<f64>; 3],
    origin: Option<[f64; 3]>,
    positions: Vec<[f32; 3]>,
    colours: Option<Colours>,
    normals: Option<Vec<[f32; 3]>>,
    columns: Vec<Column>,
    unusable: u64,
    is_splat: bool,
}

impl Collector {
    pub(crate) fn new(layout: Layout) -> Self {
        Self {
            is_splat: layout.is_splat(),
            xyz: std::array::from_fn(|_| Vec::with_capacity(BATCH_ROWS)),
            origin: None,
            positions: Vec::new(),
            colours: layout.colour.map(Colours::new),
            normals: layout.has_normals.then(Vec::new),
            columns: layout
                .columns
                .into_iter()
                .map(|name| Column { name, values: Vec::new() })
                .collect(),
            roles: layout.roles,
            warnings: layout.warnings,
            unusable: 0,
        }
    }

    pub(crate) fn wants(&self, property: usize) -> bool {
        self.roles.get(property).is_some_and(|role| *role != Role::Skip)
    }

    pub(crate) fn is_position(&self, property: usize) -> bool {
        matches!(self.roles.get(property), Some(Role::Position(_)))
    }

    pub(crate) fn positions(&self) -> &[[f32; 3]] {
        &self.positions
    }

    /// Points with finite coordinates so far.
    pub(crate) fn usable(&self) -> u64 {
        (self.positions.len() as u64).saturating_sub(self.unusable)
    }

    pub(crate) fn warn(&mut self, code: &str, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, message));
    }

    /// Takes a property's values for the rows of this batch.
    pub(crate) fn column(&mut self, property: usize, values: &[f64]) {
        let base = self.positions.len();
        match self.roles.get(property) {
            Some(Role::Position(axis)) => {
                self.xyz[*axis].clear();
                self.xyz[*axis].extend_from_slice(values);
            }
            Some(Role::Colour(channel)) => {
                if let Some(colours) = &mut self.colours {
                    colours.channel(*channel, base, values);
                }
            }
            Some(Role::Normal(axis)) => {
                if let Some(normals) = &mut self.normals {
                    normals.resize(normals.len().max(base + values.len()), [0.0; 3]);
                    for (normal, value) in normals[base..].iter_mut().zip(values) {
                        normal[*axis] = *value as f32;
                    }
                }
            }
            Some(Role::Column(index)) => self.columns[*index].values.extend_from_slice(values),
            Some(Role::Skip) | None => {}
        }
    }

    /// Ends the batch: every wanted property has been given the same number of values.
    pub(crate) fn end_batch(&mut self) {
        let [xs, ys, zs] = &self.xyz;
        let is_usable = |v: &f64| v.abs() <= GREATEST_COORDINATE;
        if self.origin.is_none() {
            let finite = |axis: &[f64]| -> Vec<f64> {
                axis.iter().copied().filter(|v| is_usable(v)).collect()
            };
            let firsts = [finite(xs), finite(ys), finite(zs)];
            if firsts.iter().all(|values| !values.is_empty()) {
                self.origin = Some(firsts.map(far_median));
            }
        }
        let [ox, oy, oz] = self.origin.unwrap_or_default();
        let mut unusable = 0;
        self.positions.extend(xs.iter().zip(ys).zip(zs).map(|((x, y), z)| {
            if is_usable(x) && is_usable(y) && is_usable(z) {
                [(x - ox) as f32, (y - oy) as f32, (z - oz) as f32]
            } else {
                unusable += 1;
                [f32::NAN; 3]
            }
        }));
        self.unusable += unusable;
        self.xyz.iter_mut().for_each(Vec::clear);
    }

    /// The cloud, with colours and normals in their final form.
    pub(crate) fn finish(mut self) -> PointCloud {
        if self.unusable > 0 {
            let message = format!(
                "{} of {} points have no finite coordinates; they are left out of everything.",
                self.unusable,
                self.positions.len()
            );
            self.warn(Warning::NON_FINITE_POINTS, message);
        }
        if self.is_splat {
            self.warnings.extend(splat::drop_faint(&mut self.positions, &self.columns));
        }
        let colours = self.colours.take().map(|colours| {
            let (colours, warning) = colours.finish();
            self.warnings.extend(warning);
            colours
        });
        let normals = self.normals.take().and_then(unit_normals);
        PointCloud {
            positions: self.positions,
            origin: self.origin.unwrap_or_default(),
            colours,
            normals,
            columns: self.columns,
            comments: Vec::new(),
            warnings: self.warnings,
        }
    }
}

/// The median as a whole number where it is far from zero, else zero.
fn far_median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    let (_, median, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if median.abs() > NEAR { median.round() } else { 0.0 }
}

/// Normals at length one, or `None` where the file carries nothing but zeros.
fn unit_normals(mut normals: Vec<[f32; 3]>) -> Option<Vec<[f32; 3]>> {
    let mut any = false;
    for normal in &mut normals {
        let length = normal.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        if length.is_finite() && length > 1e-12 {
            any = true;
            *normal = normal.map(|v| (f64::from(v) / length) as f32);
        } else {
            *normal = [0.0; 3];
        }
    }
    any.then_some(normals)
}
