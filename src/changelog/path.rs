//! Paths of changelogs and the files they name (changelog-formats §8).

/// Normalises a path: drops `classpath:`, a drive and one leading slash; collapses `.`, `..` and doubled slashes.
/// `..` above the start is kept.
pub fn normalise(path: &str) -> String {
    let path = path.strip_prefix("classpath:").unwrap_or(path).replace('\\', "/");
    let bytes = path.as_bytes();
    let drive = bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes.get(2) == Some(&b'/');
    let path = if drive { &path[2..] } else { &path };
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

/// The path of a file named beside another one.
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
    }
}
