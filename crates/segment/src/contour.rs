use crate::keymap::NONE;

/// Numbers that describe a voxel to the merging: the learned embedding, or what stands for it.
pub(crate) const FEATURES: usize = crate::contour_net::EMBEDDING;

/// So many times heavier, a partner is hardly changed by a merge and may take in many at once.
const DWARFED: f32 = 6.0;

/// Contour-prior merging (EZ-SP, Geist et al. 2025): nodes merge while the Ward cost of doing so
/// is below the contour it saves,
/// `ΔH = S_i S_j / (S_i + S_j) · |X_i − X_j|² − reg · W_ij < 0`.
///
/// Each round merges the pairs that are each other's best partner, which keeps close to the
/// greedy order, and what is dwarfed by its best partner; the original merges every best choice
/// at once.
#[derive(Debug)]
pub(crate) struct ContourMerge {
    features: Vec<[f32; FEATURES]>,
    mass: Vec<f32>,
    /// `a < b`, each pair once.
    edges: Vec<Edge>,
    /// The node of each node that was there at the start.
    node_of: Vec<u32>,
}

/// Two nodes and the length of the contour between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edge {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) weight: f32,
}

impl ContourMerge {
    /// One node per entry of `features`, each of mass one.
    pub(crate) fn new(features: Vec<[f32; FEATURES]>, edges: Vec<Edge>) -> Self {
        let count = features.len();
        Self {
            mass: vec![1.0; count],
            node_of: (0..count as u32).collect(),
            edges: coalesce(edges, count),
            features,
        }
    }

    /// The nodes that are left.
    pub(crate) fn len(&self) -> usize {
        self.mass.len()
    }

    /// The node of each node that was there at the start.
    pub(crate) fn into_nodes(self) -> Vec<u32> {
        self.node_of
    }

    /// One round; how many nodes it took away. Nodes lighter than `min_mass` merge at any cost.
    pub(crate) fn round(&mut self, reg: f32, min_mass: f32) -> usize {
        let partner = self.partners(reg, min_mass);
        let count = self.len();
        let mut root: Vec<u32> = (0..count as u32).collect();
        for node in 0..count {
            let other = partner[node] as usize;
            if other >= count {
                continue;
            }
            let mutual = partner[other] as usize == node;
            if mutual || self.mass[other] >= DWARFED * self.mass[node] {
                let (a, b) = (find(&mut root, node as u32), find(&mut root, other as u32));
                root[a.max(b) as usize] = a.min(b);
            }
        }
        let mut new_of_old = vec![NONE; count];
        let mut next = 0;
        for node in 0..count as u32 {
            // The lowest of a group comes first and gives its number to the others.
            let first = find(&mut root, node);
            if first == node {
                new_of_old[node as usize] = next;
                next += 1;
            } else {
                new_of_old[node as usize] = new_of_old[first as usize];
            }
        }
        let next = next as usize;
        if next == count {
            return 0;
        }
        let mut features = vec![[0.0; FEATURES]; next];
        let mut mass = vec![0.0; next];
        for (node, &new) in new_of_old.iter().enumerate() {
            let new = new as usize;
            for (sum, value) in features[new].iter_mut().zip(self.features[node]) {
                *sum += value * self.mass[node];
            }
            mass[new] += self.mass[node];
        }
        for (sums, mass) in features.iter_mut().zip(&mass) {
            for sum in sums {
                *sum /= mass;
            }
        }
        (self.features, self.mass) = (features, mass);
        for node in &mut self.node_of {
            *node = new_of_old[*node as usize];
        }
        for edge in &mut self.edges {
            let (a, b) = (new_of_old[edge.a as usize], new_of_old[edge.b as usize]);
            (edge.a, edge.b) = (a.min(b), a.max(b));
        }
        self.edges = coalesce(std::mem::take(&mut self.edges), next);
        count - next
    }

    /// For each node the one it would most gladly merge with; [`NONE`] if with none.
    fn partners(&self, reg: f32, min_mass: f32) -> Vec<u32> {
        let mut best = vec![(f32::INFINITY, u32::MAX, NONE); self.len()];
        for edge in &self.edges {
            let (a, b) = (edge.a as usize, edge.b as usize);
            let cost = self.ward(a, b) - reg * edge.weight;
            // Equal costs are common on even surfaces; a shuffled order of the edges then lets
            // many pairs agree at once where index order would make chains.
            let shuffle = shuffled(edge.a, edge.b);
            for (node, other) in [(a, edge.b), (b, edge.a)] {
                let wanted = cost < 0.0 || self.mass[a].min(self.mass[b]) < min_mass;
                let known = best[node];
                if wanted && (cost, shuffle) < (known.0, known.1) {
                    best[node] = (cost, shuffle, other);
                }
            }
        }
        best.into_iter().map(|(_, _, partner)| partner).collect()
    }

    fn ward(&self, a: usize, b: usize) -> f32 {
        let apart: f32 =
            self.features[a].iter().zip(&self.features[b]).map(|(x, y)| (x - y) * (x - y)).sum();
        apart * self.mass[a] * self.mass[b] / (self.mass[a] + self.mass[b])
    }
}

/// The root of a node's tree, its path halved on the way.
fn find(root: &mut [u32], mut node: u32) -> u32 {
    while root[node as usize] != node {
        root[node as usize] = root[root[node as usize] as usize];
        node = root[node as usize];
    }
    node
}

fn shuffled(a: u32, b: u32) -> u32 {
    let key = (u64::from(a) << 32 | u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((key ^ (key >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) as u32
}

/// Each pair once, weights summed, loops gone; sorted. Buckets by `a`, then sorts the short runs.
fn coalesce(edges: Vec<Edge>, nodes: usize) -> Vec<Edge> {
    let mut starts = vec![0_u32; nodes + 1];
    for edge in edges.iter().filter(|edge| edge.a != edge.b) {
        starts[edge.a as usize + 1] += 1;
    }
    for node in 0..nodes {
        starts[node + 1] += starts[node];
    }
    let mut runs = vec![(0_u32, 0.0_f32); starts[nodes] as usize];
    let mut fill = starts.clone();
    for edge in edges.iter().filter(|edge| edge.a != edge.b) {
        let slot = &mut fill[edge.a as usize];
        runs[*slot as usize] = (edge.b, edge.weight);
        *slot += 1;
    }
    let mut merged: Vec<Edge> = Vec::with_capacity(runs.len());
    for node in 0..nodes {
        let run = &mut runs[starts[node] as usize..starts[node + 1] as usize];
        run.sort_by_key(|(b, _)| *b);
        for same in run.chunk_by(|x, y| x.0 == y.0) {
            let weight = same.iter().map(|(_, weight)| weight).sum();
            merged.push(Edge { a: node as u32, b: same[0].0, weight });
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A strip of 40 cells, the left half one colour and the right another.
    fn strip(contrast: f32) -> ContourMerge {
        let features = (0..40)
            .map(|i| {
                let mut x = [0.0; FEATURES];
                x[0] = if i < 20 { 0.0 } else { contrast };
                x
            })
            .collect();
        let edges = (0..39).map(|i| Edge { a: i, b: i + 1, weight: 1.0 }).collect();
        ContourMerge::new(features, edges)
    }

    fn run(mut merge: ContourMerge, reg: f32, min_mass: f32) -> Vec<u32> {
        while merge.round(reg, min_mass) > 0 {}
        merge.into_nodes()
    }

    #[test]
    fn a_step_in_colour_stays_a_border_and_even_parts_do_not() {
        let nodes = run(strip(1.0), 0.05, 0.0);
        assert!(nodes[..20].iter().all(|node| *node == nodes[0]));
        assert!(nodes[20..].iter().all(|node| *node == nodes[20]));
        assert_ne!(nodes[0], nodes[20]);
        let faint = run(strip(0.01), 0.05, 0.0);
        assert!(faint.iter().all(|node| *node == 0));
    }

    #[test]
    fn light_nodes_merge_at_any_cost() {
        let nodes = run(strip(1.0), 0.05, 30.0);
        assert!(nodes.iter().all(|node| *node == 0));
    }

    #[test]
    fn pairs_given_twice_count_once_with_both_weights() {
        let edge = |a, b, weight| Edge { a, b, weight };
        let merged =
            coalesce(vec![edge(1, 2, 1.0), edge(0, 1, 2.0), edge(1, 2, 3.0), edge(2, 2, 9.0)], 3);
        assert_eq!(merged, [edge(0, 1, 2.0), edge(1, 2, 4.0)]);
    }
}
