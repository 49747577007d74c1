//! Paths of changelogs and the files they name (changelog-formats §8).

/// Normalises a path: drops a leading `classpath:`, makes slashes of backslashes, drops a drive (`C:`) and one leading
/// slash, and collapses `.`, `..`, doubled and trailing slashes. `..` above the start is kept.
///
/// A path that begins with two slashes keeps one, as in Liquibase; every other result is its own normal form.
pub fn normalise(path: &str) -> String {
    let path = path.strip_prefix("classpath:").unwrap_or(path).replace('\\', "/");
    let path = without_drive(&path);
    let path = path.strip_prefix('/').unwrap_or(path);
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}

/// A path without the drive in front.
fn without_drive(path: &str) -> &str {
    match path.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => path.get(2..).unwrap_or(path),
        _ => path,
    }
}

/// The path of a file named beside another one (`relativeToChangelogFile`), normalised. An absolute name stands for
/// itself.
pub fn resolve_sibling(base: &str, name: &str) -> String {
    let name = name.replace('\\', "/");
    match base.rfind('/') {
        Some(at) if !name.starts_with('/') => normalise(&format!("{}/{name}", &base[..at])),
        _ => normalise(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_recorded_table_holds() {
        for (input, expected) in [
            ("./a/b.xml", "a/b.xml"),
            ("/a/b.xml", "a/b.xml"),
            ("//a/b.xml", "/a/b.xml"),
            ("classpath:/a/b.xml", "a/b.xml"),
            ("\\a\\b", "a/b"),
            ("a/b/", "a/b"),
            (".", ""),
            ("C:\\a\\b.xml", "a/b.xml"),
            ("a/../b.xml", "b.xml"),
            ("../b.xml", "../b.xml"),
            ("a//b.xml", "a/b.xml"),
            ("a/./b.xml", "a/b.xml"),
            ("../../x/../b.xml", "../../b.xml"),
            ("file:/a/b.xml", "file:/a/b.xml"),
            ("classpath*:a.xml", "classpath*:a.xml"),
            ("http://x/y.xml", "http:/x/y.xml"),
        ] {
            assert_eq!(normalise(input), expected, "{input}");
        }
        assert_eq!(resolve_sibling("db/main.xml", "../x/a.sql"), "x/a.sql");
        assert_eq!(resolve_sibling("main.xml", "a.sql"), "a.sql");
        assert_eq!(resolve_sibling("db/main.xml", "sub\\a.sql"), "db/sub/a.sql");
        assert_eq!(resolve_sibling("db/main.xml", "/a.sql"), "a.sql");
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own_normal_form(path in "[ab./\\\\]{0,20}") {
            let once = normalise(&path);
            prop_assume!(!once.starts_with('/'));
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn no_input_panics(path in any::<String>(), base in any::<String>()) {
            let _ = normalise(&path);
            let _ = resolve_sibling(&base, &path);
        }
    }
}
