//! The clauses of a column's definition, as CREATE TABLE and ADD share them (dialects §4.3 and §4.4).

use super::action::{Action, RenderError, Sql};
use super::column::{AutoIncrement, ColumnDef, ColumnForeignKey};
use super::data_type::DataType;
use super::forms::{IdentityForm, Remarks};
use super::identifier::ObjectName;
use super::statement::SetColumnRemarks;
use super::target::Target;
use super::validation::Validation;

impl Target {
    /// The type of a column, which counts up when the column or the type says so; none when it has no type of its
    /// own (computed columns).
    ///
    /// # Errors
    /// When a column of such a type cannot count up.
    pub fn column_data_type(&self, column: &ColumnDef) -> Result<Option<DataType>, RenderError> {
        let Some(written) = column.type_text.as_deref().filter(|t| !t.trim().is_empty()) else { return Ok(None) };
        self.counting_type(written, column.auto_increment).map(Some).map_err(RenderError::Invalid)
    }

    /// The type of a column as the server knows it, with what the column is computed from: ` INT GENERATED ALWAYS AS (a * 2)`.
    ///
    /// # Errors
    /// When the dialect has no columns of that kind.
    pub fn type_clause(&self, column: &ColumnDef, native: &str) -> Result<String, RenderError> {
        let Some(generated) = &column.generated else { return Ok(format!(" {native}")) };
        let form = self.caps.objects.generated_column.ok_or_else(|| RenderError::unknown("computed columns", self))?;
        let kept = match generated.stored {
            None => Some(form.usual),
            Some(true) => form.stored,
            Some(false) => form.computed,
        };
        let kept = kept.ok_or_else(|| RenderError::unknown("a choice of what computed columns keep", self))?;
        let native = if form.typed { format!(" {native}") } else { String::new() };
        Ok(format!("{native} {} ({}){kept}", form.words, generated.expression.trim()))
    }

    /// Reports what a computed column cannot be here.
    pub fn check_generated(&self, column: &ColumnDef, validation: &mut Validation) {
        let Some(generated) = &column.generated else { return };
        let form = self.caps.objects.generated_column;
        validation.disallow("generatedAs", form.is_none(), self);
        let not_null = column.nullable == Some(false) && form.is_some_and(|f| !f.not_null);
        validation.disallow("nullable = false beside generatedAs", not_null, self);
        validation.disallow("stored = true", generated.stored == Some(true) && form.is_some_and(|f| f.stored.is_none()), self);
        validation.disallow("stored = false", generated.stored == Some(false) && form.is_some_and(|f| f.computed.is_none()), self);
    }

    /// What says that a column of type `t` counts up, behind its type; nothing when it does not, or the type says it.
    pub fn identity_clause(&self, column: &ColumnDef, t: &DataType) -> Option<String> {
        t.auto_increment.then(|| self.identity(&column.counting))?
    }

    /// What says that a column counts up, behind its type; nothing when the type itself says it. First value and
    /// step stand only where they are not the usual ones.
    pub fn identity(&self, counting: &AutoIncrement) -> Option<String> {
        let options = [("START WITH ", &counting.start, self.caps.identity_start), ("INCREMENT BY ", &counting.by, "1")];
        let chosen = |with_words: bool, separator: &str| {
            let chosen = options.iter().filter_map(|(words, number, usual)| {
                let number = number.as_deref().filter(|n| n != usual)?;
                Some(if with_words { format!("{words}{number}") } else { number.to_owned() })
            });
            let chosen: Vec<String> = chosen.collect();
            if chosen.is_empty() { String::new() } else { format!(" ({})", chosen.join(separator)) }
        };
        Some(match self.caps.identity {
            IdentityForm::InType => return None,
            IdentityForm::Word(word) => word.to_owned(),
            IdentityForm::WordWithOptions(word) => word.to_owned() + &chosen(false, ", "),
            IdentityForm::WordWithPair(word) => {
                let [start, by] = [&counting.start, &counting.by].map(|n| n.as_deref().unwrap_or("1"));
                format!("{word} ({start}, {by})")
            }
            IdentityForm::Generated(separator) => {
                let asked = counting.generation.as_deref().filter(|g| self.caps.identity_always && !g.trim().is_empty());
                // What is asked for is written as it is: databases have more forms than the two of the standard.
                let when = asked.unwrap_or("BY DEFAULT");
                let is_default = asked.is_some_and(|g| g.trim().eq_ignore_ascii_case("BY DEFAULT"));
                let on_null = is_default && counting.on_null == Some(true) && self.caps.identity_on_null;
                let on_null = if on_null { " ON NULL" } else { "" };
                format!("GENERATED {when}{on_null} AS IDENTITY{}", chosen(true, separator))
            }
        })
    }

    /// ` NOT NULL`, with its name where it can have one, ` NULL`, or nothing, as CREATE TABLE has it.
    pub fn nullability(&self, column: &ColumnDef) -> String {
        if column.nullable == Some(false) || column.primary_key.is_some() {
            let name = column.not_null_name.as_deref().filter(|_| self.caps.table_named_not_null);
            let checked = column.nullable != Some(false) || column.not_null_validate;
            format!(" {}NOT NULL{}", self.constraint_head(name), self.unchecked(checked))
        } else if self.says_null(column) {
            " NULL".to_owned()
        } else {
            String::new()
        }
    }

    /// What leaves existing rows unchecked by a constraint of CREATE TABLE, with a blank behind it, as Liquibase
    /// writes it; nothing where they are checked or that cannot be chosen.
    pub fn unchecked(&self, checked: bool) -> &'static str {
        if checked || !self.caps.novalidate { "" } else { " ENABLE NOVALIDATE " }
    }

    /// Whether a column that may be NULL says so; what is computed from others takes no such word.
    pub fn says_null(&self, column: &ColumnDef) -> bool {
        self.caps.explicit_null
            && column.generated.is_none()
            && !column.type_text.as_deref().is_some_and(|t| DataType::parse(t).is_generated())
    }

    /// `CONSTRAINT name ` of a default, where defaults have names; one is made where none is given.
    pub fn default_constraint(&self, given: Option<&str>, table: &str, column: &str) -> String {
        if !self.caps.named_defaults {
            return String::new();
        }
        let given = given.map(str::trim).filter(|n| !n.is_empty());
        let name = given.map_or_else(|| format!("DF_{table}_{column}"), str::to_owned);
        format!("CONSTRAINT {} ", self.name(&name))
    }

    /// What a foreign key refers to, `table(columns)`.
    pub fn references(&self, key: &ColumnForeignKey) -> String {
        match &key.references {
            Some(references) if !self.caps.foreign_key_schema => {
                let at = references.find('(').unwrap_or(references.len());
                let (table, columns) = references.split_at(at);
                table.rsplit_once('.').map_or(table, |(_, name)| name).to_owned() + columns
            }
            // Written by hand: only a missing schema is put before it.
            Some(references) if references.contains('.') => references.clone(),
            Some(references) => match self.space_of(&ObjectName::default()) {
                Some(space) => format!("{space}.{references}"),
                None => references.clone(),
            },
            None => {
                let table = key.table.as_ref().map(|t| if self.caps.foreign_key_schema { self.qualified(t) } else { self.name(&t.name) });
                let table = table.unwrap_or_default();
                format!("{table}({})", self.names(key.columns.as_deref().unwrap_or("")))
            }
        }
    }

    /// The statement that sets the remarks of a column, where remarks are statements of their own.
    pub fn comment_on_column(&self, table: &ObjectName, column: &ColumnDef) -> Option<Action> {
        let remarks = said(column.remarks.as_deref())?;
        match self.caps.remarks {
            Remarks::CommentOn => {}
            Remarks::Statements => {
                let statement = SetColumnRemarks {
                    table: table.clone(),
                    column: column.name.clone(),
                    remarks: remarks.to_owned(),
                    type_text: column.type_text.clone(),
                    of_view: false,
                };
                return self.render(&statement.into()).ok()?.pop();
            }
            Remarks::Inline | Remarks::None => return None,
        }
        let text = format!("COMMENT ON COLUMN {}.{} IS {}", self.qualified(table), self.name(&column.name), self.string(remarks));
        Some(Action::Sql(Sql::new(text)))
    }
}

/// Remarks as a statement of their own sets them for what it makes: trimmed, and none when nothing is left.
pub fn said(remarks: Option<&str>) -> Option<&str> {
    remarks.map(str::trim).filter(|r| !r.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{h2, mysql, postgres, snowflake};
    use crate::sql::Version;

    #[test]
    fn identity_options_are_written_when_they_are_not_one() {
        let pg = Target::new(&postgres::DIALECT, None);
        let counting = |start: Option<&str>, by: Option<&str>, generation: Option<&str>| {
            pg.identity(&AutoIncrement {
                start: start.map(str::to_owned),
                by: by.map(str::to_owned),
                generation: generation.map(str::to_owned),
                on_null: None,
            })
            .unwrap_or_default()
        };
        assert_eq!(counting(None, None, None), "GENERATED BY DEFAULT AS IDENTITY");
        assert_eq!(counting(Some("100"), None, None), "GENERATED BY DEFAULT AS IDENTITY (START WITH 100)");
        assert_eq!(counting(Some("10"), Some("2"), Some("ALWAYS")), "GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 2)");
        assert_eq!(counting(Some("1"), Some("1"), None), "GENERATED BY DEFAULT AS IDENTITY");
        let old = Target::new(&postgres::DIALECT, Some(Version(9, 6, 0)));
        assert_eq!(old.identity(&AutoIncrement::default()), None);
        assert_eq!(Target::new(&mysql::DIALECT, None).identity(&AutoIncrement::default()).as_deref(), Some("AUTO_INCREMENT"));
        let from_ten = AutoIncrement { start: Some("10".into()), generation: Some("ALWAYS".into()), ..AutoIncrement::default() };
        for (dialect, version, expected) in [
            (&h2::DIALECT, None, "GENERATED BY DEFAULT AS IDENTITY (START WITH 10)"),
            (&h2::DIALECT, Some(Version(1, 4, 200)), "AUTO_INCREMENT (10)"),
            (&snowflake::DIALECT, None, "AUTOINCREMENT (10, 1)"),
        ] {
            assert_eq!(Target::new(dialect, version).identity(&from_ten).as_deref(), Some(expected));
        }
    }
}
