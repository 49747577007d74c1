//! MariaDB: MySQL's syntax with sequences since 10.3.

use super::mysql;
use crate::sql::Dialect;
use crate::sql::capabilities::{Before, Capabilities};
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::Version;
use crate::sql::forms::{DefaultExpressions, IndexExpressions, IndexOptionForms};
use crate::sql::object_forms::{CheckForm, FunctionForm, GeneratedForm, ObjectForms, PartitionPlace, Replacing, SchemaForm, TriggerForm};
use crate::sql::target::Target;

/// Words reserved beside those of MySQL (dialects appendix A), sorted.
const RESERVED: &[&str] = &[
    "CURRENT_ROLE",
    "DELETE_DOMAIN_ID",
    "DO_DOMAIN_IDS",
    "GENERAL",
    "IGNORE_DOMAIN_IDS",
    "IGNORE_SERVER_IDS",
    "MASTER_HEARTBEAT_PERIOD",
    "MASTER_SSL_VERIFY_SERVER_CERT",
    "OFFSET",
    "PAGE_CHECKSUM",
    "PARSE_VCOL_EXPR",
    "PERIOD",
    "REF_SYSTEM_ID",
    "RETURNING",
    "ROW_NUMBER",
    "SLOW",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
    "VECTOR",
];

/// MariaDB, 5.5 and newer.
pub const DIALECT: Dialect = Dialect {
    id: "mariadb",
    product: "MariaDB",
    reserved: |word, target| RESERVED.binary_search(&word).is_ok() || mysql::reserved(word, target),
    caps: Capabilities {
        sequences: true,
        default_expressions: DefaultExpressions::Bare,
        index_expressions: IndexExpressions::None,
        index_options: IndexOptionForms { if_not_exists: true, ..mysql::DIALECT.caps.index_options },
        objects: ObjectForms {
            schema: Some(SchemaForm { if_not_exists: true, cascade: Some(""), restrict: None }),
            check: Some(CheckForm::STANDARD),
            function: Some(FunctionForm { replacing: Replacing::By("OR REPLACE"), ..FunctionForm::STANDARD }),
            // In the mode of Oracle, and since version 11.4 in all.
            package: Some(Replacing::By("OR REPLACE")),
            trigger: Some(TriggerForm { replacing: Replacing::By("OR REPLACE"), ..TriggerForm::STANDARD }),
            generated_column: Some(GeneratedForm { not_null: false, ..GeneratedForm::CHOSEN }),
            partition_by: Some(PartitionPlace::Last),
            ..ObjectForms::STANDARD
        },
        ..mysql::DIALECT.caps
    },
    data_type,
    before: &[
        Before {
            version: Version(10, 3, 5),
            adjust: |caps| Capabilities { objects: ObjectForms { package: None, ..caps.objects }, ..caps },
        },
        Before { version: Version(10, 3, 0), adjust: |caps| Capabilities { sequences: false, ..caps } },
        // Before, they are read and forgotten.
        Before { version: Version(10, 2, 1), adjust: |caps| Capabilities { objects: before_10_2(caps.objects), ..caps } },
    ],
    next_value: |sequence| Some(format!("NEXT VALUE FOR {sequence}")),
    ..mysql::DIALECT
};

/// What was new in 10.2.1: the word STORED, and checks that hold.
const fn before_10_2(objects: ObjectForms) -> ObjectForms {
    let generated_column = Some(GeneratedForm { stored: Some(" PERSISTENT"), not_null: false, ..GeneratedForm::CHOSEN });
    ObjectForms { check: None, generated_column, ..objects }
}

/// Types that are not those of MySQL.
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    match t.logical {
        Logical::Boolean if !t.lower_name().ends_with("bit") => Ok("TINYINT(1)".to_owned()),
        Logical::Uuid if target.at_least(10, 7, 0) => Ok("UUID".to_owned()),
        _ => mysql::data_type(t, target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::literal::Literal;
    use crate::sql::statement::{AddDefaultValue, RenameColumn};
    use crate::sql::{Action, ObjectName, Statement};

    fn render(statement: impl Into<Statement>) -> String {
        match Target::new(&DIALECT, None).render(&statement.into()).as_deref() {
            Ok([Action::Sql(sql)]) => sql.text.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn a_default_from_a_sequence_is_its_next_value() {
        let statement = AddDefaultValue {
            table: ObjectName::new(None, None, "person"),
            column: "seqno".into(),
            type_text: None,
            value: Some(Literal::SequenceNext(ObjectName::new(None, None, "seq"))),
            constraint: None,
        };
        assert_eq!(render(statement), "ALTER TABLE person ALTER seqno SET DEFAULT (NEXT VALUE FOR seq)");
    }

    #[test]
    fn remarks_are_escaped() {
        let statement = RenameColumn {
            table: ObjectName::new(None, None, "person"),
            column: "fname".into(),
            new_name: "first".into(),
            type_text: Some("varchar(50)".into()),
            remarks: Some("the first's name".into()),
        };
        assert_eq!(render(statement), "ALTER TABLE person CHANGE fname first VARCHAR(50) COMMENT 'the first''s name'");
    }
}
