//! The short form of `fuzz/`: every reader takes its seeds with random changes, without a panic and within its limits.

#[path = "../../fuzz/readers.rs"]
mod readers;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::path::Path;

/// What means something to one reader or another.
const PARTS: [&str; 36] = [
    "'",
    "\"",
    "`",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "</",
    "<![CDATA[",
    "&lt;",
    "&#0;",
    "<!--",
    "- ",
    ": ",
    "\t",
    "&a ",
    "*a",
    "<<: ",
    "!!int ",
    "|\n",
    "${",
    "}",
    "\\",
    "\\u00",
    "--",
    "/*",
    "*/",
    "$$",
    ";",
    "\n",
    "\r",
    "\u{feff}",
    "%",
    "0",
];

/// A change of some bytes.
#[derive(Debug, Clone)]
enum Change {
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    Insert(Index, &'static str, usize),
    Flip(Index, u8),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), 1..40_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (at(), 1..60_usize, 1..300_usize).prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        (at(), select(PARTS.to_vec()), 1..400_usize).prop_map(|(at, part, times)| Change::Insert(at, part, times)),
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
    ]
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: &Index| at.index(bytes.len() + 1);
        match self {
            Change::Remove(at, length) => {
                let at = place(at);
                let end = (at + length).min(bytes.len());
                bytes.drain(at..end);
            }
            Change::Repeat(at, length, times) => {
                let at = place(at);
                let end = (at + length).min(bytes.len());
                let part = bytes[at..end].repeat(*times);
                bytes.splice(at..at, part);
            }
            Change::Insert(at, part, times) => {
                let at = place(at);
                bytes.splice(at..at, part.repeat(*times).into_bytes());
            }
            Change::Flip(at, byte) => {
                let at = place(at);
                if let Some(b) = bytes.get_mut(at) {
                    *b ^= byte;
                }
            }
        }
    }
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|p| std::fs::read(p).unwrap()).collect()
}

/// The name of a reader, and one of its seeds.
fn input() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let names: Vec<_> = readers::READERS.iter().map(|(name, _)| *name).collect();
    select(names).prop_flat_map(|name| (Just(name), select(seeds(name))))
}

#[test]
fn every_reader_takes_its_seeds() {
    for (name, reader) in readers::READERS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name}");
        seeds.iter().for_each(|seed| reader(seed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn changed_seeds_are_read_or_refused((name, mut bytes) in input(), changes in proptest::collection::vec(change(), 0..6)) {
        for change in &changes {
            change.apply(&mut bytes);
            // What is repeated may be repeated again: a file that is read here has at most 64 KiB.
            bytes.truncate(1 << 16);
        }
        readers::read(name, &bytes);
    }
}
