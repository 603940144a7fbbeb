use crate::{
    object::plausibility,
    pair::{PAIR_FEATURES, pair_features},
    regions::{Contact, Region, RegionGraph},
};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Judges a pair of regions: the probability that they are parts of one object. The numbers of
/// the two regions come along for those who know the truth.
pub(crate) trait Judge {
    fn affinity(&mut self, features: &[f32; PAIR_FEATURES], a: u32, b: u32) -> f32;
    /// `from` has become a part of `into`.
    fn merged(&mut self, into: u32, from: u32);
}

/// Joins regions greedily, the surest pair first, every pair judged anew once one of its two has
/// grown.
#[derive(Debug)]
pub(crate) struct Agglomeration {
    voxel_m: f32,
    regions: Vec<Region>,
    /// The region that each region has become part of; itself while it stands.
    parent: Vec<u32>,
    /// What each standing region is in the tree of joints.
    node_of_region: Vec<u32>,
    nodes: Vec<Node>,
    /// For each region its neighbours with the contact as seen from it, and the affinity.
    links: Vec<Vec<(u32, Contact, f32)>>,
    /// Counts the changes of a region; an older candidate is void.
    version: Vec<u32>,
    heap: BinaryHeap<Candidate>,
    queued: usize,
    /// Contacts of the start that have not been judged yet.
    unjudged: std::vec::IntoIter<(u32, u32, Contact)>,
    /// Pairs judged and candidates looked at so far.
    judged: usize,
}

/// A region that stood at some time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) region: Region,
    /// The two that were joined to it; None for a region of the start.
    pub(crate) children: Option<[u32; 2]>,
    /// The least affinity among the joints inside it; 1 for a region of one piece.
    pub(crate) weakest: f32,
    /// The affinity by which it was joined on, or its strongest to a neighbour in the end.
    pub(crate) tie: f32,
    /// The contact's edges with all that was not a part of it, and their likeness, when it was made.
    pub(crate) outer_edges: f32,
    pub(crate) outer_likeness: f32,
    /// The least mean likeness across the joints inside it; 1 for a region of one piece.
    pub(crate) seam: f32,
}

impl Node {
    pub(crate) fn leaf(region: &Region) -> Self {
        Self {
            region: *region,
            children: None,
            weakest: 1.0,
            tie: 0.0,
            outer_edges: 0.0,
            outer_likeness: 0.0,
            seam: 1.0,
        }
    }
}

#[derive(Debug)]
struct Candidate {
    affinity: f32,
    a: u32,
    b: u32,
    version: u32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.affinity.total_cmp(&other.affinity).then((other.a, other.b).cmp(&(self.a, self.b)))
    }
}
impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Candidate {}

impl Agglomeration {
    pub(crate) fn new(graph: RegionGraph, voxel_m: f32) -> Self {
        let count = graph.regions.len();
        Self {
            voxel_m,
            parent: (0..count as u32).collect(),
            node_of_region: (0..count as u32).collect(),
            nodes: graph.regions.iter().map(Node::leaf).collect(),
            links: vec![Vec::new(); count],
            version: vec![0; count],
            heap: BinaryHeap::new(),
            queued: graph.contacts.len(),
            regions: graph.regions,
            unjudged: graph.contacts.into_iter(),
            judged: 0,
        }
    }

    /// Joins pairs of at least `threshold` until about `most` have been judged or
    /// looked at; whether none is left.
    pub(crate) fn step(&mut self, threshold: f32, most: usize, judge: &mut impl Judge) -> bool {
        let enough = self.judged + most;
        while self.judged < enough {
            if let Some((a, b, contact)) = self.unjudged.next() {
                let affinity = self.judge(a, b, &contact, judge);
                self.links[a as usize].push((b, contact, affinity));
                self.links[b as usize].push((a, contact.flipped(), affinity));
                self.offer(a, b, affinity);
                if self.unjudged.len() == 0 {
                    (0..self.regions.len()).for_each(|region| self.look_around(region));
                }
                continue;
            }
            // A candidate that is void takes time too.
            self.judged += 1;
            let Some(best) = self.heap.pop() else { return true };
            if best.affinity < threshold {
                return true;
            }
            let (a, b) = (best.a as usize, best.b as usize);
            if self.version[a] + self.version[b] == best.version && self.stands(a) && self.stands(b)
            {
                self.join(best.a, best.b, best.affinity, judge);
            }
        }
        false
    }

    /// Candidates seen and candidates in all so far.
    pub(crate) fn progress(&self) -> (u64, u64) {
        let open = self.heap.len() + self.unjudged.len();
        (self.queued.saturating_sub(open) as u64, self.queued as u64)
    }

    fn stands(&self, region: usize) -> bool {
        self.parent[region] as usize == region
    }

    /// The tree of all joints: the regions of the start in their order, then each joint after
    /// its two parts.
    pub(crate) fn into_tree(mut self) -> Vec<Node> {
        for region in 0..self.parent.len() {
            if self.stands(region) {
                let node = self.node_of_region[region] as usize;
                self.nodes[node].tie = self.links[region].iter().map(|l| l.2).fold(0.0, f32::max);
            }
        }
        self.nodes
    }

    /// Sums up what the region that stands borders on.
    fn look_around(&mut self, region: usize) {
        let node = &mut self.nodes[self.node_of_region[region] as usize];
        for (_, contact, _) in &self.links[region] {
            node.outer_edges += contact.edges;
            node.outer_likeness += contact.likeness;
        }
    }

    fn judge(&mut self, a: u32, b: u32, contact: &Contact, judge: &mut impl Judge) -> f32 {
        self.judged += 1;
        let (x, y) = (&self.regions[a as usize], &self.regions[b as usize]);
        let together = plausibility(&x.bounds.union(&y.bounds));
        together * judge.affinity(&pair_features(x, y, contact, self.voxel_m), a, b)
    }

    fn offer(&mut self, a: u32, b: u32, affinity: f32) {
        let version = self.version[a as usize] + self.version[b as usize];
        self.heap.push(Candidate { affinity, a: a.min(b), b: a.max(b), version });
    }

    fn join(&mut self, a: u32, b: u32, affinity: f32, judge: &mut impl Judge) {
        // The one with more neighbours stays, so that fewer links move.
        let (into, from) = if self.links[a as usize].len() >= self.links[b as usize].len() {
            (a as usize, b as usize)
        } else {
            (b as usize, a as usize)
        };
        let moved = self.regions[from];
        self.regions[into].add(&moved);
        self.parent[from] = into as u32;
        self.version[into] += 1;
        let across = self.links[into].iter().find(|link| link.0 as usize == from);
        let likeness = across.map_or(1.0, |(_, contact, _)| {
            // Where they do not touch there is nothing to see.
            if contact.edges > 0.0 { contact.likeness / contact.edges } else { 0.5 }
        });
        let children = [self.node_of_region[into], self.node_of_region[from]];
        let [x, y] = children.map(|child| child as usize);
        (self.nodes[x].tie, self.nodes[y].tie) = (affinity, affinity);
        let weakest = self.nodes[x].weakest.min(self.nodes[y].weakest).min(affinity);
        self.node_of_region[into] = self.nodes.len() as u32;
        self.nodes.push(Node {
            region: self.regions[into],
            children: Some(children),
            weakest,
            tie: 0.0,
            outer_edges: 0.0,
            outer_likeness: 0.0,
            seam: self.nodes[x].seam.min(self.nodes[y].seam).min(likeness),
        });
        judge.merged(into as u32, from as u32);

        let mut links = std::mem::take(&mut self.links[into]);
        links.retain(|link| link.0 as usize != from);
        for (other, contact, _) in std::mem::take(&mut self.links[from]) {
            if other as usize == into {
                continue;
            }
            self.links[other as usize].retain(|link| link.0 as usize != from);
            match links.iter_mut().find(|link| link.0 == other) {
                Some(link) => link.1.add(&contact),
                None => {
                    links.push((other, contact, 0.0));
                    self.links[other as usize].push((into as u32, contact.flipped(), 0.0));
                }
            }
        }
        for (other, contact, affinity) in &mut links {
            *affinity = self.judge(into as u32, *other, contact, judge);
            let back = &mut self.links[*other as usize];
            if let Some(link) = back.iter_mut().find(|link| link.0 as usize == into) {
                (link.1, link.2) = (contact.flipped(), *affinity);
            }
            let version = self.version[into] + self.version[*other as usize];
            let (a, b) = ((into as u32).min(*other), (into as u32).max(*other));
            self.heap.push(Candidate { affinity: *affinity, a, b, version });
            self.queued += 1;
        }
        self.links[into] = links;
        self.look_around(into);
    }
}
