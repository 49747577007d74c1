//! ADD COLUMN (dialects §5), with what belongs to new columns: values for existing rows, constraints, remarks.

use super::{AddDefaultValue, Reorganize, SetNullable, Statement, StatementType, Update};
use crate::sql::action::{Action, RenderError, Rendered, Sql};
use crate::sql::column::{ColumnDef, ColumnForeignKey, Position};
use crate::sql::data_type::DataType;
use crate::sql::forms::{ColumnPlaces, ConstraintNames, Remarks};
use crate::sql::{ObjectName, Target, Validation};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Adds columns to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct AddColumn {
    /// The table.
    pub table: ObjectName,
    /// The new columns. One with a value gets NOT NULL only after its value.
    pub columns: Vec<ColumnDef>,
}

impl StatementType for AddColumn {
    /// First the columns with their constraints, then values, then NOT NULL of columns with values, then remarks.
    fn render(&self, target: &Target) -> Rendered {
        let table = target.qualified(&self.table);
        let mut texts = Vec::new();
        if target.caps.joins_alterations {
            let columns: Vec<String> = self.columns.iter().map(|c| self.added(c, target)).collect::<Result<_, _>>()?;
            texts.push(format!("ALTER TABLE {table}{}", columns.join(",").trim_end()));
        }
        for column in &self.columns {
            if !target.caps.joins_alterations {
                texts.push(format!("ALTER TABLE {table}{}", self.added(column, target)?.trim_end()));
            }
            if let Some(unique) = &column.unique {
                let (head, tail) = target.constraint(unique.name.as_deref());
                texts.push(format!("ALTER TABLE {table} ADD {head}UNIQUE ({}){tail}", target.name(&column.name)));
            }
            if let Some(key) = &column.foreign_key {
                let (head, tail) = target.constraint(key.name.as_deref());
                // Two blanks where the name stands behind, as Liquibase writes it.
                let blank = if target.caps.constraint_names == ConstraintNames::Behind { " " } else { "" };
                let refers = key.referred(target)?;
                let cascade = if key.delete_cascade { " ON DELETE CASCADE" } else { "" };
                let column = target.name(&column.name);
                texts.push(format!("ALTER TABLE {table} ADD {head}{blank}FOREIGN KEY ({column}) REFERENCES {refers}{cascade}{tail}"));
            }
        }
        let mut actions: Vec<Action> = texts.into_iter().map(|t| Action::Sql(Sql::new(t))).collect();
        actions.extend(target.render(&Reorganize { table: self.table.clone() }.into())?);
        for column in &self.columns {
            if let Some(value) = &column.value {
                let values = BTreeMap::from([(column.name.clone(), value.clone())]);
                actions.extend(target.render(&Update { table: self.table.clone(), values, predicate: None }.into())?);
            }
        }
        for statement in self.behind_values(target) {
            actions.extend(target.render(&statement)?);
        }
        actions.extend(self.columns.iter().filter_map(|column| target.comment_on_column(&self.table, column)));
        Ok(actions)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        for column in &self.columns {
            target.check_generated(column, validation);
            validation.require("columnName", !column.name.trim().is_empty());
            let typed = column.type_text.as_deref().is_some_and(|t| !t.trim().is_empty());
            validation.require("columnType", typed);
            if column.auto_increment && column.primary_key.is_none() && target.caps.identity_needs_key {
                validation.error("Cannot add a non-primary key identity column");
            }
            for position in &column.position {
                let (attribute, known) = match position {
                    Position::After(_) => ("addAfterColumn", &[ColumnPlaces::After, ColumnPlaces::AfterOrBefore][..]),
                    Position::Before(_) => ("addBeforeColumn", &[ColumnPlaces::Before, ColumnPlaces::AfterOrBefore][..]),
                    Position::At(_) => ("addAtPosition", &[][..]),
                };
                let places = target.caps.column_places;
                validation.disallow(attribute, places != ColumnPlaces::Ignored && !known.contains(&places), target);
            }
        }
        for statement in self.behind_values(target) {
            target.check(&statement, validation);
        }
    }
}

impl AddColumn {
    /// ` ADD name TYPE …`; a remark ends in a blank, as Liquibase writes it.
    fn added(&self, column: &ColumnDef, target: &Target) -> Result<String, RenderError> {
        let t = target.column_data_type(column)?.unwrap_or_else(|| DataType::parse(""));
        let native = target.native(&t).map_err(RenderError::Invalid)?;
        let mut text = format!(" ADD {}{}", target.name(&column.name), target.type_clause(column, &native)?);
        let default = self.default_clause(column, &t, target)?;
        if target.caps.added_default_first {
            text.push_str(&default);
        }
        let key = if column.primary_key.is_some() { " PRIMARY KEY" } else { "" };
        if target.caps.key_behind_type {
            text.push_str(key);
        }
        if column.auto_increment {
            // The blank stays where the type alone says that it counts up.
            text.push_str(&format!(" {}", target.identity_clause(column, &t).unwrap_or_default()));
        }
        if !target.caps.added_default_first {
            text.push_str(&default);
        }
        if is_not_null_at_once(column) {
            text.push_str(&format!(
                " {}NOT NULL",
                target.constraint_head(column.not_null_name.as_deref().filter(|_| target.caps.named_not_null))
            ));
        } else if target.says_null(column) {
            text.push_str(" NULL");
        }
        if !target.caps.key_behind_type {
            text.push_str(key);
        }
        if let (Some(remarks), Remarks::Inline) = (&column.remarks, target.caps.remarks) {
            text.push_str(&format!(" COMMENT {} ", target.string(remarks)));
        }
        for position in &column.position {
            match (position, target.caps.column_places) {
                (Position::After(other), ColumnPlaces::After | ColumnPlaces::AfterOrBefore) => {
                    text.push_str(&format!(" AFTER {}", target.name(other)));
                }
                (Position::Before(other), ColumnPlaces::Before | ColumnPlaces::AfterOrBefore) => {
                    text.push_str(&format!(" BEFORE {}", target.name(other)));
                }
                _ => {}
            }
        }
        Ok(text)
    }

    /// ` DEFAULT value`, with the name of its constraint where it has one; nothing without a default.
    fn default_clause(&self, column: &ColumnDef, t: &DataType, target: &Target) -> Result<String, RenderError> {
        let Some(default) = &column.default else { return Ok(String::new()) };
        let constraint = target.default_constraint(column.default_name.as_deref(), &self.table.name, &column.name);
        let by_value = target.caps.added_default_first;
        let value = if by_value { target.untyped_default(default) } else { target.default_value(t, default) };
        Ok(format!(" {constraint}DEFAULT {}", value?))
    }

    /// Whether a column gets NOT NULL only after its value.
    pub fn is_not_null_late(&self) -> bool {
        self.late_not_null().next().is_some()
    }

    /// The columns whose existing rows get a value before they are NOT NULL.
    fn late_not_null(&self) -> impl Iterator<Item = &ColumnDef> + '_ {
        self.columns.iter().filter(|c| c.nullable == Some(false) && !is_not_null_at_once(c))
    }

    /// NOT NULL of these columns, and their default once more where NOT NULL takes it away.
    fn behind_values(&self, target: &Target) -> Vec<Statement> {
        let mut statements = Vec::new();
        for column in self.late_not_null() {
            let not_null = SetNullable {
                table: self.table.clone(),
                column: column.name.clone(),
                nullable: false,
                type_text: column.type_text.clone(),
                constraint: column.not_null_name.clone(),
                validate: column.not_null_validate,
            };
            statements.push(not_null.into());
            if column.default.is_some() && target.caps.not_null_drops_default {
                let default = AddDefaultValue {
                    table: self.table.clone(),
                    column: column.name.clone(),
                    type_text: None,
                    value: column.default.clone(),
                    constraint: column.default_name.clone(),
                };
                statements.push(default.into());
            }
        }
        statements
    }
}

fn is_not_null_at_once(column: &ColumnDef) -> bool {
    column.primary_key.is_some() || (column.nullable == Some(false) && column.value.is_none())
}

impl ColumnForeignKey {
    /// The table and columns referred to: `table (columns)`.
    ///
    /// # Errors
    /// As [`ColumnForeignKey::referred_parts`].
    pub fn referred(&self, target: &Target) -> Result<String, RenderError> {
        let (table, columns) = self.referred_parts()?;
        Ok(format!("{} ({})", target.qualified(&table), target.names(&columns)))
    }

    /// The table and the list of columns referred to.
    ///
    /// # Errors
    /// When `references` is not of the form `table(column)`, both of plain names; `referencedTableName` takes any.
    pub fn referred_parts(&self) -> Result<(ObjectName, Cow<'_, str>), RenderError> {
        let Some(written) = &self.references else {
            let columns = self.columns.as_deref().unwrap_or("");
            return Ok((self.table.clone().unwrap_or_default(), Cow::Borrowed(columns)));
        };
        let is_word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let parts = written.strip_suffix(')').and_then(|t| t.split_once('(')).map(|(table, column)| (table.trim_end(), column.trim()));
        let Some((table, column)) = parts.filter(|(table, column)| is_word(&table.replace('.', "")) && is_word(column)) else {
            return Err(RenderError::Invalid(format!("Don't know how to find table and column names from {written}")));
        };
        let table = match table.split_once('.') {
            Some((schema, name)) => ObjectName::new(None, Some(schema), name),
            None => ObjectName::new(None, None, table),
        };
        Ok((table, Cow::Borrowed(column)))
    }
}

impl Target {
    /// `CONSTRAINT name `, or nothing without a name.
    pub fn constraint_head(&self, name: Option<&str>) -> String {
        name.map(str::trim).filter(|n| !n.is_empty()).map(|n| format!("CONSTRAINT {} ", self.name(n))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{h2, mysql, postgres};
    use crate::sql::action::sql;
    use crate::sql::column::{ColumnPrimaryKey, ColumnUnique};
    use crate::sql::literal::Literal;
    use crate::sql::{Dialect, Version};

    fn column(name: &str, type_text: &str) -> ColumnDef {
        ColumnDef { name: name.into(), type_text: Some(type_text.into()), ..ColumnDef::default() }
    }

    fn add(dialect: &'static Dialect, columns: &[ColumnDef]) -> Rendered {
        let table = ObjectName::new(None, None, "person");
        Target::new(dialect, None).render(&AddColumn { table, columns: columns.to_vec() }.into())
    }

    fn texts(expected: &[&str]) -> Rendered {
        sql(expected.iter().map(|t| (*t).to_owned()))
    }

    fn errors(dialect: &'static Dialect, column: ColumnDef) -> Vec<String> {
        let mut validation = Validation::default();
        let statement = AddColumn { table: ObjectName::default(), columns: vec![column] };
        Target::new(dialect, None).check(&statement.into(), &mut validation);
        validation.errors
    }

    #[test]
    fn constraints_follow_their_column_and_values_and_remarks_come_last() {
        let columns = [
            ColumnDef { unique: Some(ColumnUnique { name: Some("uq_b".into()), validate: true }), ..column("b", "varchar(10)") },
            ColumnDef {
                foreign_key: Some(ColumnForeignKey {
                    name: Some("fk_c".into()),
                    references: Some("dept(id)".into()),
                    ..Default::default()
                }),
                ..column("c", "varchar(3)")
            },
            ColumnDef { value: Some(Literal::Text("x".into())), remarks: Some("dee".into()), ..column("d", "varchar(5)") },
        ];
        let expected = texts(&[
            "ALTER TABLE person ADD b VARCHAR(10)",
            "ALTER TABLE person ADD CONSTRAINT uq_b UNIQUE (b)",
            "ALTER TABLE person ADD c VARCHAR(3)",
            "ALTER TABLE person ADD CONSTRAINT fk_c FOREIGN KEY (c) REFERENCES dept (id)",
            "ALTER TABLE person ADD d VARCHAR(5)",
            "UPDATE person SET d = 'x'",
            "COMMENT ON COLUMN person.d IS 'dee'",
        ]);
        assert_eq!(add(&postgres::DIALECT, &columns), expected);
        let expected = texts(&[
            "ALTER TABLE person ADD b VARCHAR(10) NULL, ADD c VARCHAR(3) NULL, ADD d VARCHAR(5) NULL COMMENT 'dee'",
            "ALTER TABLE person ADD CONSTRAINT uq_b UNIQUE (b)",
            "ALTER TABLE person ADD CONSTRAINT fk_c FOREIGN KEY (c) REFERENCES dept (id)",
            "UPDATE person SET d = 'x'",
        ]);
        assert_eq!(add(&mysql::DIALECT, &columns), expected);
    }

    #[test]
    fn a_blank_follows_a_remark_before_the_comma() {
        let columns = [
            ColumnDef { remarks: Some("first".into()), ..column("a", "char") },
            ColumnDef { remarks: Some("second".into()), ..column("b", "char") },
        ];
        let expected = texts(&["ALTER TABLE person ADD a CHAR NULL COMMENT 'first' , ADD b CHAR NULL COMMENT 'second'"]);
        assert_eq!(add(&mysql::DIALECT, &columns), expected);
    }

    #[test]
    fn not_null_comes_behind_a_value() {
        let with_value = ColumnDef { nullable: Some(false), value: Some(Literal::Number("3".into())), ..column("score", "char") };
        let expected = texts(&[
            "ALTER TABLE person ADD score CHAR",
            "UPDATE person SET score = 3",
            "ALTER TABLE person ALTER COLUMN  score SET NOT NULL",
        ]);
        assert_eq!(add(&postgres::DIALECT, std::slice::from_ref(&with_value)), expected);
        // A definition that is restated has no default any more.
        let both = ColumnDef { default: Some(Literal::Number("-2".into())), type_text: Some("int".into()), ..with_value.clone() };
        let expected = texts(&[
            "ALTER TABLE person ADD score INT DEFAULT -2 NULL",
            "UPDATE person SET score = 3",
            "ALTER TABLE person MODIFY score INT NOT NULL",
            "ALTER TABLE person ALTER score SET DEFAULT -2",
        ]);
        assert_eq!(add(&mysql::DIALECT, &[both]), expected);
        let named = ColumnDef { nullable: Some(false), not_null_name: Some("nn_a".into()), ..column("a", "char") };
        assert_eq!(
            add(&postgres::DIALECT, std::slice::from_ref(&named)),
            texts(&["ALTER TABLE person ADD a CHAR CONSTRAINT nn_a NOT NULL"])
        );
        // It has no name there.
        assert_eq!(add(&mysql::DIALECT, &[named]), texts(&["ALTER TABLE person ADD a CHAR NOT NULL"]));
    }

    #[test]
    fn a_computed_column_does_not_say_null() {
        let computed = column("whole", "varchar(9) GENERATED ALWAYS AS (concat(a, b)) STORED");
        let expected = texts(&["ALTER TABLE person ADD whole VARCHAR(9) GENERATED ALWAYS AS (concat(a, b)) STORED"]);
        assert_eq!(add(&mysql::DIALECT, &[computed]), expected);
    }

    #[test]
    fn a_default_is_written_by_the_type_of_the_column_or_by_its_own() {
        let retired = [ColumnDef { default: Some(Literal::Text("false".into())), ..column("retired", "boolean") }];
        assert_eq!(add(&postgres::DIALECT, &retired), texts(&["ALTER TABLE person ADD retired BOOLEAN DEFAULT FALSE"]));
        assert_eq!(add(&h2::DIALECT, &retired), texts(&["ALTER TABLE PUBLIC.person ADD retired BOOLEAN DEFAULT 'false'"]));
    }

    #[test]
    fn a_key_that_counts_up() {
        let key = ColumnDef {
            auto_increment: true,
            primary_key: Some(ColumnPrimaryKey::default()),
            ..column("rid", "bigint")
        };
        let expected = texts(&["ALTER TABLE person ADD rid BIGINT GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY"]);
        assert_eq!(add(&postgres::DIALECT, std::slice::from_ref(&key)), expected);
        assert_eq!(errors(&mysql::DIALECT, key.clone()), Vec::<String>::new());
        let no_key = ColumnDef { primary_key: None, ..key };
        assert_eq!(errors(&mysql::DIALECT, no_key), ["Cannot add a non-primary key identity column"]);
        let old = Target::new(&postgres::DIALECT, Some(Version(9, 4, 0)));
        let key = ColumnDef {
            auto_increment: true,
            primary_key: Some(ColumnPrimaryKey::default()),
            ..column("rid", "bigint")
        };
        let statement = AddColumn { table: ObjectName::new(None, None, "person"), columns: vec![key] };
        assert_eq!(old.render(&statement.into()), texts(&["ALTER TABLE person ADD rid BIGSERIAL  NOT NULL PRIMARY KEY"]));
    }

    #[test]
    fn places_are_refused_where_the_database_has_none() {
        let at = |position: Position| ColumnDef { position: vec![position], ..column("a", "char") };
        let after = at(Position::After("id".into()));
        assert_eq!(errors(&postgres::DIALECT, after.clone()), ["addAfterColumn is not allowed on postgresql"]);
        assert_eq!(add(&mysql::DIALECT, &[after]), texts(&["ALTER TABLE person ADD a CHAR NULL AFTER id"]));
        assert_eq!(errors(&mysql::DIALECT, at(Position::Before("id".into()))), ["addBeforeColumn is not allowed on mysql"]);
        assert_eq!(errors(&mysql::DIALECT, at(Position::At("1".into()))), ["addAtPosition is not allowed on mysql"]);
        assert_eq!(errors(&mysql::DIALECT, ColumnDef { name: "a".into(), ..ColumnDef::default() }), ["columnType is required"]);
    }

    #[test]
    fn references_name_a_schema_before_a_dot() {
        let key = |text: &str| ColumnForeignKey { references: Some(text.into()), ..Default::default() };
        let pg = Target::new(&postgres::DIALECT, None);
        assert_eq!(key("app.dept(id)").referred(&pg), Ok("app.dept (id)".into()));
        assert_eq!(key("dept ( id )").referred(&pg), Ok("dept (id)".into()));
        for other in ["dept", "dept(a, b)", "\"Dept\"(id)", "my-dept(id)", " dept(id)", "dept(id) "] {
            assert!(key(other).referred(&pg).is_err(), "{other}");
        }
    }
}
