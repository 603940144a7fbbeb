/// The pieces that objects were put together from, and how. Empty where the objects were given.
///
/// Nodes are numbered: first the superpoints, then the joints in the order in which they were made,
/// so that a joint stands behind its two parts.
#[derive(Clone, Debug, Default)]
pub struct Superpoints {
    /// The superpoint of each point; [`Superpoints::NONE`] for the bare shell and for strays.
    pub of_point: Vec<u32>,
    /// How many superpoints there are.
    pub count: u32,
    /// The two nodes that each joint joins.
    pub joints: Vec<[u32; 2]>,
    /// How likely each node is one whole object, 0..=1.
    pub scores: Vec<f32>,
}

impl Superpoints {
    /// No superpoint.
    pub const NONE: u32 = u32::MAX;

    /// The superpoint of a point.
    pub fn of(&self, point: u32) -> Option<u32> {
        self.of_point.get(point as usize).copied().filter(|piece| *piece != Self::NONE)
    }

    /// The two parts of a node; `None` for a superpoint.
    pub fn parts(&self, node: u32) -> Option<[u32; 2]> {
        self.joints.get(node.checked_sub(self.count)? as usize).copied()
    }

    /// The superpoints of a node.
    pub fn leaves(&self, node: u32) -> Vec<u32> {
        let (mut leaves, mut open) = (Vec::new(), vec![node]);
        while let Some(node) = open.pop() {
            match self.parts(node) {
                Some(parts) => open.extend(parts),
                None => leaves.push(node),
            }
        }
        leaves
    }

    /// The joint that each node is a part of; [`Superpoints::NONE`] where there is none.
    pub fn parents(&self) -> Vec<u32> {
        let mut parents = vec![Self::NONE; self.count as usize + self.joints.len()];
        for (joint, parts) in (self.count..).zip(&self.joints) {
            for part in parts {
                parents[*part as usize] = joint;
            }
        }
        parents
    }
}
