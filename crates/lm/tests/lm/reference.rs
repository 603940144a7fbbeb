//! The oracle against an independent forward pass in f64: the whole sequence at once, with a mask
//! instead of a cache, from the equations of ARCHITECTURE.md.

use crate::common::{BOS, OBJECT, SMALL, feeds, forced, largest_difference, packed, prefix};
use lm::{Feed, Processor, View, Weights};
use scene::{PAIR_FEATURES, ScenePrefix};

type Matrix = Vec<Vec<f64>>;

struct Reference<'a>(&'a Weights);

impl Reference<'_> {
    fn matrix(&self, name: &str) -> Matrix {
        let (shape, values) = self.0.tensor_f32(name).unwrap();
        let cols = *shape.last().unwrap();
        values.chunks(cols).map(|row| row.iter().map(|v| f64::from(*v)).collect()).collect()
    }

    fn vector(&self, name: &str) -> Vec<f64> {
        self.matrix(name).concat()
    }

    /// W x + b
    fn linear(&self, name: &str, x: &[f64]) -> Vec<f64> {
        let bias = self.vector(&format!("{name}.bias"));
        let products = times(&self.matrix(&format!("{name}.weight")), x);
        products.iter().zip(bias).map(|(product, bias)| product + bias).collect()
    }

    /// Final normed hidden states of all positions; the first `prefix` see each other.
    fn hidden(&self, mut x: Matrix, prefix: usize) -> Matrix {
        let lm = self.0.manifest().lm;
        let sees = |row: usize, key: usize| key < prefix || key <= row;
        for layer in 0..lm.layers {
            let weight = |part: &str| self.matrix(&format!("lm.layers.{layer}.{part}.weight"));
            let (wq, wk, wv) = (weight("attn.q"), weight("attn.k"), weight("attn.v"));
            let attn_norm = self.vector(&format!("lm.layers.{layer}.attn_norm.weight"));
            let ffn_norm = self.vector(&format!("lm.layers.{layer}.ffn_norm.weight"));
            let (wo, gate, up, down) =
                (weight("attn.o"), weight("ffn.gate"), weight("ffn.up"), weight("ffn.down"));
            let normed: Matrix = x.iter().map(|row| self.rms(row, &attn_norm)).collect();
            let turned = |w: &Matrix| -> Matrix {
                let rows = normed.iter().enumerate();
                rows.map(|(position, row)| self.rope(times(w, row), position)).collect()
            };
            let (q, k) = (turned(&wq), turned(&wk));
            let v: Matrix = normed.iter().map(|row| times(&wv, row)).collect();
            for row in 0..x.len() {
                let mut mixed = Vec::new();
                for head in 0..lm.heads {
                    let of = |m: &Matrix, row: usize, head: usize| -> Vec<f64> {
                        m[row][head * lm.head_dim..(head + 1) * lm.head_dim].to_vec()
                    };
                    let shared = head / (lm.heads / lm.kv_heads);
                    let keys: Vec<usize> = (0..x.len()).filter(|&key| sees(row, key)).collect();
                    let scale = (lm.head_dim as f64).sqrt();
                    let scores: Vec<f64> = keys
                        .iter()
                        .map(|&key| dot(&of(&q, row, head), &of(&k, key, shared)) / scale)
                        .collect();
                    let total: f64 = scores.iter().map(|score| score.exp()).sum();
                    for dim in 0..lm.head_dim {
                        let weighed = keys.iter().zip(&scores);
                        mixed.push(
                            weighed
                                .map(|(&key, score)| score.exp() / total * of(&v, key, shared)[dim])
                                .sum(),
                        );
                    }
                }
                x[row] = plus(&x[row], &times(&wo, &mixed));
            }
            for row in &mut x {
                let normed = self.rms(row, &ffn_norm);
                let gates = times(&gate, &normed).into_iter().map(|g| g / (1.0 + (-g).exp()));
                let fed: Vec<f64> = gates.zip(times(&up, &normed)).map(|(g, u)| g * u).collect();
                *row = plus(row, &times(&down, &fed));
            }
        }
        let norm = self.vector("lm.norm.weight");
        x.iter().map(|row| self.rms(row, &norm)).collect()
    }

    fn pointer(&self, hidden: &[f64], prefix: &ScenePrefix, asked: &[usize]) -> Vec<f64> {
        let (gain, bias) = (self.vector("pointer.norm.weight"), self.vector("pointer.norm.bias"));
        let normed: Matrix = prefix
            .objects
            .iter()
            .map(|object| {
                let m: Vec<f64> = object.mention.iter().map(|v| f64::from(*v)).collect();
                let mean = m.iter().sum::<f64>() / m.len() as f64;
                let variance = m.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / m.len() as f64;
                let unit = m.iter().map(|v| (v - mean) / (variance + 1e-5).sqrt());
                unit.zip(&gain).zip(&bias).map(|((v, gain), bias)| v * gain + bias).collect()
            })
            .collect();
        let keys = |key: &str| -> Matrix { normed.iter().map(|m| self.linear(key, m)).collect() };
        let against = |query: &[f64], keys: &Matrix| -> Vec<f64> {
            keys.iter().map(|key| dot(query, key) / (query.len() as f64).sqrt()).collect()
        };
        let count = prefix.objects.len();
        let copy = self.linear("pointer.copy", hidden);
        let copied = |k: usize, index: usize| -> f64 {
            let places = (0..asked.len().min(4)).filter(|&place| asked[place] == index);
            places.map(|place| copy[4 * k + place]).sum()
        };
        let query = self.linear("pointer.anchor_query", hidden);
        let none = self.linear("pointer.anchor_none", hidden);
        let anchors: Matrix = query
            .chunks(query.len() / 2)
            .zip(none)
            .enumerate()
            .map(|(k, (query, none))| {
                let logits = against(query, &keys("pointer.anchor_key"));
                let logits: Vec<f64> =
                    logits.iter().enumerate().map(|(j, logit)| logit + copied(k, j)).collect();
                let total = logits.iter().chain([&none]).map(|a| a.exp()).sum::<f64>();
                logits.iter().map(|a| a.exp() / total).collect()
            })
            .collect();
        let phi: Vec<Matrix> =
            (0..count).map(|j| (0..count).map(|i| self.phi(prefix, j, i)).collect()).collect();
        let zero = || vec![0.0; phi[0][0].len()];
        let seen = |k: usize, i: usize| {
            (0..count).fold(zero(), |sum, j| plus(&sum, &scaled(anchors[k][j], &phi[j][i])))
        };
        let across =
            (0..count).fold(zero(), |sum, i| plus(&sum, &scaled(anchors[1][i], &seen(0, i))));
        let towards = |i: usize| {
            (0..count).fold([0.0; 2], |[x, y], j| {
                let [u, v] = way(prefix, j, i);
                [x + anchors[0][j] * u, y + anchors[0][j] * v]
            })
        };
        let facing = (0..count).fold([0.0; 2], |[x, y], k| {
            let [u, v] = towards(k);
            [x + anchors[1][k] * u, y + anchors[1][k] * v]
        });
        let turns: Vec<f64> =
            self.linear("pointer.turn", hidden).into_iter().map(f64::exp).collect();
        let total: f64 = turns.iter().sum();
        let facing = (0..4).fold([0.0; 2], |[x, y], turn| {
            let [u, v] = turned(facing, turn);
            [x + turns[turn] / total * u, y + turns[turn] / total * v]
        });
        let spatial = self.linear("pointer.spatial", hidden);
        let scores = against(&self.linear("pointer.query", hidden), &keys("pointer.key"));
        let side = self.linear("pointer.side", hidden);
        let standing = |i| self.standing(&[seen(0, i), seen(1, i), across.clone()].concat());
        let score = |(i, score)| {
            let on_side = sides(in_view(towards(i), facing));
            score + copied(2, i) + dot(&spatial, &standing(i)) + dot(&side, &on_side)
        };
        scores.iter().enumerate().map(score).collect()
    }

    /// What is fed beside the mention where an answer names an object.
    fn told(&self, prefix: &ScenePrefix, index: usize, view: View) -> Vec<f64> {
        let phi = |from: Option<usize>, to: Option<usize>| match (from, to) {
            (Some(from), Some(to)) => self.phi(prefix, from, to),
            _ => vec![0.0; self.vector("pointer.phi.1.bias").len()],
        };
        let [first, second] = view.anchors;
        let way = |to: Option<usize>| match (first, to) {
            (Some(from), Some(to)) => way(prefix, from, to),
            _ => [0.0; 2],
        };
        let on_side = sides(in_view(way(Some(index)), turned(way(second), view.turn)));
        let seen = [phi(first, Some(index)), phi(second, Some(index)), phi(first, second)];
        let standing = self.linear("pointer.standing.1", &self.standing(&seen.concat()));
        let told = plus(&standing, &self.linear("pointer.side_told", &on_side));
        let any = f64::from(u8::from(first.is_some() || second.is_some()));
        scaled(16.0 * any, &told)
    }

    fn phi(&self, prefix: &ScenePrefix, from: usize, to: usize) -> Vec<f64> {
        let at = (from * prefix.objects.len() + to) * PAIR_FEATURES;
        let f: Vec<f64> =
            prefix.pairs[at..][..PAIR_FEATURES].iter().map(|v| f64::from(*v)).collect();
        let inner: Vec<f64> = self.linear("pointer.phi.0", &f).into_iter().map(gelu).collect();
        self.linear("pointer.phi.1", &inner)
    }

    fn standing(&self, seen: &[f64]) -> Vec<f64> {
        self.linear("pointer.standing.0", seen).into_iter().map(gelu).collect()
    }

    fn rms(&self, x: &[f64], weight: &[f64]) -> Vec<f64> {
        let eps = f64::from(self.0.manifest().lm.norm_eps);
        let root = (x.iter().map(|v| v * v).sum::<f64>() / x.len() as f64 + eps).sqrt();
        x.iter().zip(weight).map(|(v, weight)| v / root * weight).collect()
    }

    fn rope(&self, mut x: Vec<f64>, position: usize) -> Vec<f64> {
        let lm = self.0.manifest().lm;
        let half = lm.head_dim / 2;
        for head in x.chunks_mut(lm.head_dim) {
            for i in 0..half {
                let frequency = lm.rope_base.powf(-2.0 * i as f64 / lm.head_dim as f64);
                let (sin, cos) = (position as f64 * frequency).sin_cos();
                let (a, b) = (head[i], head[i + half]);
                (head[i], head[i + half]) = (a * cos - b * sin, a * sin + b * cos);
            }
        }
        x
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn times(matrix: &Matrix, x: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, x)).collect()
}

/// The unit vector in plan from one object to another.
fn way(prefix: &ScenePrefix, from: usize, to: usize) -> [f64; 2] {
    let at = (from * prefix.objects.len() + to) * PAIR_FEATURES;
    [f64::from(prefix.pairs[at + 1]), f64::from(prefix.pairs[at])]
}

/// By quarters to the left.
fn turned([x, y]: [f64; 2], quarters: usize) -> [f64; 2] {
    (0..quarters).fold([x, y], |[x, y], _| [-y, x])
}

/// The scalar and the cross product: ahead and to the left.
fn in_view(towards: [f64; 2], facing: [f64; 2]) -> [f64; 2] {
    let ahead = facing[0] * towards[0] + facing[1] * towards[1];
    [ahead, facing[0] * towards[1] - facing[1] * towards[0]]
}

/// How much more than a quarter ahead, left, behind, right.
fn sides([ahead, left]: [f64; 2]) -> Vec<f64> {
    let powers = [ahead, left, -ahead, -left].map(|along| (8.0 * along).exp());
    powers.iter().map(|power| power / powers.iter().sum::<f64>() - 0.25).collect()
}

fn scaled(factor: f64, x: &[f64]) -> Vec<f64> {
    x.iter().map(|v| factor * v).collect()
}

fn plus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// By numerical integration of the normal density, so that it shares nothing with the crate's.
fn gelu(x: f64) -> f64 {
    let steps = 2000;
    let h = x / f64::from(steps);
    let density = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let inner: f64 = (0..steps).map(|i| density((f64::from(i) + 0.5) * h) * h).sum();
    x * (0.5 + inner)
}

#[test]
fn the_oracle_is_the_equations() {
    let weights = packed(&SMALL, 1);
    let width = SMALL.width;
    let prefix = prefix(width, 4, 2);
    let feeds = feeds(12, 4, 3);
    let reference = Reference(&weights);
    let embed = reference.matrix("lm.embed.weight");
    let row = |values: &[f32]| -> Vec<f64> { values.iter().map(|v| f64::from(*v)).collect() };
    let mut x: Matrix = vec![embed[BOS as usize].clone()];
    x.extend(prefix.rows.chunks(width).map(row));
    let rows = x.len();
    let mention =
        |index: usize| plus(&row(&prefix.objects[index].mention), &embed[OBJECT as usize]);
    x.extend(feeds.iter().map(|feed| match *feed {
        Feed::Token(id) => embed[id as usize].clone(),
        Feed::Object(index) => mention(index),
        Feed::Named { index, view } => plus(&mention(index), &reference.told(&prefix, index, view)),
        Feed::Boxed(_) => panic!("the unified model points"),
    }));
    let hidden = reference.hidden(x, rows);

    let mut decoder = crate::common::decoder(&weights, Processor::CpuPlain, &prefix);
    let scores = forced(&mut decoder, &feeds);
    let mut asked = Vec::new();
    for ((hidden, scores), feed) in hidden[rows..].iter().zip(&scores).zip(&feeds) {
        if let Feed::Object(index) = feed
            && !asked.contains(index)
        {
            asked.push(*index);
        }
        let logits: Vec<f32> = times(&embed, hidden).iter().map(|v| *v as f32).collect();
        let objects: Vec<f32> =
            reference.pointer(hidden, &prefix, &asked).iter().map(|v| *v as f32).collect();
        let spread = logits.iter().fold(0.0f32, |peak, v| peak.max(v.abs()));
        assert!(spread > 1.0, "logits of no size prove nothing: {spread}");
        let error = largest_difference(&scores.logits, &logits);
        assert!(error < 1e-4 * spread.max(1.0), "{error} of {spread}");
        let error = largest_difference(&scores.objects, &objects);
        assert!(error < 1e-4, "pointer: {error}");
    }
}
