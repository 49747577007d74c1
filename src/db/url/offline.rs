//! `offline:<vendor>[?name=value&…]`: no connection, only a dialect.

use super::UrlError;
use super::parameters::{self, Plus, boolean};
use crate::secret::mask_url;

/// How much of the bookkeeping an offline script holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputLiquibaseSql {
    /// None of it.
    #[default]
    None,
    /// The statements that write rows of the changelog table, not those that create it.
    DataOnly,
    /// All of it.
    All,
}

/// What an offline URL says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfflineEndpoint {
    /// Short name of the dialect, in lower case: `oracle`. Whether there is such a dialect is not checked here.
    pub vendor: String,
    /// Version of the database to write for; without it, the newest.
    pub version: Option<String>,
    /// Name of the catalog.
    pub catalog: Option<String>,
    /// Whether names are case sensitive; `None` when not said.
    pub case_sensitive: Option<bool>,
    /// The CSV file that stands for the changelog table; `databasechangelog.csv` when not said.
    pub change_log_file: Option<String>,
    /// How much of the bookkeeping is written.
    pub output_liquibase_sql: OutputLiquibaseSql,
    /// The schema unqualified names are taken to be in.
    pub default_schema_name: Option<String>,
    /// The parameters that it has and that Liquibase knows, but nothing here depends on.
    pub without_effect: Vec<&'static str>,
    /// All other parameters, in order: properties of the database object.
    pub properties: Vec<(String, String)>,
}

/// Parses what follows `offline:`. Rules: values are URL-decoded, `+` being a blank; `true` and `false` for
/// `outputLiquibaseSql` mean `all` and `none`.
pub(super) fn parse(url: &str, rest: &str) -> Result<OfflineEndpoint, UrlError> {
    let (vendor, query) = rest.split_once('?').unwrap_or((rest, ""));
    if vendor.is_empty() || !vendor.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Err(UrlError::new(format!(
            "Could not parse offline url {}: after `offline:` comes the name of a database, as in `offline:postgresql?version=15`",
            mask_url(url)
        )));
    }
    let mut out = OfflineEndpoint { vendor: vendor.to_lowercase(), ..OfflineEndpoint::default() };
    for (name, value) in parameters::split(query, Plus::Blank)? {
        match name.as_str() {
            "version" => out.version = Some(value),
            "productName" => out.without_effect.push("productName"),
            "catalog" => out.catalog = Some(value),
            "caseSensitive" => out.case_sensitive = Some(boolean(&name, &value)?),
            "changeLogFile" => out.change_log_file = Some(value),
            "outputLiquibaseSql" => {
                out.output_liquibase_sql = match value.to_ascii_lowercase().as_str() {
                    "none" | "false" => OutputLiquibaseSql::None,
                    "data_only" => OutputLiquibaseSql::DataOnly,
                    "all" | "true" => OutputLiquibaseSql::All,
                    _ => {
                        return Err(UrlError::new(format!(
                            "`outputLiquibaseSql` of the offline URL must be one of none, data_only, all, true and false, not `{value}`"
                        )));
                    }
                }
            }
            "snapshot" => out.without_effect.push("snapshot"),
            "defaultSchemaName" => out.default_schema_name = Some(value),
            "sendsStringParametersAsUnicode" => {
                boolean(&name, &value)?;
                out.without_effect.push("sendsStringParametersAsUnicode");
            }
            _ => out.properties.push((name, value)),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offline(rest: &str) -> OfflineEndpoint {
        parse(&format!("offline:{rest}"), rest).unwrap()
    }

    #[test]
    fn reads_all_parameters() {
        let o = offline(
            "Oracle?version=19.0&productName=My%20DB&catalog=c&caseSensitive=true&changeLogFile=a+b%2Fx.csv&outputLiquibaseSql=data_only\
             &snapshot=s.json&defaultSchemaName=APP&sendsStringParametersAsUnicode=false&foo=bar",
        );
        assert_eq!(o.vendor, "oracle");
        assert_eq!(o.version.as_deref(), Some("19.0"));
        assert_eq!(o.catalog.as_deref(), Some("c"));
        assert_eq!(o.case_sensitive, Some(true));
        assert_eq!(o.change_log_file.as_deref(), Some("a b/x.csv"));
        assert_eq!(o.output_liquibase_sql, OutputLiquibaseSql::DataOnly);
        assert_eq!(o.default_schema_name.as_deref(), Some("APP"));
        assert_eq!(o.without_effect, ["productName", "snapshot", "sendsStringParametersAsUnicode"]);
        assert_eq!(o.properties, [("foo".to_string(), "bar".to_string())]);
    }

    #[test]
    fn bookkeeping_is_left_out_unless_asked_for() {
        assert_eq!(offline("h2").output_liquibase_sql, OutputLiquibaseSql::None);
        assert_eq!(offline("h2?outputLiquibaseSql=true").output_liquibase_sql, OutputLiquibaseSql::All);
        assert_eq!(offline("h2?outputLiquibaseSql=ALL").output_liquibase_sql, OutputLiquibaseSql::All);
        assert_eq!(offline("h2?outputLiquibaseSql=false").output_liquibase_sql, OutputLiquibaseSql::None);
        assert!(parse("", "h2?outputLiquibaseSql=some").is_err());
    }

    #[test]
    fn bad_form() {
        let error = parse("offline:?a=b", "?a=b").unwrap_err().to_string();
        assert!(error.starts_with("Could not parse offline url offline:?a=b"), "{error}");
    }
}
