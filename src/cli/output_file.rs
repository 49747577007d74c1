//! The file that takes a command's results in place of standard output.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that keeps what it held until the command has ended: one that fails must not cost the result of an earlier one.
///
/// It is written in place and not exchanged for another: its mode, its owner and the links to it stay, and it may be the only thing in
/// its folder that the user can write to. What is no ordinary file (a pipe, a device) has nothing to keep, and takes each part at once.
#[derive(Debug)]
pub(super) struct OutputFile {
    path: PathBuf,
    file: File,
    /// Whether there was none before.
    is_new: bool,
    /// What is to be written; `None` where each part is written at once.
    held: Option<Vec<u8>>,
}

impl OutputFile {
    /// Opens the file for writing, and makes it when there is none.
    ///
    /// # Errors
    /// It cannot be written to, or its folder is missing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let is_new = !path.exists();
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        let held = file.metadata()?.is_file().then(Vec::new);
        Ok(OutputFile { path: path.to_owned(), file, is_new, held })
    }

    /// Takes a part of the result.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.held {
            Some(held) => held.write_all(bytes),
            None => self.file.write_all(bytes),
        }
    }

    /// Puts the result in the place of what the file held.
    ///
    /// # Errors
    /// It cannot be written, or not all of it.
    pub(super) fn keep(mut self) -> io::Result<()> {
        let Some(held) = self.held.take() else { return Ok(()) };
        self.file.set_len(0)?;
        self.file.write_all(&held)
    }

    /// Leaves the file as it was before the command.
    pub(super) fn leave(self) {
        if self.is_new && self.held.is_some() {
            // An empty file that stays is no reason to fail: the command has.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
