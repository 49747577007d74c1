//! SQL of the ledger.

use super::row::{ExecType, LedgerRow};
use crate::changelog::changeset::{Identity, cut};
use crate::changelog::checksum::Checksum;
use crate::sql::action::Action;
use crate::sql::column::ColumnDef;
use crate::sql::dialect::TagForm;
use crate::sql::forms::Fold;
use crate::sql::statement::{ModifyDataType, SetNullable};
use crate::sql::{ObjectName, Quoting, RenderError, Statement, Target, statement};

/// Names of the two tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableNames {
    /// The ledger.
    pub ledger: String,
    /// The lock.
    pub lock: String,
    /// Schema of both, when it is not the default one.
    pub schema: Option<String>,
    /// Catalog of both, when it is not the default one.
    pub catalog: Option<String>,
    /// Tablespace of both.
    pub tablespace: Option<String>,
}

impl Default for TableNames {
    fn default() -> Self {
        TableNames {
            ledger: "DATABASECHANGELOG".to_owned(),
            lock: "DATABASECHANGELOGLOCK".to_owned(),
            schema: None,
            catalog: None,
            tablespace: None,
        }
    }
}

/// The two tables on a target: makes their SQL. Names are quoted by [`Quoting::Legacy`] whatever a changeset says.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) target: Target,
    /// The ledger.
    pub table: ObjectName,
    /// The lock table.
    pub lock_table: ObjectName,
    /// The table of digests.
    pub digest_table: ObjectName,
    /// The journal.
    pub journal_table: ObjectName,
    tablespace: Option<String>,
}

/// A column of the ledger: name, type, longest text, whether it is NOT NULL.
pub(super) const COLUMNS: &[(&str, &str, bool)] = &[
    ("ID", "varchar(255)", true),
    ("AUTHOR", "varchar(255)", true),
    ("FILENAME", "varchar(255)", true),
    ("DATEEXECUTED", "datetime", true),
    ("ORDEREXECUTED", "int", true),
    ("EXECTYPE", "varchar(10)", true),
    ("MD5SUM", "varchar(35)", false),
    ("DESCRIPTION", "varchar(255)", false),
    ("COMMENTS", "varchar(255)", false),
    ("TAG", "varchar(255)", false),
    ("LIQUIBASE", "varchar(20)", false),
    ("CONTEXTS", "varchar(255)", false),
    ("LABELS", "varchar(255)", false),
    ("DEPLOYMENT_ID", "varchar(10)", false),
];

/// A column of one of the tables.
pub(super) fn column(name: &str, kind: &str, not_null: bool) -> ColumnDef {
    ColumnDef {
        name: name.to_owned(),
        type_text: Some(kind.to_owned()),
        nullable: not_null.then_some(false),
        not_null_validate: true,
        ..ColumnDef::default()
    }
}

impl Ledger {
    /// The tables of that name on a target.
    pub fn new(target: &Target, names: &TableNames) -> Ledger {
        // Whether default names are written is about what changesets make: the ledger's own tables are always found.
        let target = Target { output_default_schema: true, output_default_catalog: true, ..target.with_quoting(Quoting::Legacy) };
        let fold = |name: &str| match target.caps.fold {
            Fold::Lower => name.to_lowercase(),
            Fold::Upper => name.to_uppercase(),
            // Offline, MySQL counts as folding to lower case.
            Fold::Keep if target.offline && target.caps.is_lower_offline => name.to_lowercase(),
            Fold::Keep => name.to_owned(),
        };
        let table = ObjectName::new(names.catalog.as_deref(), names.schema.as_deref(), fold(&names.ledger));
        let lock_table = table.renamed(fold(&names.lock));
        let digest_table = table.renamed(fold(&format!("{}DIGEST", names.ledger)));
        let journal_table = table.renamed(fold(&format!("{}JOURNAL", names.ledger)));
        Ledger { target, table, lock_table, digest_table, journal_table, tablespace: names.tablespace.clone() }
    }

    /// The qualified name of the ledger.
    pub fn name(&self) -> String {
        self.target.qualified(&self.table)
    }

    /// The qualified name of the lock table.
    pub fn lock_name(&self) -> String {
        self.target.qualified(&self.lock_table)
    }

    pub(super) fn column(&self, name: &str) -> String {
        self.target.ledger_column(name)
    }

    pub(super) fn create(&self, table: &ObjectName, columns: Vec<ColumnDef>) -> Result<Vec<String>, RenderError> {
        let statement = statement::CreateTable {
            table: table.clone(),
            columns,
            tablespace: self.tablespace.clone(),
            own_columns: true,
            ..statement::CreateTable::default()
        };
        let actions = self.target.render(&Statement::from(statement))?;
        Ok(texts(actions))
    }

    /// CREATE TABLE of the ledger.
    ///
    /// # Errors
    /// When the dialect cannot make it.
    pub fn create_table(&self) -> Result<Vec<String>, RenderError> {
        let form = self.target.dialect.ledger;
        let kind = |name: &str, kind: &str| match (name, kind.strip_prefix("varchar")) {
            ("ID" | "AUTHOR", _) => format!("{}({})", form.text, form.id_length),
            (_, Some(length)) => format!("{}{length}", form.text),
            _ if kind == "datetime" => form.time.to_owned(),
            _ => kind.to_owned(),
        };
        let columns = COLUMNS.iter().map(|(name, written, not_null)| column(name, &kind(name, written), *not_null)).collect();
        let mut statements = self.create(&self.table, columns)?;
        if let Some(create) = statements.first_mut().filter(|create| form.is_keyed && create.ends_with(')')) {
            create.insert_str(create.len() - 1, ", PRIMARY KEY(ID, AUTHOR, FILENAME)");
        }
        Ok(statements)
    }

    /// Everything in the ledger, in the order in which it ran.
    pub fn select(&self) -> String {
        format!("SELECT * FROM {} ORDER BY DATEEXECUTED ASC, ORDEREXECUTED ASC", self.name())
    }

    /// How many rows there are, and the highest order of one: both stay as they are only while nothing is recorded.
    pub fn select_extent(&self) -> String {
        format!("SELECT COUNT(*), MAX(ORDEREXECUTED) FROM {}", self.name())
    }

    fn literal(&self, text: Option<&str>) -> String {
        text.map_or_else(|| "NULL".to_owned(), |t| self.target.string(t))
    }

    pub(super) fn identity(&self, identity: &Identity) -> String {
        format!(
            "ID = {} AND AUTHOR = {} AND FILENAME = {}",
            self.target.string(identity.id()),
            self.target.string(identity.author()),
            self.target.string(&identity.path)
        )
    }

    /// The statement that records a changeset by its row: INSERT, or UPDATE where the row says that it ran again. When it was written
    /// is for the server to say.
    pub fn record(&self, row: &LedgerRow) -> String {
        let checksum = row.checksum.as_ref().map(ToString::to_string);
        let listed = |list: &Option<String>| self.literal(list.as_deref().map(|text| cut(text, 255)).as_deref());
        let tag = row.tag.as_deref().map(|t| self.target.string(t));
        let description_column = self.column("DESCRIPTION");
        let values: Vec<(String, String)> = vec![
            ("COMMENTS".into(), self.literal(row.comments.as_deref())),
            ("CONTEXTS".into(), listed(&row.contexts)),
            ("DATEEXECUTED".into(), self.target.dialect.ledger_now.to_owned()),
            ("DEPLOYMENT_ID".into(), self.literal(row.deployment_id.as_deref())),
            (description_column.clone(), self.literal(row.description.as_deref())),
            ("EXECTYPE".into(), self.target.string(&row.exec_type)),
            ("LABELS".into(), listed(&row.labels)),
            ("LIQUIBASE".into(), self.literal(row.liquibase.as_deref())),
            ("MD5SUM".into(), self.literal(checksum.as_deref())),
            ("ORDEREXECUTED".into(), row.order_executed.to_string()),
        ];
        if row.exec_type == ExecType::Reran.word() {
            let mut sets: Vec<String> = values.iter().map(|(c, v)| format!("{c} = {v}")).collect();
            sets.extend(tag.map(|t| format!("TAG = {t}")));
            return format!("UPDATE {} SET {} WHERE {}", self.name(), sets.join(", "), self.identity(&row.identity()));
        }
        let value_of = |name: &str| values.iter().find(|(c, _)| c == name).map(|(_, v)| v.clone()).unwrap_or_default();
        let order = [
            "DATEEXECUTED",
            "ORDEREXECUTED",
            "MD5SUM",
            &description_column,
            "COMMENTS",
            "EXECTYPE",
            "CONTEXTS",
            "LABELS",
            "LIQUIBASE",
            "DEPLOYMENT_ID",
        ];
        let mut columns: Vec<String> = ["ID", "AUTHOR", "FILENAME"].iter().chain(order.iter()).map(|c| (*c).to_owned()).collect();
        let mut fields: Vec<String> = [&row.id, &row.author, &row.filename].into_iter().map(|t| self.target.string(t)).collect();
        fields.extend(order.iter().map(|c| value_of(c)));
        if let Some(tag) = tag {
            columns.push("TAG".to_owned());
            fields.push(tag);
        }
        format!("INSERT INTO {} ({}) VALUES ({})", self.name(), columns.join(", "), fields.join(", "))
    }

    /// Takes a changeset out of the ledger.
    pub fn remove(&self, identity: &Identity) -> String {
        format!("DELETE FROM {} WHERE {}", self.name(), self.identity(identity))
    }

    /// Replaces a checksum.
    pub fn set_checksum(&self, identity: &Identity, checksum: &Checksum) -> String {
        format!("UPDATE {} SET MD5SUM = {} WHERE {}", self.name(), self.target.string(&checksum.to_string()), self.identity(identity))
    }

    /// Forgets all checksums.
    pub fn clear_checksums(&self) -> String {
        format!("UPDATE {} SET MD5SUM = NULL", self.name())
    }

    /// Tags that row.
    pub fn tag_row(&self, tag: &str, identity: &Identity) -> String {
        format!("UPDATE {} SET TAG = {} WHERE {}", self.name(), self.target.string(tag), self.identity(identity))
    }

    /// Tags the row with the latest date.
    pub fn tag(&self, tag: &str) -> String {
        let (table, tag) = (self.name(), self.target.string(tag));
        match self.target.dialect.tag_form {
            TagForm::FromSubquery => format!(
                "UPDATE {table} t SET TAG={tag} FROM (SELECT DATEEXECUTED, ORDEREXECUTED FROM {table} ORDER BY DATEEXECUTED DESC, ORDEREXECUTED DESC LIMIT 1) sub WHERE t.DATEEXECUTED=sub.DATEEXECUTED AND t.ORDEREXECUTED=sub.ORDEREXECUTED"
            ),
            TagForm::InnerJoin => format!(
                "UPDATE {table} AS C INNER JOIN (SELECT ORDEREXECUTED, DATEEXECUTED FROM {table} order by DATEEXECUTED desc, ORDEREXECUTED desc limit 1) AS D ON C.ORDEREXECUTED = D.ORDEREXECUTED SET C.TAG = {tag}"
            ),
            TagForm::RowId => format!(
                "UPDATE {table} SET TAG = {tag} WHERE rowid = (SELECT rowid FROM {table} ORDER BY DATEEXECUTED DESC, ORDEREXECUTED DESC LIMIT 1)"
            ),
            TagForm::MaxDate => format!("UPDATE {table} SET TAG = {tag} WHERE DATEEXECUTED = (SELECT MAX(DATEEXECUTED) FROM {table})"),
        }
    }

    /// The row that a tag goes to when the ledger is empty.
    pub fn dummy_row(&self, id: &str, order: i64, deployment_id: &str) -> String {
        let description = self.column("DESCRIPTION");
        let s = |t: &str| self.target.string(t);
        format!(
            "INSERT INTO {} (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, MD5SUM, {description}, COMMENTS, EXECTYPE, CONTEXTS, LABELS, LIQUIBASE, DEPLOYMENT_ID) VALUES ({}, {}, {}, {}, {order}, {}, {}, {}, {}, NULL, NULL, {}, {})",
            self.name(),
            s(id),
            s("liquibase"),
            s("liquibase-internal"),
            self.target.dialect.ledger_now,
            s("9:d41d8cd98f00b204e9800998ecf8427e"),
            s("empty"),
            s(""),
            s("EXECUTED"),
            s(super::LIQUIBASE_VERSION),
            s(deployment_id),
        )
    }

    /// What brings an old layout up to date (executor §2 "Layout upgrades"): comment and statements, in order.
    /// `columns` are the existing columns in lower case with the length of their text type, where it has one.
    ///
    /// # Errors
    /// When the dialect cannot make a column.
    pub fn upgrades(&self, columns: &[(String, Option<u32>)]) -> Result<Vec<(String, Vec<String>)>, RenderError> {
        let table = self.name();
        let length = |name: &str| columns.iter().find(|(c, _)| c.eq_ignore_ascii_case(name)).map(|(_, l)| *l);
        let native = |kind: &str| self.target.native_type(kind).map_err(RenderError::Invalid);
        let mut out = Vec::new();
        let lower = |name: &str| name.to_lowercase();
        let plan: &[(&str, &str)] = &[
            ("DESCRIPTION", "varchar(255)"),
            ("TAG", "varchar(255)"),
            ("COMMENTS", "varchar(255)"),
            ("LIQUIBASE", "varchar(20)"),
            ("ORDEREXECUTED", "int"),
            ("MD5SUM", "varchar(35)"),
            ("EXECTYPE", "varchar(10)"),
            ("CONTEXTS", "varchar(255)"),
            ("LABELS", "varchar(255)"),
            ("DEPLOYMENT_ID", "varchar(10)"),
        ];
        for (name, kind) in plan {
            let column = self.column(name);
            match length(name) {
                None => {
                    let null = if self.target.caps.explicit_null { " NULL" } else { "" };
                    let mut statements = vec![format!("ALTER TABLE {table} ADD {column} {}{null}", native(kind)?)];
                    let filled = match *name {
                        "ORDEREXECUTED" => Some("-1".to_owned()),
                        "EXECTYPE" => Some(self.target.string("EXECUTED")),
                        _ => None,
                    };
                    if let Some(value) = filled {
                        statements.push(format!("UPDATE {table} SET {column} = {value}"));
                        statements.extend(self.not_null(name, kind)?);
                    }
                    out.push((format!("Adding missing databasechangelog.{} column", lower(name)), statements));
                }
                Some(Some(have)) => {
                    let want: u32 = kind.trim_start_matches("varchar(").trim_end_matches(')').parse().unwrap_or(0);
                    let checked = matches!(*name, "MD5SUM" | "LIQUIBASE" | "CONTEXTS" | "LABELS");
                    if checked && have < want {
                        let statements = self.widen(name, kind)?;
                        if !statements.is_empty() {
                            out.push((format!("Modifying size of databasechangelog.{} column", lower(name)), statements));
                        }
                    }
                }
                Some(None) => {}
            }
        }
        Ok(out)
    }

    /// NOT NULL on a column of the ledger; nothing where a table would have to be rebuilt for it.
    fn not_null(&self, column: &str, kind: &str) -> Result<Vec<String>, RenderError> {
        let statement = SetNullable {
            table: self.table.clone(),
            column: column.to_owned(),
            nullable: false,
            type_text: Some(kind.to_owned()),
            constraint: None,
            validate: true,
        };
        self.alteration(&statement.into())
    }

    /// A longer type for a column of the ledger; nothing where lengths are not enforced.
    fn widen(&self, column: &str, kind: &str) -> Result<Vec<String>, RenderError> {
        let statement = ModifyDataType { table: self.table.clone(), column: column.to_owned(), type_text: kind.to_owned() };
        self.alteration(&statement.into())
    }

    fn alteration(&self, statement: &Statement) -> Result<Vec<String>, RenderError> {
        if !self.target.supports(statement) {
            return Ok(Vec::new());
        }
        let actions = match self.target.render(statement) {
            Err(RenderError::NeedsTable { .. }) => return Ok(Vec::new()),
            actions => actions?,
        };
        Ok(texts(actions))
    }
}

/// The statements among actions; the tables of the ledger are made of nothing else.
fn texts(actions: Vec<Action>) -> Vec<String> {
    actions.into_iter().filter_map(|action| if let Action::Sql(sql) = action { Some(sql.text) } else { None }).collect()
}
