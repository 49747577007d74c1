//! Bounds against hostile or broken input: every reader stops with a diagnostic instead of running out of memory.

/// How much a reader takes. The default is far above real changelogs: the largest known ones have 25 MB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of one file in bytes: 128 MiB.
    pub max_file_bytes: usize,
    /// Length of one line in bytes: 64 MiB, since a JSON file may be one line.
    pub max_line_bytes: usize,
    /// How deep maps, lists and elements may be nested: 200.
    pub max_depth: usize,
    /// How many nodes and scalars one file may become, aliases expanded: 5 million (a 25 MB changelog has 1 million).
    pub max_nodes: usize,
    /// How much YAML anchors and aliases may copy: 1 million, where each node and scalar counts 1 and each
    /// [`Limits::TEXT_PER_NODE`] bytes of text count 1 more.
    pub max_alias_expansion: usize,
}

impl Limits {
    /// How many bytes of text count as one node more.
    pub const TEXT_PER_NODE: usize = 64;

    /// The depth that recursion over a tree can take on a thread of 2 MiB, whatever was asked for.
    pub const HARD_DEPTH: usize = 1_000;

    /// The depth to enforce.
    pub fn depth(&self) -> usize {
        self.max_depth.min(Self::HARD_DEPTH)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_file_bytes: 128 << 20, max_line_bytes: 64 << 20, max_depth: 200, max_nodes: 5_000_000, max_alias_expansion: 1_000_000 }
    }
}
