//! SQL Server: names in brackets, defaults are constraints with names, remarks are extended properties.

use super::ansi;
use crate::sql::action::{Action, Rendered, Sql, one, sql};
use crate::sql::capabilities::{Before, Capabilities};
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::{LedgerForm, Version};
use crate::sql::forms::{
    Booleans, Clustering, Concat, Fold, ForeignKeyActions, IdentityForm, IndexOptionForms, Remarks, SequenceForm, UnknownDeferral, Uuids,
};
use crate::sql::identifier::ObjectName;
use crate::sql::object_forms::{
    CheckForm, FunctionForm, GeneratedForm, ObjectForms, RenameTrigger, Replacing, SchemaForm, SwitchForm, SynonymForm, TriggerForm,
};
use crate::sql::splitter::{Blocks, Lexis};
use crate::sql::statement::{
    AddDefaultValue, AddPrimaryKey, AddUnique, CreateIndex, CreateProcedure, CreateSynonym, CreateView, SetColumnRemarks, SetTableRemarks,
    StatementKind, StatementType, Upsert, not_replacing,
};
use crate::sql::target::Target;
use crate::sql::temporal::Temporal;
use crate::sql::{Dialect, RenderError, Statement, Validation};

/// Reserved words (dialects appendix A), sorted.
const RESERVED: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "ANY",
    "AS",
    "ASC",
    "AUTHORIZATION",
    "BACKUP",
    "BEGIN",
    "BETWEEN",
    "BREAK",
    "BROWSE",
    "BULK",
    "BY",
    "CASCADE",
    "CASE",
    "CHECK",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTERED",
    "COALESCE",
    "COLLATE",
    "COLUMN",
    "COMMIT",
    "COMPUTE",
    "CONSTRAINT",
    "CONTAINS",
    "CONTAINSTABLE",
    "CONTINUE",
    "CONVERT",
    "CREATE",
    "CROSS",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "CURSOR",
    "DATABASE",
    "DBCC",
    "DEALLOCATE",
    "DECLARE",
    "DEFAULT",
    "DELETE",
    "DENY",
    "DESC",
    "DISK",
    "DISTINCT",
    "DISTRIBUTED",
    "DOUBLE",
    "DROP",
    "DUMP",
    "ELSE",
    "END",
    "ERRLVL",
    "ESCAPE",
    "EXCEPT",
    "EXEC",
    "EXECUTE",
    "EXISTS",
    "EXIT",
    "EXTERNAL",
    "FETCH",
    "FILE",
    "FILLFACTOR",
    "FOR",
    "FOREIGN",
    "FREETEXT",
    "FREETEXTTABLE",
    "FROM",
    "FULL",
    "FUNCTION",
    "GOTO",
    "GRANT",
    "GROUP",
    "HAVING",
    "HOLDLOCK",
    "IDENTITY",
    "IDENTITYCOL",
    "IDENTITY_INSERT",
    "IF",
    "IN",
    "INDEX",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "KEY",
    "KILL",
    "LEFT",
    "LIKE",
    "LINENO",
    "LOAD",
    "MERGE",
    "NATIONAL",
    "NOCHECK",
    "NONCLUSTERED",
    "NOT",
    "NULL",
    "NULLIF",
    "OF",
    "OFF",
    "OFFSETS",
    "ON",
    "OPEN",
    "OPENDATASOURCE",
    "OPENQUERY",
    "OPENROWSET",
    "OPENXML",
    "OPTION",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PERCENT",
    "PIVOT",
    "PLAN",
    "PRECISION",
    "PRIMARY",
    "PRINT",
    "PROC",
    "PROCEDURE",
    "PUBLIC",
    "RAISERROR",
    "READ",
    "READTEXT",
    "RECONFIGURE",
    "REFERENCES",
    "REPLICATION",
    "RESTORE",
    "RESTRICT",
    "RETURN",
    "REVERT",
    "REVOKE",
    "RIGHT",
    "ROLLBACK",
    "ROWCOUNT",
    "ROWGUIDCOL",
    "RULE",
    "SAVE",
    "SCHEMA",
    "SECURITYAUDIT",
    "SELECT",
    "SEMANTICKEYPHRASETABLE",
    "SEMANTICSIMILARITYDETAILSTABLE",
    "SEMANTICSIMILARITYTABLE",
    "SESSION_USER",
    "SET",
    "SETUSER",
    "SHUTDOWN",
    "SOME",
    "STATISTICS",
    "SYSTEM_USER",
    "TABLE",
    "TABLESAMPLE",
    "TEXTSIZE",
    "THEN",
    "TO",
    "TOP",
    "TRAN",
    "TRANSACTION",
    "TRIGGER",
    "TRUNCATE",
    "TRY_CONVERT",
    "TSEQUAL",
    "UNION",
    "UNIQUE",
    "UNPIVOT",
    "UPDATE",
    "UPDATETEXT",
    "USE",
    "USER",
    "VALUES",
    "VARYING",
    "VIEW",
    "WAITFOR",
    "WHEN",
    "WHERE",
    "WHILE",
    "WITH",
    "WRITETEXT",
];

/// SQL Server, 2008 and newer.
pub const DIALECT: Dialect = Dialect {
    id: "mssql",
    product: "SQL Server",
    quotes: ('[', ']'),
    quote_escape: "]]",
    reserved: |word, _| RESERVED.binary_search(&word).is_ok(),
    now: "GETDATE()",
    ledger_now: "GETDATE()",
    ledger: LedgerForm { text: "nvarchar", time: "datetime2(3)", ..ansi::DIALECT.ledger },
    auto_increment_words: "IDENTITY",
    lexis: Lexis { brackets: true, nested_comments: true, blocks: Blocks::Batches, ..Lexis::STANDARD },
    terminator: "\nGO",
    own_delimiters: false,
    statement_end: Some(";"),
    caps: CAPABILITIES,
    before: &[Before { version: Version(11, 0, 0), adjust: |caps| Capabilities { sequences: false, ..caps } }],
    unsupported: &[StatementKind::AddAutoIncrement],
    data_type,
    string,
    temporal: |value: &Temporal| format!("'{}'", value.to_iso()),
    next_value: |sequence| Some(format!("NEXT VALUE FOR {sequence}")),
    leaves_transaction: Some(|words, _| {
        matches!(
            words,
            ["CREATE" | "ALTER" | "DROP", "DATABASE", ..]
                | ["CREATE" | "ALTER" | "DROP", "FULLTEXT", ..]
                | ["BACKUP" | "RESTORE" | "RECONFIGURE", ..]
        )
    }),
    special,
    check,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    letter_case_by_setup: true,
    fold: Fold::Keep,
    catalogs_in_names: true,
    current_catalog_in_names: false,
    transactional_ddl: true,
    // A row version is never NULL unless it says so.
    explicit_null_of: Some("timestamp"),
    booleans: Booleans::Digits,
    remarks: Remarks::Statements,
    tablespaces: true,
    tablespace_word: "ON",
    table_key_tablespace: false,
    restates_type: true,
    rename_restates_type: false,
    concat: Concat::Plus,
    multi_row_insert: true,
    row_lists: true,
    dropped_length_units: &["BYTE", "CHAR"],
    identity: IdentityForm::WordWithPair("IDENTITY"),
    named_defaults: true,
    uuids: Uuids::UpperCase,
    foreign_key_actions: ForeignKeyActions::WithoutRestrict,
    unknown_deferral: UnknownDeferral::Written,
    table_if_not_exists: false,
    clustering: Clustering::Words,
    index_options: IndexOptionForms { partial: true, include: true, ..IndexOptionForms::NONE },
    validate_constraint: Some("WITH CHECK CHECK CONSTRAINT"),
    index_belongs_to_table: true,
    sequence: SequenceForm { data_type: false, cache: false, bare_alter: true, ..ansi::CAPABILITIES.sequence },
    replaces_procedures: true,
    objects: ObjectForms {
        schema: Some(SchemaForm { if_not_exists: false, cascade: None, restrict: Some("") }),
        check: Some(CheckForm {
            unchecked: Some((" WITH NOCHECK", "")),
            switch: Some(SwitchForm::OfTable { on: ("WITH CHECK CHECK CONSTRAINT", ""), off: ("NOCHECK CONSTRAINT", "") }),
            ..CheckForm::STANDARD
        }),
        function: Some(FunctionForm { replacing: Replacing::By("OR ALTER"), ..FunctionForm::STANDARD }),
        trigger: Some(TriggerForm {
            replacing: Replacing::By("OR ALTER"),
            scopes: true,
            switch: Some(SwitchForm::OnTable { on: "ENABLE TRIGGER", off: "DISABLE TRIGGER" }),
            rename: RenameTrigger::ByName,
            ..TriggerForm::STANDARD
        }),
        synonym: Some(SynonymForm { replacing: Replacing::DropFirst, ..SynonymForm::PLAIN }),
        generated_column: Some(GeneratedForm {
            words: "AS",
            typed: false,
            stored: Some(" PERSISTED"),
            computed: Some(""),
            usual: "",
            not_null: true,
        }),
        ..ObjectForms::STANDARD
    },
    ..ansi::CAPABILITIES
};

/// Text in single quotes; it needs an N when it has characters beyond ASCII.
fn string(text: &str) -> String {
    let prefix = if text.is_ascii() { "" } else { "N" };
    format!("{prefix}{}", ansi::string(text))
}

/// Types without parameters.
const PLAIN_TYPES: &[&str] = &["geography", "geometry", "hierarchyid", "rowversion", "sql_variant", "sysname"];

/// Types (dialects §4.2). Their names are quoted like other names.
///
/// # Errors
/// As [`ansi::data_type`].
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let lower = t.lower_name();
    let name = |name: &str| target.name(name);
    let sized = |native: &str, size: &str| format!("{}({size})", target.name(native));
    // As long as it says, one character by default, `MAX` beyond what a row holds.
    let text = |native: &str, most: u64| {
        let size = match t.parameters.first().map(String::as_str) {
            None => "1",
            Some(size) if size.parse::<u64>().is_ok_and(|n| n <= most) => size,
            Some(_) => "MAX",
        };
        t.with_additional(sized(native, size))
    };
    let max = |native: &str| Ok(sized(native, "MAX"));
    Ok(match t.logical {
        Logical::Boolean if lower == "java.sql.types.bit" => return unknown_type(t, target),
        Logical::Boolean => name("bit"),
        Logical::Int | Logical::MediumInt => name("int"),
        Logical::BigInt => name("bigint"),
        Logical::SmallInt => name("smallint"),
        Logical::TinyInt => name("tinyint"),
        Logical::Char => text("char", 8000),
        Logical::NChar => text("nchar", 4000),
        Logical::Varchar => text("varchar", 8000),
        Logical::NVarchar => text("nvarchar", 4000),
        Logical::Clob => match lower.as_str() {
            "text" => t.with_additional(format!("{} (max)", name("varchar"))),
            "ntext" => t.with_additional(format!("{} (max)", name("nvarchar"))),
            "nclob" => return max("nvarchar"),
            _ => return max("varchar"),
        },
        Logical::Blob => match lower.as_str() {
            "image" => name("image"),
            "binary" => text("binary", 8000),
            "varbinary" => text("varbinary", 8000),
            _ if t.parameters.is_empty() => return max("varbinary"),
            _ => text("varbinary", 8000),
        },
        Logical::Decimal | Logical::Number => {
            let native = if t.logical == Logical::Decimal { "decimal" } else { "numeric" };
            let digits = t.parameters.first().map_or("18", String::as_str);
            sized(native, &format!("{digits}, {}", t.parameters.get(1).map_or("0", String::as_str)))
        }
        Logical::Double => sized("float", "53"),
        Logical::Float if t.parameters.is_empty() && matches!(lower.as_str(), "real" | "java.lang.float" | "java.sql.types.real") => {
            name("real")
        }
        Logical::Float => sized("float", t.parameters.first().map_or("53", String::as_str)),
        Logical::Currency => name(if lower == "smallmoney" { "smallmoney" } else { "money" }),
        Logical::Date => name("date"),
        Logical::Time => t.with_parameters(&name("time")),
        Logical::DateTime => match lower.as_str() {
            "datetime2" => t.with_parameters(&name("datetime2")),
            "smalldatetime" => name("smalldatetime"),
            _ => name("datetime"),
        },
        // It has seven digits at most, which are the usual ones.
        Logical::Timestamp if t.length().is_some_and(|digits| digits <= 7) => t.with_parameters(&name("datetime2")),
        Logical::Timestamp => name("datetime2"),
        Logical::Uuid => name("uniqueidentifier"),
        Logical::Xml => t.with_parameters(&name("xml")),
        Logical::Unknown | Logical::Function => return unknown_type(t, target),
    })
}

/// A type that only the server knows keeps its letter case.
fn unknown_type(t: &DataType, target: &Target) -> Result<String, String> {
    let lower = t.lower_name();
    if lower == "timestamp_ntz" {
        return ansi::data_type(t, target);
    }
    if lower == "interval" {
        return Ok(t.written.trim().to_owned());
    }
    let native = match t.name.split_once('.') {
        Some((schema, name)) => format!("{schema}.{}", target.name(name)),
        None => target.name(&t.name),
    };
    let most = match lower.as_str() {
        "enum" | "set" => usize::MAX,
        plain if PLAIN_TYPES.contains(&plain) => 0,
        _ => 2,
    };
    let parameters: Vec<&str> = t.parameters.iter().take(most).map(String::as_str).collect();
    let parameters = if parameters.is_empty() { String::new() } else { format!("({})", parameters.join(", ")) };
    Ok(t.with_additional(native + &parameters))
}

/// Text between quotes with an N.
fn national(text: &str) -> String {
    format!("N{}", ansi::string(text))
}

/// What is altered by procedures of the server, and what its definitions say elsewhere than others do.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    let rename = |object: &ObjectName, target: &Target, new: &str| {
        one(format!("exec sp_rename {}, {}", ansi::string(&target.qualified(object)), ansi::string(new)))
    };
    Some(match statement {
        // The catalog stands before names of tables only.
        Statement::AlterSequence(_)
        | Statement::CreateSequence(_)
        | Statement::DropSequence(_)
        | Statement::DropView(_)
        | Statement::DropCode(_)
        | Statement::DropSynonym(_)
        | Statement::SwitchTrigger(_) => statement.render(&without_catalogs(target)),
        // What is written with the types of its parameters is no name that can be quoted.
        Statement::DropProcedure(s) if s.procedure.name.contains('(') => {
            let space = without_catalogs(target).space_of(&s.procedure).map(|space| space + ".").unwrap_or_default();
            one(format!("DROP PROCEDURE {space}{}", s.procedure.name.trim()))
        }
        Statement::DropProcedure(_) => statement.render(&without_catalogs(target)),
        // Scripts for this server have its line ends.
        Statement::RawSql(_) => statement.render(target).map(|mut actions| {
            for action in &mut actions {
                if let Action::Sql(sql) = action {
                    sql.text = sql.text.replace("\r\n", "\n").replace('\n', "\r\n");
                }
            }
            actions
        }),
        Statement::RenameSequence(s) => one(format!("sp_rename {} ,{}", target.name(&s.sequence.name), target.name(&s.new_name))),
        Statement::RenameTable(s) => rename(&s.table, target, &s.new_name),
        Statement::RenameView(s) => rename(&s.view, &without_catalogs(target), &s.new_name),
        Statement::RenameColumn(s) => {
            let column = format!("{}.{}", target.qualified(&s.table), target.name(&s.column));
            one(format!("exec sp_rename {}, {}, 'COLUMN'", ansi::string(&column), ansi::string(&s.new_name)))
        }
        Statement::ModifyDataType(s) => alter_column(&s.table, &s.column, &s.type_text, "", target),
        Statement::SetNullable(s) => match &s.type_text {
            Some(written) => alter_column(&s.table, &s.column, written, if s.nullable { " NULL" } else { " NOT NULL" }, target),
            None => Err(RenderError::invalid("columnDataType is required to say whether a column may be NULL")),
        },
        Statement::AddDefaultValue(s) => add_default_value(s, target),
        Statement::DropDefaultValue(s) => one(drop_default(&s.table, &s.column, target)),
        Statement::DropColumn(s) => sql(s.columns.iter().flat_map(|column| {
            let name = target.name(column);
            [drop_default(&s.table, &name, target), format!("ALTER TABLE {} DROP COLUMN {name}", target.qualified(&s.table))]
        })),
        Statement::AddPrimaryKey(s) => one(add_primary_key(s, target)),
        Statement::AddUnique(s) => one(add_unique(s, target)),
        Statement::DropPrimaryKey(s) if s.name.is_none() => {
            let table = target.qualified(&s.table);
            let found = format!(
                "[sys].[key_constraints] AS [kc] WHERE [kc].[parent_object_id] = OBJECT_ID({}) AND [kc].[type] = 'PK'",
                national(&table)
            );
            one(drop_found_constraint(&table, "kc", &found))
        }
        Statement::RenameTrigger(s) => one(format!(
            "exec sp_rename {}, {}, 'OBJECT'",
            ansi::string(&without_catalogs(target).qualified(&s.trigger)),
            ansi::string(&s.new_name)
        )),
        Statement::CreateSynonym(s) => {
            let synonym = ObjectName { catalog: None, ..s.synonym.clone() };
            CreateSynonym { synonym, ..(**s).clone() }.render(target)
        }
        Statement::CreateIndex(s) => return create_index(s, target),
        Statement::CreateView(s) => create_view(s, &without_catalogs(target)),
        Statement::CreateProcedure(s) if s.replace => replace_procedure(s, target),
        Statement::SetTableRemarks(s) => one(table_remarks(s, target)),
        Statement::SetColumnRemarks(s) => one(column_remarks(s, target)),
        Statement::Upsert(s) => upsert(s, target),
        Statement::CopyDistinct(s) => s.select_into(target),
        _ => return None,
    })
}

fn without_catalogs(target: &Target) -> Target {
    Target { caps: Capabilities { catalogs_in_names: false, ..target.caps }, ..target.clone() }
}

fn alter_column(table: &ObjectName, column: &str, written: &str, rest: &str, target: &Target) -> Rendered {
    let native = target.native_type(written).map_err(RenderError::Invalid)?;
    one(format!("ALTER TABLE {} ALTER COLUMN {} {native}{rest}", target.qualified(table), target.name(column)))
}

/// A default is a constraint with a name.
fn add_default_value(s: &AddDefaultValue, target: &Target) -> Rendered {
    let name = target.default_constraint(s.constraint.as_deref(), &s.table.name, &s.column);
    let value = s.value_text(target)?;
    one(format!("ALTER TABLE {} ADD {name}DEFAULT {value} FOR {}", target.qualified(&s.table), target.name(&s.column)))
}

/// The server knows the name of the default; `column` is written as the server is asked for it.
fn drop_default(table: &ObjectName, column: &str, target: &Target) -> String {
    let table = target.qualified(table);
    let found = format!(
        "[sys].[columns] AS [c] INNER JOIN [sys].[default_constraints] AS [df] ON [df].[object_id] = [c].[default_object_id] \
         WHERE [c].[object_id] = OBJECT_ID({}) AND [c].[name] = {}",
        national(&table),
        national(column)
    );
    drop_found_constraint(&table, "df", &found)
}

/// Drops the constraint that a query finds.
fn drop_found_constraint(table: &str, alias: &str, found: &str) -> String {
    let drop = national(&format!("ALTER TABLE {table} DROP CONSTRAINT "));
    format!("DECLARE @sql [nvarchar](MAX)\r\nSELECT @sql = {drop} + QUOTENAME([{alias}].[name]) FROM {found}\r\nEXEC sp_executesql @sql")
}

fn on_filegroup(tablespace: Option<&str>) -> String {
    tablespace.filter(|t| !t.is_empty()).map(|t| format!(" ON {t}")).unwrap_or_default()
}

fn add_primary_key(s: &AddPrimaryKey, target: &Target) -> String {
    let clustered = match s.clustered {
        Some(true) => "CLUSTERED ",
        Some(false) => "NONCLUSTERED ",
        None => "",
    };
    let (table, columns) = (target.qualified(&s.table), target.names(&s.columns));
    let (name, _) = target.constraint(s.name.as_deref());
    format!("ALTER TABLE {table} ADD {name}PRIMARY KEY {clustered}({columns}){}", on_filegroup(s.tablespace.as_deref()))
}

fn add_unique(s: &AddUnique, target: &Target) -> String {
    let clustered = if s.clustered { "CLUSTERED " } else { "" };
    let (table, columns) = (target.qualified(&s.table), target.names(&s.columns));
    let (name, _) = target.constraint(s.name.as_deref());
    format!("ALTER TABLE {table} ADD {name}UNIQUE {clustered}({columns}){}", on_filegroup(s.tablespace.as_deref()))
}

/// Whether rows are kept in its order is always said.
fn create_index(s: &CreateIndex, target: &Target) -> Option<Rendered> {
    let rendered = s.render(target).map(|mut actions| {
        let clustered = if s.clustered == Some(true) { "CLUSTERED INDEX" } else { "NONCLUSTERED INDEX" };
        for action in &mut actions {
            if let Action::Sql(sql) = action {
                sql.text = sql.text.replacen("INDEX", clustered, 1);
            }
        }
        actions
    });
    Some(rendered)
}

/// The text with its first word, CREATE, as ALTER.
fn altering(text: &str) -> String {
    let text = not_replacing(text);
    match text.to_ascii_lowercase().find("create") {
        Some(at) => format!("{}ALTER{}", &text[..at], &text[at + "create".len()..]),
        None => text,
    }
}

/// A view is replaced by altering it, after a stub is made where there is none.
fn create_view(s: &CreateView, target: &Target) -> Rendered {
    let view = target.qualified(&s.view);
    let mut texts = Vec::new();
    let definition = if s.full_definition { s.text.clone() } else { format!("CREATE VIEW {view} AS {}", s.text) };
    if s.replace && target.always_drop_instead_of_replace {
        texts.push(format!("DROP VIEW IF EXISTS {view}"));
        texts.push(not_replacing(&definition));
    } else if s.replace {
        let quoted = target.with_quoting(crate::sql::Quoting::All);
        // The server finds it in any letter case, unless it is set up to tell them apart; the schema that was chosen keeps its own.
        let chosen = target.default_schema.as_deref();
        let schema = match s.view.schema.as_deref() {
            Some(given) if target.case_sensitive => Some(given.to_owned()),
            Some(given) if !chosen.is_some_and(|chosen| chosen.eq_ignore_ascii_case(given)) => Some(given.to_uppercase()),
            _ => chosen.map(str::to_owned),
        };
        let stub = quoted.qualified(&ObjectName { catalog: None, schema, name: s.view.name.clone() });
        let create =
            format!("CREATE VIEW {stub} AS SELECT 'This is a code stub which will be replaced by an Alter Statement' as [code_stub]");
        texts.push(format!(
            "IF NOT EXISTS (SELECT * FROM sys.views WHERE object_id = OBJECT_ID({}))\n    EXEC sp_executesql {}",
            national(&stub),
            national(&create)
        ));
        texts.push(altering(&definition));
    } else {
        texts.push(definition);
    }
    if let Some(remarks) = &s.remarks {
        texts.push(described(&Described { object: &s.view, kind: "VIEW", column: None, remarks }, target));
    }
    sql(texts)
}

/// A procedure is replaced by altering it, after a stub is made where there is none.
fn replace_procedure(s: &CreateProcedure, target: &Target) -> Rendered {
    let procedure = ObjectName::new(None, s.schema.as_deref(), s.name.clone().unwrap_or_default());
    let name = if procedure.schema.is_some() { target.qualified(&procedure) } else { target.name(&procedure.name) };
    let create = format!("create procedure {name} as select 1 a");
    let stub = format!("if object_id({}, 'p') is null exec ({})", ansi::string(&name), ansi::string(&create));
    let mut actions = vec![Action::Sql(Sql::new(stub))];
    let plain = CreateProcedure { replace: false, ..s.clone() };
    for action in plain.render(target)? {
        actions.push(match action {
            Action::Sql(sql) => Action::Sql(Sql { text: altering(&sql.text), ..sql }),
            other => other,
        });
    }
    Ok(actions)
}

/// What remarks are about.
struct Described<'s> {
    object: &'s ObjectName,
    /// `TABLE` or `VIEW`.
    kind: &'static str,
    column: Option<&'s str>,
    remarks: &'s str,
}

/// Remarks are a property, which is changed or made.
fn described(d: &Described<'_>, target: &Target) -> String {
    let schema = d.object.schema.as_deref().or(target.default_schema.as_deref()).unwrap_or("dbo");
    let name = &d.object.name;
    let object = format!("OBJECT_ID({})", ansi::string(&format!("{schema}.{name}")));
    let minor = d.column.map_or_else(
        || "0".to_owned(),
        |column| format!("( SELECT column_id FROM sys.columns WHERE name = {} AND object_id = {object})", ansi::string(column)),
    );
    let column = d.column.map(|c| format!(" , @level2type = N'COLUMN' , @level2name = {}", national(c))).unwrap_or_default();
    let property = format!(
        "@name = N'MS_Description' , @value = {} , @level0type = N'SCHEMA' , @level0name = {} , @level1type = N'{}' , @level1name = {}{column}",
        national(d.remarks),
        national(schema),
        d.kind,
        national(name)
    );
    format!(
        "IF EXISTS(  SELECT extended_properties.value FROM sys.extended_properties WHERE major_id = {object} \
         AND name = N'MS_DESCRIPTION' AND minor_id = {minor} ) \
         BEGIN  EXEC sys.sp_updateextendedproperty {property} END  ELSE  BEGIN  EXEC sys.sp_addextendedproperty {property} END"
    )
}

fn table_remarks(s: &SetTableRemarks, target: &Target) -> String {
    described(&Described { object: &s.table, kind: "TABLE", column: None, remarks: &s.remarks }, target)
}

fn column_remarks(s: &SetColumnRemarks, target: &Target) -> String {
    let kind = if s.of_view { "VIEW" } else { "TABLE" };
    described(&Described { object: &s.table, kind, column: Some(&s.column), remarks: &s.remarks }, target)
}

/// Rows with the key are counted first.
fn upsert(s: &Upsert, target: &Target) -> Rendered {
    if s.values.iter().any(|(_, value)| value.must_be_bound()) {
        return Err(RenderError::invalid("a value from a file cannot be part of an insert-or-update here"));
    }
    let update = s.update(target)?.map(|update| format!("BEGIN\n{};\nEND", update.text));
    if s.only_update {
        return Ok(vec![update.map_or_else(|| Action::Skipped("no column is left that an UPDATE could change".to_owned()), batch)]);
    }
    let found = format!("SELECT @reccount = count(*) FROM {} WHERE {}", target.qualified(&s.table), s.predicate().text(target)?);
    let insert = s.insert("INSERT INTO", target)?.text;
    let otherwise = update.map(|update| format!("\nELSE\n{update}")).unwrap_or_default();
    let text = format!("DECLARE @reccount integer\n{found}\nIF @reccount = 0\nBEGIN\n{insert};\nEND{otherwise}");
    Ok(vec![batch(text)])
}

/// Statements that go to the server as one; no other delimiter stands behind them in scripts.
fn batch(text: String) -> Action {
    Action::Sql(Sql { text, end_delimiter: Some(String::new()), parameters: Vec::new() })
}

/// Procedures and described columns are found in the current catalog only.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    let has_catalog = match statement {
        Statement::CreateProcedure(s) => s.catalog.is_some(),
        Statement::DropProcedure(s) => s.procedure.catalog.is_some(),
        Statement::SetColumnRemarks(s) => s.table.catalog.is_some(),
        Statement::CreateTable(s) => s.table.catalog.is_some() && s.columns.iter().any(|c| c.remarks.is_some()),
        Statement::AddColumn(s) => s.table.catalog.is_some() && s.columns.iter().any(|c| c.remarks.is_some()),
        _ => false,
    };
    validation.disallow("catalogName", has_catalog, target);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Liquibase 4.28 writes it for `offline:mssql?caseSensitive=…`.
    #[test]
    fn the_stub_of_a_view_is_in_upper_case_unless_letter_case_counts() {
        let view = CreateView {
            view: ObjectName::new(None, Some("app"), "v"),
            text: "select 1".to_owned(),
            full_definition: false,
            replace: true,
            remarks: None,
        };
        let stub = |case_sensitive| {
            let target = Target { case_sensitive, ..Target::new(&DIALECT, None) };
            let actions = create_view(&view, &target).unwrap();
            let Some(Action::Sql(sql)) = actions.into_iter().next() else { panic!("no statement") };
            sql.text
        };
        assert!(stub(false).contains("OBJECT_ID(N'[APP].[v]')"), "{}", stub(false));
        assert!(stub(true).contains("OBJECT_ID(N'[app].[v]')"), "{}", stub(true));
    }
}
