//! One buffer of nodes for each thread, used again from message to message: large messages would
//! otherwise pay more for fresh pages of memory than for their parsing.
//!
//! Nodes are positions in a text, so nothing of a message stays behind.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

use super::tree::Node;

thread_local! {
    static KEPT: Cell<Vec<Node>> = const { Cell::new(Vec::new()) };
}

/// Larger buffers go back to the system: half a megabyte a thread is enough for 4,000 groups.
const LARGEST: usize = 8192;

/// The nodes of a document; dropped, their buffer serves the next one.
#[derive(Debug)]
pub(super) struct Nodes(Vec<Node>);

impl Nodes {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let mut nodes = KEPT.take();
        nodes.reserve(capacity);
        Nodes(nodes)
    }
}

impl Deref for Nodes {
    type Target = Vec<Node>;

    fn deref(&self) -> &Vec<Node> {
        &self.0
    }
}

impl DerefMut for Nodes {
    fn deref_mut(&mut self) -> &mut Vec<Node> {
        &mut self.0
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        let mut nodes = std::mem::take(&mut self.0);
        if nodes.capacity() <= LARGEST {
            nodes.clear();
            KEPT.set(nodes);
        }
    }
}
