//! A set of cells, by their numbers.

/// A set of cells that is asked far more often than it changes.
#[derive(Debug, Clone, Default)]
pub(super) struct NodeSet {
    is_in: Vec<bool>,
    length: usize,
}

impl NodeSet {
    pub(super) fn insert(&mut self, node: usize) {
        if self.is_in.len() <= node {
            self.is_in.resize(node + 1, false);
        }
        if let Some(is_in) = self.is_in.get_mut(node).filter(|is_in| !**is_in) {
            *is_in = true;
            self.length += 1;
        }
    }

    pub(super) fn contains(&self, node: usize) -> bool {
        self.is_in.get(node).copied().unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_in_it_once() {
        let mut set = NodeSet::default();
        [3, 0, 3].into_iter().for_each(|node| set.insert(node));
        assert_eq!((0..5).filter(|node| set.contains(*node)).collect::<Vec<_>>(), [0, 3]);
        assert_eq!(set.len(), 2);
    }
}
