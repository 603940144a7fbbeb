use crate::layers::{LayerNorm, Linear, dot};
use crate::{Error, Result, Weights};
use scene::{PAIR_FEATURES, ScenePrefix};

/// The most objects from which another is seen: where a viewer stands, and what the viewer is
/// turned by.
pub(crate) const ANCHORS: usize = 2;
/// A vector in plan.
const PLAN: usize = 2;
/// Quarter turns of a viewer to the left, from facing the second anchor; and a viewer's four sides:
/// ahead, left, behind, right.
const TURNS: usize = 4;
/// What is told of an object is fed so many times over: its row, to which it is added, is some 500
/// long.
const LOUDNESS: f32 = 16.0;
/// How surely an object off to one side is on that side and no other.
const SHARPNESS: f32 = 8.0;
/// So many objects that a question names are told apart by their order.
const MENTIONS: usize = 4;
/// So many that the answer before it named are, too: what “it” may be.
const RECALLED: usize = 2;
/// An anchor of less weight is none.
const NEGLIGIBLE: f32 = 1e-6;

/// Points at objects: the `pointer.*` weights, in f32.
pub(crate) struct Pointer {
    width: usize,
    norm: LayerNorm,
    key: Linear,
    query: Linear,
    anchor_key: Linear,
    anchor_query: Linear,
    anchor_none: Linear,
    phi: [Linear; 2],
    standing: [Linear; 2],
    spatial: Linear,
    /// A model that knows nothing of earlier answers has no numbers for what they named.
    copy: Linear,
    copied: usize,
    turn: Linear,
    side: Linear,
    side_told: Linear,
}

/// What the pointer makes of a hidden state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pointed {
    /// (n), of each object.
    pub(crate) scores: Vec<f32>,
    /// From where they are seen.
    pub(crate) view: View,
}

/// From where an object is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The likeliest anchors by their indices in `ScenePrefix::objects`, where they are likelier than
    /// none: what the relation is to, or where a viewer stands and what the viewer is turned by.
    pub anchors: [Option<usize>; ANCHORS],
    /// By how many quarters to the left the viewer is turned from facing the second.
    pub turn: usize,
}

/// The objects that have been spoken of, by index.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Spoken {
    /// By the question so far, each once.
    asked: Vec<usize>,
    /// By the answer before it, each once.
    recalled: Vec<usize>,
}

impl Spoken {
    /// Before a question that follows an answer in which these were named.
    pub(crate) fn after(named: impl IntoIterator<Item = usize>) -> Self {
        let mut spoken = Self::default();
        named.into_iter().for_each(|index| add(&mut spoken.recalled, index));
        spoken
    }

    pub(crate) fn ask(&mut self, index: usize) {
        add(&mut self.asked, index);
    }

    /// Each with its place among the numbers that `copy` gives for one use of them.
    fn places(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let asked = self.asked.iter().take(MENTIONS).enumerate();
        let recalled = self.recalled.iter().take(RECALLED).enumerate();
        asked.chain(recalled.map(|(k, index)| (MENTIONS + k, index))).map(|(k, index)| (k, *index))
    }
}

fn add(named: &mut Vec<usize>, index: usize) {
    if !named.contains(&index) {
        named.push(index);
    }
}

/// What does not depend on the question, for the `n` objects of a scene.
#[derive(Clone, Debug, Default)]
pub(crate) struct Targets {
    count: usize,
    keys: Vec<f32>,        // (n, key width)
    anchor_keys: Vec<f32>, // (n, key width)
    phi: Vec<f32>,         // (n, n, phi width): φ_ji at [j][i]
    ways: Vec<f32>,        // (n, n, 2): the unit vector in plan from j to i at [j][i]
}

impl Pointer {
    pub(crate) fn load(weights: &Weights) -> Result<Self> {
        let width = weights.manifest().lm.width;
        let linear = |name: &str, inputs| Linear::load(weights, &format!("pointer.{name}"), inputs);
        let phi = linear("phi.0", PAIR_FEATURES)?;
        let phi_width = phi.outputs();
        let standing = linear("standing.0", (ANCHORS + 1) * phi_width)?;
        let standing_width = standing.outputs();
        let mut pointer = Self {
            width,
            norm: LayerNorm::load(weights, "pointer.norm", width)?,
            key: linear("key", width)?,
            query: linear("query", width)?,
            anchor_key: linear("anchor_key", width)?,
            anchor_query: linear("anchor_query", width)?,
            anchor_none: linear("anchor_none", width)?,
            phi: [phi, linear("phi.1", phi_width)?],
            standing: [standing, linear("standing.1", standing_width)?],
            spatial: linear("spatial", width)?,
            copied: 0,
            copy: linear("copy", width)?,
            turn: linear("turn", width)?,
            side: linear("side", width)?,
            side_told: linear("side_told", TURNS)?,
        };
        let knows_recalled = pointer.copy.outputs() > (ANCHORS + 1) * MENTIONS;
        let copied = MENTIONS + if knows_recalled { RECALLED } else { 0 };
        pointer.copied = copied;
        let outputs = [
            ("query", &pointer.query, pointer.key.outputs()),
            ("anchor_query", &pointer.anchor_query, ANCHORS * pointer.anchor_key.outputs()),
            ("anchor_none", &pointer.anchor_none, ANCHORS),
            ("phi.1", &pointer.phi[1], phi_width),
            ("standing.1", &pointer.standing[1], width),
            ("spatial", &pointer.spatial, standing_width),
            ("copy", &pointer.copy, (ANCHORS + 1) * copied),
            ("turn", &pointer.turn, TURNS),
            ("side", &pointer.side, TURNS),
            ("side_told", &pointer.side_told, width),
        ];
        for (name, linear, expected) in outputs {
            if linear.outputs() != expected {
                let what = format!("gives {}, should give {expected}", linear.outputs());
                return Err(Error::Tensor { name: format!("pointer.{name}"), what });
            }
        }
        Ok(pointer)
    }

    /// key_i = key(norm(m_i)), anchor_key(norm(m_j)), φ_ji = phi.1(gelu(phi.0(f_ji))).
    pub(crate) fn targets(&self, prefix: &ScenePrefix) -> Targets {
        let count = prefix.objects.len();
        let mut targets = Targets { count, ..Targets::default() };
        for object in &prefix.objects {
            let normed = self.norm.apply(&object.mention);
            targets.keys.extend(self.key.apply(&normed));
            targets.anchor_keys.extend(self.anchor_key.apply(&normed));
        }
        for pair in prefix.pairs.chunks_exact(PAIR_FEATURES) {
            let hidden: Vec<f32> = self.phi[0].apply(pair).map(gelu).collect();
            targets.phi.extend(self.phi[1].apply(&hidden));
            // `s_ij` begins with sine and cosine.
            targets.ways.extend([pair[1], pair[0]]);
        }
        targets
    }

    /// For the final normed hidden state `h` and the objects that have been spoken of, `c^k_j` being
    /// what `copy(h)` gives the one at its place among them:
    /// ```text
    /// a, b    = softmax over the objects and none of anchor_query(h)·anchor_key_j/√w + c^k_j, anchor_none(h)
    /// t_i     = gelu(standing.0([Σ_j a_j φ_ji; Σ_j b_j φ_ji; Σ_jk a_j b_k φ_jk]))
    /// e_i     = sides of Σ_j a_j u_ji for who faces Σ_jk a_j b_k u_jk, turned by the quarters of
    ///           softmax(turn(h))
    /// score_i = q·key_i/√w + c^2_i + spatial(h)·t_i + side(h)·e_i
    /// ```
    pub(crate) fn point(&self, hidden: &[f32], targets: &Targets, spoken: &Spoken) -> Pointed {
        debug_assert_eq!(hidden.len(), self.width);
        let (count, width) = (targets.count, self.phi[1].outputs());
        let queries: Vec<f32> = self.anchor_query.apply(hidden).collect();
        let nones = self.anchor_none.apply(hidden);
        let copy: Vec<f32> = self.copy.apply(hidden).collect();
        let add_copied = |scores: &mut [f32], k: usize| {
            let copied = &copy[k * self.copied..(k + 1) * self.copied];
            for (place, index) in spoken.places() {
                scores[index] += copied.get(place).copied().unwrap_or_default();
            }
        };
        let mut anchors = [None; ANCHORS];
        let mut weights: [Vec<f32>; ANCHORS] = Default::default();
        let halves = queries.chunks_exact(queries.len() / ANCHORS);
        for (k, (query, none)) in halves.zip(nones).enumerate() {
            let mut logits = similarity(query, &targets.anchor_keys);
            add_copied(&mut logits, k);
            anchors[k] = index_of_max(&logits).filter(|&index| logits[index] > none);
            logits.push(none);
            weights[k] = softmax(&logits);
        }
        let seen = weights.each_ref().map(|weights| mixed(weights, &targets.phi, count * width));
        let across = mixed(&weights[1], &seen[0], width);
        let ways = mixed(&weights[0], &targets.ways, count * PLAN);
        let turns: Vec<f32> = self.turn.apply(hidden).collect();
        let facing = turned(&mixed(&weights[1], &ways, PLAN), &softmax(&turns));
        let view = View { anchors, turn: index_of_max(&turns).unwrap_or(0) };

        let query: Vec<f32> = self.query.apply(hidden).collect();
        let spatial: Vec<f32> = self.spatial.apply(hidden).collect();
        let side: Vec<f32> = self.side.apply(hidden).collect();
        let mut scores = similarity(&query, &targets.keys);
        add_copied(&mut scores, ANCHORS);
        for (i, score) in scores.iter_mut().enumerate() {
            let of = |seen: &[f32]| -> Vec<f32> { seen[i * width..(i + 1) * width].to_vec() };
            let on_side = sides(in_view(&ways[i * PLAN..(i + 1) * PLAN], &facing));
            let inputs = [of(&seen[0]), of(&seen[1]), across.clone()].concat();
            *score += dot(&spatial, &self.standing(&inputs)) + dot(&side, &on_side);
        }
        Pointed { scores, view }
    }

    /// How an object stands to the anchors from which it was named, for the words that follow:
    /// 16 · (standing.1(t_i) + side_told(e_i)), or nothing without an anchor.
    pub(crate) fn told(&self, targets: &Targets, index: usize, view: &View) -> Option<Vec<f32>> {
        let [first, second] = view.anchors;
        first.or(second)?;
        let between = |values: &[f32], width: usize, from: Option<usize>, to: Option<usize>| {
            let at = from.zip(to).map(|(from, to)| (from * targets.count + to) * width);
            let known = at.and_then(|at| values.get(at..at + width));
            known.map_or_else(|| vec![0.0; width], <[f32]>::to_vec)
        };
        let phi = |from, to| between(&targets.phi, self.phi[1].outputs(), from, to);
        let way = |to| between(&targets.ways, PLAN, first, to);
        let turn = [0, 1, 2, 3].map(|turn| f32::from(u8::from(turn == view.turn)));
        let on_side = sides(in_view(&way(Some(index)), &turned(&way(second), &turn)));
        let seen = [phi(first, Some(index)), phi(second, Some(index)), phi(first, second)];
        let standing = self.standing(&seen.concat());
        let told = self.standing[1].apply(&standing).zip(self.side_told.apply(&on_side));
        Some(told.map(|(standing, side)| LOUDNESS * (standing + side)).collect())
    }

    fn standing(&self, seen: &[f32]) -> Vec<f32> {
        self.standing[0].apply(seen).map(gelu).collect()
    }
}

/// A vector in plan as seen by who looks along `facing`: ahead and to the left.
fn in_view(towards: &[f32], facing: &[f32]) -> [f32; PLAN] {
    let ([x, y], [a, b]) = ([towards[0], towards[1]], [facing[0], facing[1]]);
    [a * x + b * y, a * y - b * x]
}

/// How much more than a quarter something is ahead, left, behind, right; zero where nothing is known.
fn sides([ahead, left]: [f32; PLAN]) -> [f32; TURNS] {
    let shares = softmax(&[ahead, left, -ahead, -left].map(|along| SHARPNESS * along));
    std::array::from_fn(|side| shares[side] - 1.0 / TURNS as f32)
}

/// A vector in plan turned to the left by quarters, by the shares of none to three of them.
fn turned(vector: &[f32], shares: &[f32]) -> [f32; PLAN] {
    let [x, y] = [vector[0], vector[1]];
    let ways = [[x, y], [-y, x], [-x, -y], [y, -x]];
    let along = |axis: usize| ways.iter().zip(shares).map(|(way, share)| share * way[axis]).sum();
    [along(0), along(1)]
}

/// query·key_i / √w for each key.
fn similarity(query: &[f32], keys: &[f32]) -> Vec<f32> {
    let scale = 1.0 / (query.len() as f32).sqrt();
    keys.chunks_exact(query.len()).map(|key| dot(query, key) * scale).collect()
}

/// Σ_j weights_j rows_j, for rows of a width.
fn mixed(weights: &[f32], rows: &[f32], width: usize) -> Vec<f32> {
    let mut sum = vec![0.0; width];
    for (weight, row) in weights.iter().zip(rows.chunks_exact(width.max(1))) {
        if *weight > NEGLIGIBLE {
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
    }
    sum
}

fn index_of_max(values: &[f32]) -> Option<usize> {
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b]))
}

pub(crate) fn softmax(scores: &[f32]) -> Vec<f32> {
    let peak = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = scores.iter().map(|score| (score - peak).exp()).collect();
    let total: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// The exact form, `x Φ(x)`.
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x / std::f32::consts::SQRT_2))
}

/// Abramowitz and Stegun 7.1.26 in f64: within 1.5e-7.
fn erf(x: f32) -> f32 {
    const A: [f64; 5] =
        [0.254_829_592, -0.284_496_736, 1.421_413_741, -1.453_152_027, 1.061_405_429];
    let x = f64::from(x);
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let series = A.iter().rev().fold(0.0, |sum, a| (sum + a) * t);
    let value = 1.0 - series * (-x * x).exp();
    value.copysign(x) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erf_at_known_points() {
        for (x, expected) in
            [(0.0, 0.0), (0.5, 0.520_499_9), (-1.0, -0.842_700_8), (3.0, 0.999_977_9)]
        {
            assert!((erf(x) - expected).abs() < 3e-7, "{x}");
        }
    }
}
