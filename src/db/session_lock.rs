//! Locks that die with their session.

use sha2::{Digest, Sha256};

/// What came of the attempt to take a session lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionLock {
    /// It is ours until it is let go of, or the session ends, however it ends.
    Taken,
    /// Another session has it, and is alive.
    Busy,
    /// This database has none; nothing is known about other sessions.
    None,
    /// There is none: a pooler gives the session to others between two transactions, and a lock would stay with it.
    Shared,
}

/// The number that stands for a lock's name.
#[cfg_attr(not(any(feature = "mysql", feature = "postgres")), allow(dead_code))]
pub(super) fn number(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(8).fold(0_u64, |n, byte| (n << 8) | u64::from(*byte)).cast_signed()
}

#[cfg(feature = "sqlite")]
pub(super) use file::FileLock;

#[cfg(feature = "sqlite")]
mod file {
    use std::fs::{File, OpenOptions, TryLockError};
    use std::io;
    use std::path::{Path, PathBuf};

    /// A lock on a file that stands beside a database. The system frees it when the process ends; the file is taken away
    /// when the lock is let go of, and one that was left behind is used again.
    #[derive(Debug)]
    pub(crate) struct FileLock {
        path: PathBuf,
        /// Closing it frees the lock.
        _file: File,
    }

    /// How often the file is opened anew because its last owner took it away in between.
    const ATTEMPTS: u32 = 100;

    impl FileLock {
        /// Takes the lock beside a database; `None` when another process has it.
        ///
        /// # Errors
        /// When the file cannot be made or locked.
        pub(crate) fn take(database: &Path) -> io::Result<Option<FileLock>> {
            let mut name = database.as_os_str().to_owned();
            name.push("-changelog-lock");
            let path = PathBuf::from(name);
            for _ in 0..ATTEMPTS {
                let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
                match file.try_lock() {
                    Ok(()) => {}
                    Err(TryLockError::WouldBlock) => return Ok(None),
                    Err(TryLockError::Error(error)) => return Err(error),
                }
                // The last owner may have taken the file away after we opened it: then others see another file.
                if is_still(&file, &path)? {
                    return Ok(Some(FileLock { path, _file: file }));
                }
            }
            Ok(None)
        }
    }

    impl Drop for FileLock {
        fn drop(&mut self) {
            // While the lock is still ours: whoever opens the file from now on makes a new one.
            let _ = std::fs::remove_file(&self.path);
        }
    }

    #[cfg(unix)]
    fn is_still(file: &File, path: &Path) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        let ours = file.metadata()?;
        match std::fs::metadata(path) {
            Ok(found) => Ok((found.dev(), found.ino()) == (ours.dev(), ours.ino())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    #[cfg(not(unix))]
    fn is_still(_file: &File, path: &Path) -> io::Result<bool> {
        // A file that is open cannot be taken away there.
        Ok(path.exists())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn one_at_a_time_and_nothing_is_left() {
            let dir = tempfile::tempdir().unwrap();
            let database = dir.path().join("a.sqlite");
            let first = FileLock::take(&database).unwrap().unwrap();
            assert!(FileLock::take(&database).unwrap().is_none());
            drop(first);
            let again = FileLock::take(&database).unwrap();
            assert!(again.is_some());
            drop(again);
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        }

        #[test]
        fn many_at_once_never_hold_it_together() {
            use std::sync::atomic::{AtomicU32, Ordering};
            let dir = tempfile::tempdir().unwrap();
            let database = dir.path().join("a.sqlite");
            let (inside, taken) = (AtomicU32::new(0), AtomicU32::new(0));
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        for _ in 0..500 {
                            let Some(lock) = FileLock::take(&database).unwrap() else { continue };
                            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                            taken.fetch_add(1, Ordering::SeqCst);
                            inside.fetch_sub(1, Ordering::SeqCst);
                            drop(lock);
                        }
                    });
                }
            });
            assert!(taken.load(Ordering::SeqCst) > 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_numbers_of_their_own() {
        assert_eq!(number("a"), number("a"));
        assert_ne!(number("a"), number("b"));
    }
}
