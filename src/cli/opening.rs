//! From settings to what a run works on: connection, target, changelog, selection.

use super::log::Level;
use super::logged_connection::LoggedConnection;
use super::{Exit, Failure, Invocation, Output, clock};
use crate::changelog::expression::{LabelFilter, RuntimeContexts};
use crate::changelog::properties::{MissingProperty, Properties};
use crate::changelog::search_path::{DuplicateFileMode, SearchPath};
use crate::changelog::{Changelog, LoadOptions, load};
use crate::config::PasswordSource;
use crate::config::settings::{self as s};
use crate::db::DbError;
use crate::db::connect::{Address, ConnectOptions};
use crate::db::url::{DatabaseUrl, OfflineEndpoint, OutputLiquibaseSql};
use crate::diagnostic::{Severity, render_text};
use crate::dialect;
use crate::exec::event::Silent;
use crate::exec::script::{LedgerSql, Script};
use crate::exec::{Observer, Run, RunError, RunOptions, Session, Stop};
use crate::history::ledger::TableNames;
use crate::plan::Selection;
use crate::plan::programs::CustomClasses;
use crate::plan::validate::Report;
use crate::report::{date, validation};
use crate::secret::Secret;
use crate::source::text::Charset;
use crate::sql::{Target, Version};
use jiff::Zoned;
use std::path::PathBuf;
use std::time::Duration;

/// What a run works on.
#[derive(Debug)]
pub(super) struct Opened {
    /// The changelog; empty for commands that need none.
    pub changelog: Changelog,
    /// What is selected.
    pub selection: Selection,
    /// Where statements go.
    pub session: Session,
    /// Settings of the run.
    pub options: RunOptions,
    /// Asks runs to stop.
    stop: Stop,
}

/// What is settled before the changelog is loaded.
#[derive(Debug)]
pub(super) struct Connected {
    /// What is selected.
    pub selection: Selection,
    /// Where statements go.
    pub session: Session,
    /// Settings of the run.
    pub options: RunOptions,
}

/// What a command does with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// It runs statements: there must be a connection. A database that is a file is made where it is not there yet.
    Run,
    /// It looks at what earlier runs left, or changes that: there must be a connection, and no database is made for it.
    Existing,
    /// It writes SQL instead of running it.
    Write,
    /// It only looks: at the database, or offline at the history file.
    Read,
}

/// What a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needs {
    /// Whether it reads a changelog.
    pub changelog: bool,
    /// What it does with the database.
    pub access: Access,
}

impl Opened {
    /// A run over what was opened.
    pub(super) fn run<'a>(&'a mut self, observer: &'a mut dyn Observer) -> Run<'a> {
        let mut run = Run::new(&self.changelog, &self.selection, &mut self.session, observer, &self.options);
        run.stop = self.stop.clone();
        run
    }
}

/// Ends a session in good order: a server takes one that just vanishes for a failure of the client.
pub(super) async fn end(session: &mut Session) {
    if let Some(connection) = session.connection.take() {
        // The work is done or has failed; how the session ends changes nothing about it.
        drop(connection.close().await);
    }
}

impl Invocation {
    pub(super) fn required(&self, setting: &crate::config::Setting) -> Result<&str, Failure> {
        let text = self.settings.text(setting).filter(|t| !t.trim().is_empty());
        text.ok_or_else(|| Failure::usage(format!("Invalid argument '{}': missing required argument", setting.flag())))
    }

    fn password(&self) -> Result<Option<Secret>, Failure> {
        match self.settings.password() {
            PasswordSource::None => Ok(None),
            PasswordSource::Given(secret) => Ok(Some(secret)),
            PasswordSource::File { path, origin } => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|e| Failure::usage(format!("the password file {path} (from {origin}) cannot be read: {e}")))?;
                Ok(Some(Secret::new(text.lines().next().unwrap_or(""))))
            }
        }
    }

    /// Where the database is, with the credentials that were given apart.
    ///
    /// # Errors
    /// When the URL is missing or wrong, or the file of the password cannot be read.
    pub(super) fn url(&self) -> Result<DatabaseUrl, Failure> {
        let url = DatabaseUrl::parse(self.required(&s::URL)?).map_err(Failure::usage)?;
        Ok(url.with_credentials(self.settings.text(&s::USERNAME), self.password()?.as_ref()))
    }

    /// Connects (or not, offline), loads the changelog, and puts together the run.
    ///
    /// # Errors
    /// When the URL or the configuration is wrong, the database is not to be had, or the changelog has errors, which
    /// are shown.
    pub(super) async fn open(&self, needs: Needs, output: &mut Output) -> Result<Opened, Failure> {
        let connected = self.connect(needs, output).await?;
        self.load(connected, needs, output).await
    }

    /// The second half of [`Invocation::open`]: loads the changelog.
    ///
    /// # Errors
    /// When the changelog has errors, which are shown.
    pub(super) async fn load(&self, connected: Connected, needs: Needs, output: &mut Output) -> Result<Opened, Failure> {
        let mut opened = self.load_even_if_broken(connected, needs, output)?;
        if opened.changelog.problems.has_errors() {
            let (_, failure) = self.refuse_broken(&mut opened, needs.access == Access::Run, output).await;
            end(&mut opened.session).await;
            return Err(failure);
        }
        Ok(opened)
    }

    /// Shows what else is wrong with a changelog that has errors, in those changesets that could be read, so that everything is told in
    /// one pass. Gives that, and why nothing was run. `runs` is as in [`Run::check`].
    pub(super) async fn refuse_broken(&self, opened: &mut Opened, runs: bool, output: &mut Output) -> (Report, Failure) {
        let report = {
            let mut silent = Silent;
            let mut run = opened.run(&mut silent);
            match run.read_existing().await {
                Ok(()) => run.check(runs).unwrap_or_default(),
                // Whether a changeset was edited is not known then; the database is not what is wrong first.
                Err(_) => Report::default(),
            }
        };
        let changelog = &opened.changelog;
        let more = validation::diagnostics(&report, changelog);
        for problem in more.iter() {
            output.message(render_text(problem, &changelog.sources, output.color()).trim_end());
        }
        let errors = changelog.problems.iter().chain(more.iter()).filter(|d| d.severity == Severity::Error).count();
        let noun = if errors == 1 { "error" } else { "errors" };
        // As it was asked for: a root that is not found is below no root.
        let name = self.settings.text(&s::CHANGELOG_FILE).unwrap_or(&changelog.path);
        (report, Failure::new(Exit::Changelog, format!("{errors} {noun} in the changelog {name}; nothing was run")))
    }

    /// As [`Invocation::open`], but errors in the changelog are only shown.
    ///
    /// # Errors
    /// When the URL or the configuration is wrong, or the database is not to be had.
    pub(super) async fn open_even_if_broken(&self, needs: Needs, output: &mut Output) -> Result<Opened, Failure> {
        let connected = self.connect(needs, output).await?;
        self.load_even_if_broken(connected, needs, output)
    }

    /// The first half of [`Invocation::open`]: connects (or not, offline) and settles what does not depend on the changelog.
    ///
    /// # Errors
    /// When the URL or the configuration is wrong, or the database is not to be had.
    pub(super) async fn connect(&self, needs: Needs, output: &mut Output) -> Result<Connected, Failure> {
        let now = clock::now();
        if needs.changelog {
            self.check_search_path(output)?;
        }
        let url = self.url()?;
        for warning in url.warnings() {
            output.message(format!("WARNING: {warning}"));
        }
        let mut options = self.run_options(&now);
        let mut session = match url.offline() {
            Some(offline) => {
                options.ledger_sql = match offline.output_liquibase_sql {
                    OutputLiquibaseSql::None => LedgerSql::None,
                    OutputLiquibaseSql::DataOnly => LedgerSql::DataOnly,
                    OutputLiquibaseSql::All => LedgerSql::All,
                };
                options.offline_history = Some(PathBuf::from(offline.change_log_file.as_deref().unwrap_or("databasechangelog.csv")));
                offline_session(offline, &url, output)?
            }
            None => self.live_session(url.clone(), needs.access, output).await?,
        };
        self.target_settings(&mut session, output).await?;
        let looks_offline = needs.access == Access::Read && session.is_offline();
        if needs.access == Access::Write || looks_offline {
            session.script = Some(Script::new(session.target.dialect, self.settings.text(&s::OUTPUT_LINE_SEPARATOR).unwrap_or("\n")));
        } else if session.is_offline() {
            let name = self.settings.command().name;
            return Err(Failure::usage(format!("'{name}' needs a database; an offline URL can only be used by commands that write SQL")));
        }
        let selection = Selection {
            database: session.target.dialect.id.to_owned(),
            contexts: RuntimeContexts::parse(self.settings.text(&s::CONTEXT_FILTER).unwrap_or("")),
            labels: LabelFilter::parse(self.settings.text(&s::LABEL_FILTER).unwrap_or("")),
        };
        if let Some(connection) = &session.connection {
            let server = connection.server();
            options.custom_environment = custom_environment(&url, server);
        }
        Ok(Connected { selection, session, options })
    }

    /// A session with the database of a URL. Where only [`Access::Run`] would make the database, an empty one in memory stands for it.
    ///
    /// # Errors
    /// When the database is not to be had, or is none that is known here.
    async fn live_session(&self, mut url: DatabaseUrl, access: Access, output: &mut Output) -> Result<Session, Failure> {
        if access != Access::Run
            && let Some(file) = url.file_to_make()
        {
            output.message(format!(
                "WARNING: there is no database {} yet: an empty one stands for it, and `{}` does not make it; check the URL",
                file.display(),
                self.settings.command().name
            ));
            url = url.in_memory();
        }
        let address = Address { url, options: connect_options() };
        let connection = address.connect().await.map_err(connection_failure)?;
        // Kept for taking away what a run leaves behind when it is dropped; a command connects once.
        drop(self.connected.set(address.clone()));
        let connection = LoggedConnection::wrap(connection, output.log());
        let server = connection.server().clone();
        let dialect = dialect::by_name(server.dialect).ok_or_else(|| Failure::usage(format!("{} is not supported", server.product)))?;
        let mut target = Target::new(dialect, Version::parse(&server.version));
        target.offline = false;
        if target.caps.schemas {
            target.default_schema.clone_from(&server.schema);
        } else if target.caps.database_in_names {
            target.default_catalog = server.database.clone().or_else(|| server.schema.clone());
        }
        let display = if server.user.is_empty() { server.display_url.clone() } else { format!("{}@{}", server.user, server.display_url) };
        Ok(Session { connection: Some(connection), address: Some(address), script: None, target, display })
    }

    fn load_even_if_broken(&self, connected: Connected, needs: Needs, output: &mut Output) -> Result<Opened, Failure> {
        let Connected { selection, session, options } = connected;
        let changelog = if needs.changelog { self.changelog(&session.target, &selection, output)? } else { Changelog::empty() };
        Ok(Opened { changelog, selection, session, options, stop: self.stop.clone() })
    }

    /// Where the changelog and its files are looked for.
    pub(super) fn search_path(&self) -> SearchPath {
        let duplicates = match self.word(&s::DUPLICATE_FILE_MODE).as_str() {
            "ERROR" | "" => DuplicateFileMode::Error,
            _ => DuplicateFileMode::First,
        };
        SearchPath::new(self.settings.search_roots().into_iter().map(PathBuf::from).collect(), duplicates).noting(&self.passed_over)
    }

    /// Tells which places of the search path nothing can be read from: Liquibase passes over them in silence.
    ///
    /// # Errors
    /// With `--strict`, when there is one.
    fn check_search_path(&self, output: &mut Output) -> Result<(), Failure> {
        for (root, reason) in self.search_path().unusable() {
            let text = format!("nothing is read from {root} of the search path: {reason}");
            if self.settings.is_on(&s::STRICT) {
                return Err(Failure::usage(text));
            }
            output.message(format!("WARNING: {text}"));
        }
        Ok(())
    }

    /// Tells which files were not read because another directory of the search path has the same path.
    pub(super) fn tell_passed_over(&self, output: &mut Output) {
        let mode = self.word(&s::DUPLICATE_FILE_MODE);
        for (path, files) in self.passed_over.files() {
            let text =
                format!("Found {} files with the path '{path}'; the first one was read:\n    - {}", files.len(), files.join("\n    - "));
            match mode.as_str() {
                "WARN" => output.message(format!("WARNING: {text}")),
                "INFO" => output.log().line(Level::Info, "resource", text),
                "DEBUG" => output.log().line(Level::Fine, "resource", text),
                _ => {}
            }
        }
    }

    /// The value of a setting of fixed words, in upper case.
    fn word(&self, setting: &crate::config::Setting) -> String {
        self.settings.text(setting).unwrap_or("").to_ascii_uppercase()
    }

    /// The parameters of the changelog that do not come from the environment, in the order of their precedence.
    pub(super) fn given_parameters(&self, target: &Target) -> impl Iterator<Item = (String, String)> {
        let given = self.settings.parameters().iter().map(|p| (p.name.clone(), p.value.clone()));
        database_parameters(target).into_iter().chain(given)
    }

    async fn target_settings(&self, session: &mut Session, output: &mut Output) -> Result<(), Failure> {
        let target = &mut session.target;
        let schema = self.settings.text(&s::DEFAULT_SCHEMA_NAME).filter(|t| !t.is_empty()).map(str::to_owned);
        let catalog = self.settings.text(&s::DEFAULT_CATALOG_NAME).filter(|t| !t.is_empty()).map(str::to_owned);
        target.preserve_schema_case = self.settings.is_on(&s::PRESERVE_SCHEMA_CASE);
        // An offline URL may have switched them off already.
        target.output_default_schema &= self.settings.text(&s::OUTPUT_DEFAULT_SCHEMA).is_none_or(|t| t.eq_ignore_ascii_case("true"));
        target.output_default_catalog &= self.settings.text(&s::OUTPUT_DEFAULT_CATALOG).is_none_or(|t| t.eq_ignore_ascii_case("true"));
        target.always_drop_instead_of_replace = self.settings.is_on(&s::ALWAYS_DROP_INSTEAD_OF_REPLACE);
        if self.word(&s::SQL_SPLITTING) == "LIQUIBASE" {
            target.lexis = None;
        }
        target.use_procedure_schema = self.settings.is_on(&s::USE_PROCEDURE_SCHEMA);
        target.caps.reorganizes_tables &= self.settings.is_on(&s::AUTO_REORG);
        if target.caps.schemas {
            if catalog.is_some() {
                output.message("WARNING: this database does not support catalogs in names, so default-catalog-name is ignored");
            }
            if let Some(schema) = schema {
                let folds = session.connection.is_none() && !target.preserve_schema_case;
                target.default_schema = Some(if folds { target.stored_space(&schema) } else { schema });
                if let (Some(set), Some(connection)) = (target.set_schema(), &mut session.connection) {
                    connection.execute(&set).await.map_err(RunError::from)?;
                }
            }
        } else if let Some(space) = catalog.or(schema) {
            let folds = session.connection.is_none() && !target.preserve_schema_case;
            target.default_catalog = Some(if folds { target.stored_space(&space) } else { space });
            target.catalog_is_explicit = true;
            if let (Some(set), Some(connection)) = (target.set_schema(), &mut session.connection) {
                connection.execute(&set).await.map_err(RunError::from)?;
            }
        }
        if session.connection.is_some() && target.caps.database_in_names && target.default_catalog.is_none() {
            return Err(Failure::usage(
                "the URL names no database, and tables must be in one; write it behind the host, as in mysql://user@host:3306/database",
            ));
        }
        if self.settings.is_on(&s::ALWAYS_OVERRIDE_STORED_LOGIC_SCHEMA) {
            target.stored_logic_schema = target.default_schema.clone().or_else(|| target.default_catalog.clone());
        }
        Ok(())
    }

    /// Loads the changelog and shows what is wrong with it.
    ///
    /// # Errors
    /// When none is named.
    fn changelog(&self, target: &Target, selection: &Selection, output: &mut Output) -> Result<Changelog, Failure> {
        let file = self.required(&s::CHANGELOG_FILE)?.to_owned();
        let missing = match self.word(&s::MISSING_PROPERTY_MODE).as_str() {
            "EMPTY" => MissingProperty::Empty,
            "ERROR" => MissingProperty::Error,
            _ => MissingProperty::Preserve,
        };
        let properties = Properties::new(self.environment.variables().iter().cloned(), self.given_parameters(target))
            .with_mode(missing, self.settings.is_on(&s::SUPPORT_PROPERTY_ESCAPING));
        let encoding = self.settings.text(&s::FILE_ENCODING).unwrap_or("UTF-8");
        if Charset::of(encoding).is_none() {
            let known = "write `UTF-8`, `ISO-8859-1` or another standard name";
            return Err(Failure::usage(format!("the file encoding '{encoding}' is not known; {known}")));
        }
        let options = LoadOptions {
            database: Some(target.dialect.id.to_owned()),
            known_databases: dialect::DATABASE_NAMES,
            lexis: target.lexis,
            contexts: selection.contexts.clone(),
            labels: selection.labels.clone(),
            encoding: encoding.to_owned(),
            validate_xml: self.settings.is_on(&s::VALIDATE_XML_CHANGELOG_FILES),
            strict_parse: self.word(&s::CHANGELOG_PARSE_MODE) != "LAX",
            warn_missing_include: self.word(&s::ON_MISSING_INCLUDE_CHANGELOG) == "WARN",
            ..LoadOptions::default()
        };
        let mut changelog = load(&file, self.search_path(), properties, options);
        if self.settings.is_on(&s::STRICT) {
            changelog.problems.make_strict();
        }
        for problem in changelog.problems.iter() {
            output.message(render_text(problem, &changelog.sources, output.color()).trim_end());
        }
        Ok(changelog)
    }

    fn run_options(&self, now: &Zoned) -> RunOptions {
        let text = |setting| self.settings.text(setting).filter(|t| !t.is_empty()).map(str::to_owned);
        let seconds =
            |setting, unit: u64, default: u64| Duration::from_secs(self.settings.number(setting).unwrap_or(default).saturating_mul(unit));
        let millis = now.timestamp().as_millisecond().to_string();
        let names = TableNames::default();
        RunOptions {
            tables: TableNames {
                ledger: text(&s::DATABASE_CHANGELOG_TABLE_NAME).unwrap_or(names.ledger),
                lock: text(&s::DATABASE_CHANGELOG_LOCK_TABLE_NAME).unwrap_or(names.lock),
                schema: text(&s::LIQUIBASE_SCHEMA_NAME),
                catalog: text(&s::LIQUIBASE_CATALOG_NAME),
                tablespace: text(&s::LIQUIBASE_TABLESPACE_NAME),
            },
            lock_wait: seconds(&s::CHANGELOG_LOCK_WAIT_TIME_IN_MINUTES, 60, 5),
            lock_poll: seconds(&s::CHANGELOG_LOCK_POLL_RATE, 1, 10),
            lock_owner: lock_owner(&host_name(self)),
            session_lock: self.settings.text(&s::SESSION_LOCK) != Some("off"),
            stale_lock: self.settings.number(&s::STALE_LOCK_SECONDS).map(Duration::from_secs),
            deployment_id: millis[millis.len().saturating_sub(10)..].to_owned(),
            now: now.datetime().to_zoned(jiff::tz::TimeZone::UTC).map(|z| z.timestamp().as_second()).unwrap_or(0),
            ran_at: date::short(now.datetime()),
            allow_duplicates: self.settings.is_on(&s::ALLOW_DUPLICATED_CHANGESET_IDENTIFIERS),
            allow_commands: self.settings.is_on(&s::ALLOW_COMMANDS) && self.settings.is_on(&s::ALLOW_EXECUTE_COMMAND),
            forbids_sql_checks: !self.settings.is_on(&s::ALLOW_SQL_PRECONDITION),
            custom_classes: CustomClasses {
                programs: self.settings.programs().iter().map(|p| (p.class.clone(), p.path.clone())).collect(),
                forbids_changes: !self.settings.is_on(&s::ALLOW_CUSTOM_CHANGE),
            },
            custom_environment: Vec::new(),
            ledger_sql: if self.settings.is_on(&s::SUPPRESS_LIQUIBASE_SQL) { LedgerSql::None } else { LedgerSql::All },
            offline_history: None,
            started: now.datetime().to_string(),
            strict: self.settings.is_on(&s::STRICT),
        }
    }
}

/// Who holds the lock: unique to this process, so that a lock is only ever given back by its owner. The form is
/// Liquibase's, `host#description (address)`.
fn lock_owner(host: &str) -> String {
    let address = std::net::UdpSocket::bind("0.0.0.0:0")
        // Connecting a datagram socket sends nothing: it only chooses the address that would be sent from.
        .and_then(|socket| socket.connect("192.0.2.1:9").and_then(|()| socket.local_addr()))
        .map(|a| a.ip().to_string())
        .unwrap_or_else(|_| "localhost".to_owned());
    let unique = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map(|d| d.subsec_nanos()).unwrap_or(0);
    format!("{host}#changelog-{}-{unique:x} ({address})", std::process::id())
}

/// The predefined `database.*` parameters.
fn database_parameters(target: &Target) -> Vec<(String, String)> {
    let version = target.version.map(|v| (v.0.to_string(), v.1.to_string())).unwrap_or_else(|| ("999".into(), "-1".into()));
    let schema = target.default_schema.clone().or_else(|| target.default_catalog.clone());
    let mut list = vec![
        ("database.typeName".to_owned(), target.dialect.id.to_owned()),
        ("database.databaseProductName".to_owned(), target.dialect.product.to_owned()),
        ("database.databaseMajorVersion".to_owned(), version.0),
        ("database.databaseMinorVersion".to_owned(), version.1),
        ("database.currentDateTimeFunction".to_owned(), target.dialect.now.to_owned()),
        ("database.lineComment".to_owned(), target.dialect.line_comment.trim().to_owned()),
        ("database.supportsSequences".to_owned(), target.caps.sequences.to_string()),
        ("database.supportsTablespaces".to_owned(), target.caps.tablespaces.to_string()),
        ("database.autoIncrementClause".to_owned(), target.dialect.auto_increment_words.to_owned()),
    ];
    if let Some(schema) = schema {
        list.push(("database.defaultSchemaNamePrefix".to_owned(), format!("{schema}.")));
        list.push(("database.defaultSchemaName".to_owned(), schema));
    }
    list
}

/// What programs that stand for Java classes get in their environment.
fn custom_environment(url: &DatabaseUrl, server: &crate::db::Server) -> Vec<(String, String)> {
    let mut list = vec![
        ("CHANGELOG_DATABASE_URL".to_owned(), url.display_url().to_owned()),
        ("CHANGELOG_DATABASE_DIALECT".to_owned(), server.dialect.to_owned()),
        ("CHANGELOG_DATABASE_USER".to_owned(), server.user.clone()),
    ];
    if let Some(password) = url.password() {
        list.push(("CHANGELOG_DATABASE_PASSWORD".to_owned(), password.expose().to_owned()));
    }
    list
}

/// The name of this machine: what the environment says, else what the system keeps.
fn host_name(invocation: &Invocation) -> String {
    let from_environment = ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|n| invocation.environment.get(n)).filter(|h| !h.is_empty());
    let kept = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|h| h.trim().to_owned());
    from_environment.map(str::to_owned).or_else(kept).unwrap_or_else(|| "localhost".to_owned())
}

/// The session runs in the time zone of this machine, as with the JDBC driver: defaults such as `now()` in a
/// timestamp column depend on it.
fn connect_options() -> ConnectOptions {
    let time_zone = clock::zone().iana_name().map(str::to_owned);
    ConnectOptions { time_zone, ..ConnectOptions::default() }
}

fn connection_failure(error: DbError) -> Failure {
    Failure::new(Exit::Connection, error.to_string())
}

/// A session without a connection, for the dialect that an offline URL names.
///
/// # Errors
/// When there is no such dialect.
fn offline_session(offline: &OfflineEndpoint, url: &DatabaseUrl, output: &mut Output) -> Result<Session, Failure> {
    let dialect = dialect::by_name(&offline.vendor).ok_or_else(|| {
        let known: Vec<&str> = dialect::ALL.iter().map(|d| d.id).collect();
        let vendor = &offline.vendor;
        Failure::usage(format!("'{vendor}' is not a database that SQL can be written for; there are {}", known.join(", ")))
    })?;
    let mut target = Target::new(dialect, offline.version.as_deref().and_then(Version::parse));
    target.default_catalog.clone_from(&offline.catalog);
    if let Some(schema) = &offline.default_schema_name {
        // It is written as the server folds it.
        let space = target.stored_space(schema);
        if target.caps.schemas {
            target.default_schema = Some(space);
        } else {
            target.default_catalog.get_or_insert(space);
        }
    }
    target.case_sensitive = offline.case_sensitive == Some(true);
    let unread = offline_properties(&mut target, &offline.properties);
    for name in without_effect(offline, &target).chain(unread) {
        output.message(format!("WARNING: the parameter `{name}` of the offline URL has no effect"));
    }
    Ok(Session { connection: None, address: None, script: None, target, display: format!("null@{}", url.display_url()) })
}

/// Parameters of an offline URL that are read and that nothing depends on with this target.
fn without_effect<'a>(offline: &'a OfflineEndpoint, target: &Target) -> impl Iterator<Item = &'a str> {
    let is_vain = offline.case_sensitive.is_some() && !target.caps.letter_case_by_setup;
    is_vain.then_some("caseSensitive").into_iter().chain(offline.without_effect.iter().copied())
}

/// What an offline URL says of names beside its own parameters: properties of Liquibase's database object. Gives the names of
/// those that are none.
fn offline_properties<'a>(target: &mut Target, properties: &'a [(String, String)]) -> Vec<&'a str> {
    let mut unread = Vec::new();
    for (name, value) in properties {
        let is_on = value.eq_ignore_ascii_case("true");
        match name.as_str() {
            "defaultCatalogName" if value.is_empty() => {}
            "defaultCatalogName" => {
                target.default_catalog = Some(value.clone());
                target.catalog_is_explicit = true;
            }
            "outputDefaultSchema" => target.output_default_schema = is_on,
            "outputDefaultCatalog" => target.output_default_catalog = is_on,
            _ => unread.push(name.as_str()),
        }
    }
    unread
}
