//! What rendering asks of a live database while a changeset runs; one targeted query each.

use super::outbox::Outbox;
use super::run::{ChangesetError, Run, RunError};
use super::script::Script;
use super::session::no_connection;
use super::shadow::Shadow;
use crate::change::{Change, Context, NoTables, TableTypes};
use crate::changelog::ChangeSet;
use crate::changelog::resources::FileResources;
use crate::db::{Connection, DbError};
use crate::plan::filter::resources;
use crate::plan::render::{self, Failure, Undo};
use crate::snapshot::{columns, stored};
use crate::sql::{Action, ObjectName, RenderError, Target};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many answers one change may ask for; it asks for a handful of tables at most.
const ROUNDS: usize = 64;

/// Types of columns that were asked for before a change was rendered.
#[derive(Debug, Default)]
pub(super) struct KnownTypes(HashMap<String, String>);

impl TableTypes for KnownTypes {
    fn column_type(&self, _table: &ObjectName, column: &str) -> Option<String> {
        self.0.get(&column.to_lowercase()).cloned()
    }
}

impl Run<'_> {
    /// Types of the columns of the table that a change loads data into. What waits in `out` is sent before: it may make
    /// the table.
    ///
    /// # Errors
    /// When the database refuses the question or what waits.
    pub(super) async fn table_types(&mut self, changeset: &ChangeSet, change: &Change, out: &mut Outbox) -> Result<KnownTypes, RunError> {
        let Some(table) = change.as_type().table_to_load() else { return Ok(KnownTypes::default()) };
        if self.session.is_writing() {
            return Ok(KnownTypes::default());
        }
        self.send(out).await?;
        let target = self.session.target.clone();
        let asked = async { columns::of_tables(self.session.connection()?, &target, &table, &[&table.name]).await };
        let found = asked.await.map_err(|e| ChangesetError::new(changeset, e.to_string()))?;
        Ok(KnownTypes(found.into_iter().map(|c| (c.column.to_lowercase(), c.data_type)).collect()))
    }

    /// Answers what rendering asked for, into the target; false when it asked for nothing that can be had.
    async fn answer(&mut self, need: &RenderError, target: &mut Target) -> Result<bool, DbError> {
        if self.session.is_offline() {
            return Ok(false);
        }
        match need {
            RenderError::Invalid(_) => Ok(false),
            RenderError::NeedsTable { table, .. } => {
                let Some(found) = stored::table(self.behind_script().await?, table).await? else { return Ok(false) };
                let mut tables: BTreeMap<_, _> = (*target.stored_tables).clone();
                let is_new = tables.insert(table.to_lowercase(), found).is_none();
                target.stored_tables = Arc::new(tables);
                Ok(is_new)
            }
            RenderError::NeedsForeignKeys { table, .. } => {
                let found = stored::foreign_keys(self.session.connection()?, target, table).await?;
                let mut keys: BTreeMap<_, _> = (*target.foreign_keys).clone();
                let is_new = keys.insert(target.qualified(table), found).is_none();
                target.foreign_keys = Arc::new(keys);
                Ok(is_new)
            }
        }
    }

    /// The database as it is when what runs now is reached: a script that is being written has not run, so it is not the real one.
    async fn behind_script(&mut self) -> Result<&mut dyn Connection, DbError> {
        let session = &mut *self.session;
        let Some(definitions) = session.script.as_ref().and_then(Script::definitions) else { return session.connection() };
        if self.shadow.is_none() {
            let real = session.connection.as_mut().ok_or_else(no_connection)?;
            self.shadow = Some(Shadow::of(real.as_mut()).await?);
        }
        self.shadow.as_mut().ok_or_else(no_connection)?.behind(definitions).await
    }

    /// The context of a changeset's changes, without a connection.
    pub(super) fn context<'c>(&self, target: &'c Target, files: &'c FileResources<'c>, tables: &'c dyn TableTypes) -> Context<'c> {
        Context { target, resources: files, executing: !self.session.is_writing(), now: self.options.now, tables }
    }

    /// Renders a change just before it runs; asks the database for what the rendering needs. What waits in `out` is sent
    /// before it is asked.
    ///
    /// # Errors
    /// When the change cannot be rendered, or the database refuses an answer or what waits.
    pub(super) async fn render_change(
        &mut self,
        changeset: &ChangeSet,
        change: &Change,
        out: &mut Outbox,
    ) -> Result<Vec<Action>, RunError> {
        let types = self.table_types(changeset, change, out).await?;
        let (selection, files) = (self.selection, resources(self.changelog, changeset));
        self.render_asking(changeset, &types, &files, out, |cx| render::one_change_edited(changeset, change, cx, selection, false)).await
    }

    /// Renders what undoes a part of a changeset, as [`Run::render_change`].
    ///
    /// # Errors
    /// As [`Run::render_change`].
    pub(super) async fn render_undo(&mut self, changeset: &ChangeSet, part: &Undo, out: &mut Outbox) -> Result<Vec<Action>, RunError> {
        let (selection, files) = (self.selection, resources(self.changelog, changeset));
        self.render_asking(changeset, &NoTables, &files, out, |cx| render::undo(changeset, part, cx, selection)).await
    }

    async fn render_asking(
        &mut self,
        changeset: &ChangeSet,
        types: &(dyn TableTypes + Sync),
        files: &FileResources<'_>,
        out: &mut Outbox,
        render: impl Fn(&Context<'_>) -> Result<Vec<Action>, Failure>,
    ) -> Result<Vec<Action>, RunError> {
        let mut target = self.session.target.with_quoting(changeset.quoting);
        target.asks = !self.session.is_offline();
        for _ in 0..ROUNDS {
            let need = match render(&self.context(&target, files, types)) {
                Ok(actions) => return Ok(actions),
                Err(Failure::Render(need)) => need,
                Err(other) => return Err(ChangesetError::new(changeset, other.to_string()).into()),
            };
            self.send(out).await?;
            match self.answer(&need, &mut target).await {
                Ok(true) => {}
                // What undoes a future run starts from what is not there yet: then a script does without, where it can.
                Ok(false) | Err(_) if self.session.is_writing() && target.asks => target.asks = false,
                Ok(false) => return Err(ChangesetError::new(changeset, need.to_string()).into()),
                Err(error) => return Err(ChangesetError::new(changeset, error.to_string()).into()),
            }
        }
        Err(ChangesetError::new(changeset, "rendering asks for ever more tables").into())
    }
}
