//! Which modifySql edits count in a run (filters §6).

use super::expression::{ContextExpression, LabelFilter, Labels, RuntimeContexts};
use crate::change::modify_sql::ModifySql;
use crate::sql::dbms;

impl ModifySql {
    /// Whether the edit is for this database and passes the contexts and labels of the run. An expression that
    /// cannot be evaluated is an error of the changelog, which does not run.
    pub fn applies_to(&self, database: &str, contexts: &RuntimeContexts, labels: &LabelFilter) -> bool {
        let by_database = dbms::matches(&self.dbms(), database, true);
        let own = ContextExpression::parse(self.context_filter().unwrap_or(""));
        let by_context = own.matches(contexts).unwrap_or(true);
        let by_label = labels.matches(&Labels::parse(self.labels().unwrap_or(""))).unwrap_or(true);
        by_database && by_context && by_label
    }
}
