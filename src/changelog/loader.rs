//! Loading: from the root file, through its includes, to changesets in order.

use super::changeset::{ChangeSet, Inherited, RunOrder};
use super::expression::{ContextExpression, LabelFilter, RuntimeContexts};
use super::properties::Properties;
use super::read_ahead::{self, Ahead, Unread};
use super::search_path::{SearchError, SearchPath};
use super::{FileScope, elements, include, path};
use crate::diagnostic::{
    BAD_EXPRESSION, BAD_VALUE, DUPLICATE_FILE, Diagnostic, Diagnostics, FILE_NOT_FOUND, FILE_UNREADABLE, IGNORED_ATTRIBUTE, INCLUDE_LOOP,
    OUTSIDE_SEARCH_PATH, Severity, UNKNOWN_DBMS, UNKNOWN_ELEMENT, UNKNOWN_FORMAT,
};
use crate::precondition::{Preconditions, ReadMode};
use crate::source::limits::Limits;
use crate::source::{Format, Node, formatted_sql, plain_sql};
use crate::span::{SourceMap, Span};
use crate::sql::splitter::Lexis;
use crate::sql::{Quoting, dbms};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What loading depends on beside the files.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// Short name of the database; changesets for others are set apart. `None` keeps all.
    pub database: Option<String>,
    /// The short names of all databases; other names in `dbms` lists are told. Empty when they are not known.
    pub known_databases: &'static [&'static str],
    /// Runtime contexts, for properties.
    pub contexts: RuntimeContexts,
    /// Label filter, for properties.
    pub labels: LabelFilter,
    /// The encoding of files without a byte order mark.
    pub encoding: String,
    /// Whether unknown elements with children are errors (`changelog-parse-mode`).
    pub strict_parse: bool,
    /// Whether XML must be valid against its schema (`validate-xml-changelog-files`).
    pub validate_xml: bool,
    /// Whether a missing include is only told (`on-missing-include-changelog` WARN).
    pub warn_missing_include: bool,
    /// The rules that rollback SQL is split by; without them it is split exactly as Liquibase does.
    pub lexis: Option<&'static Lexis>,
    /// How many threads may parse files at a time.
    pub threads: usize,
    /// Limits against hostile input.
    pub limits: Limits,
}

impl Default for LoadOptions {
    fn default() -> Self {
        LoadOptions {
            database: None,
            known_databases: &[],
            contexts: RuntimeContexts::default(),
            labels: LabelFilter::default(),
            encoding: "UTF-8".to_owned(),
            strict_parse: true,
            validate_xml: true,
            warn_missing_include: false,
            lexis: None,
            threads: read_ahead::threads(),
            limits: Limits::default(),
        }
    }
}

/// A loaded changelog.
#[derive(Debug)]
pub struct Changelog {
    /// The path of the root file.
    pub path: String,
    /// All files, for messages.
    pub sources: SourceMap,
    /// The changesets in the order in which they run.
    pub changesets: Vec<Arc<ChangeSet>>,
    /// Changesets whose `dbms` is for other databases.
    pub for_other_databases: Vec<Arc<ChangeSet>>,
    /// What must hold before anything runs: one container for each file that has one.
    pub preconditions: Vec<Preconditions>,
    /// The quoting strategy that the root file says, which `expectedQuotingStrategy` asks for, wherever it stands. XML
    /// that says nothing says LEGACY, which is its schema's default; other formats then say nothing.
    pub quoting: Option<Quoting>,
    /// The parameters.
    pub properties: Properties,
    /// Where files are looked for.
    pub search: SearchPath,
    /// The encoding of files that do not say theirs.
    pub encoding: String,
    /// Everything that is wrong or doubtful.
    pub problems: Diagnostics,
}

impl Changelog {
    /// A changelog without anything, for commands that only look at the ledger.
    pub fn empty() -> Changelog {
        Changelog {
            path: String::new(),
            sources: SourceMap::new(),
            changesets: Vec::new(),
            for_other_databases: Vec::new(),
            preconditions: Vec::new(),
            quoting: None,
            properties: Properties::default(),
            search: SearchPath::new(Vec::new(), super::search_path::DuplicateFileMode::Error),
            encoding: "UTF-8".to_owned(),
            problems: Diagnostics::new(),
        }
    }

    /// Whether nothing in a changeset is wrong, as far as reading tells.
    pub fn is_whole(&self, changeset: &ChangeSet) -> bool {
        let whole = changeset.span;
        let is_inside = |span: Span| span.file == whole.file && whole.start <= span.start && span.start < whole.end;
        !self.problems.iter().any(|d| d.severity == Severity::Error && d.span.is_some_and(is_inside))
    }
}

/// Loads a changelog. Problems are collected in the result; it can be used when they have no errors.
pub fn load(root: &str, search: SearchPath, mut properties: Properties, options: LoadOptions) -> Changelog {
    properties.note_in(search.inputs());
    let mut loader = Loader {
        options,
        search,
        properties,
        sources: SourceMap::new(),
        problems: Diagnostics::new(),
        changesets: Vec::new(),
        for_other_databases: Vec::new(),
        preconditions: Vec::new(),
        stack: Vec::new(),
        included_all: HashSet::new(),
        by_identity: HashMap::new(),
        quoting: None,
        ahead: Ahead::new(),
    };
    let path = path::normalise(&loader.search.relative(root));
    loader.file(&Arrival { path: path.clone(), asked: root.to_owned(), ..Arrival::default() });
    Changelog {
        path,
        sources: loader.sources,
        changesets: in_run_order(loader.changesets),
        for_other_databases: loader.for_other_databases,
        preconditions: loader.preconditions,
        quoting: loader.quoting,
        properties: loader.properties,
        search: loader.search,
        encoding: loader.options.encoding,
        problems: loader.problems,
    }
}

/// Why a file could not be had, and what helps.
pub(super) fn search_problem(error: &SearchError) -> Diagnostic {
    let (code, hint) = match error {
        SearchError::NotFound { .. } => (FILE_NOT_FOUND, None),
        SearchError::Duplicate { .. } => (DUPLICATE_FILE, Some("set --duplicate-file-mode=WARN to take the first one")),
        SearchError::Outside { .. } => (OUTSIDE_SEARCH_PATH, Some("add the folder with --search-path and name the file from there")),
        SearchError::Unreadable { .. } => (FILE_UNREADABLE, None),
    };
    let problem = Diagnostic::error(code, error.to_string());
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// `first` changesets lead and `last` ones trail, each group in reading order.
fn in_run_order(changesets: Vec<Arc<ChangeSet>>) -> Vec<Arc<ChangeSet>> {
    let (mut first, mut middle, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for c in changesets {
        match c.run_order {
            Some(RunOrder::First) => first.push(c),
            None => middle.push(c),
            Some(RunOrder::Last) => last.push(c),
        }
    }
    first.append(&mut middle);
    first.append(&mut last);
    first
}

/// How a file is reached.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrival {
    /// Normalised path.
    pub(super) path: String,
    /// The path as the user wrote it.
    pub(super) asked: String,
    /// The place of the include, if any.
    pub(super) span: Option<Span>,
    /// What the including files impose.
    pub(super) inherited: Inherited,
    /// Property keys of the including files, nearest first.
    pub(super) outer: Vec<String>,
    /// Whether the include itself says `ignore`.
    pub(super) ignore: bool,
    /// What a surrounding modifyChangeSets sets.
    pub(super) modify: ModifyChangeSets,
    /// Whether a file that is no changelog is passed over (includeAll).
    pub(super) skip_unknown: bool,
}

/// What `modifyChangeSets` sets on the changesets that it surrounds.
#[derive(Debug, Clone, Default)]
pub(super) struct ModifyChangeSets {
    pub(super) run_with: Option<String>,
}

/// The state of the file that is being read.
#[derive(Debug, Clone)]
pub(super) struct FileState {
    /// How it was reached.
    pub(super) arrival: Arrival,
    /// Its format.
    pub(super) format: Format,
    /// Its logical path as written, if any; that of formatted SQL is expanded for each changeset anew.
    pub(super) logical_path: Option<String>,
    /// What names are seen from it.
    pub(super) scope: Arc<FileScope>,
    /// What it imposes on its changesets.
    pub(super) inherited: Arc<Inherited>,
    /// Its quoting strategy.
    pub(super) quoting: Quoting,
    /// Whether it is formatted SQL, whose paths are normalised fully.
    pub(super) formatted: bool,
    /// Whether it is a plain SQL file, in which nothing is expanded.
    pub(super) plain: bool,
    /// The attributes that columns of addColumn lose (`removeChangeSetProperty`).
    pub(super) removed_properties: Vec<String>,
}

impl FileState {
    /// The state before the attributes of the root are read.
    fn new(root: &Node, arrival: &Arrival, format: Format, scope: FileScope) -> Self {
        FileState {
            arrival: arrival.clone(),
            format,
            logical_path: None,
            scope: Arc::new(scope),
            inherited: Arc::new(arrival.inherited.clone()),
            quoting: Quoting::Legacy,
            formatted: root.child(formatted_sql::FORMATTED).is_some(),
            plain: root.child(plain_sql::PLAIN).is_some(),
            removed_properties: Vec::new(),
        }
    }

    /// Whether the format refuses what it does not know.
    pub(super) fn validated(&self, options: &LoadOptions) -> bool {
        self.format == Format::Xml && options.validate_xml
    }
}

pub(super) struct Loader {
    pub(super) options: LoadOptions,
    pub(super) search: SearchPath,
    pub(super) properties: Properties,
    pub(super) sources: SourceMap,
    pub(super) problems: Diagnostics,
    pub(super) changesets: Vec<Arc<ChangeSet>>,
    pub(super) for_other_databases: Vec<Arc<ChangeSet>>,
    pub(super) preconditions: Vec<Preconditions>,
    /// Paths of the files being read, outermost first.
    pub(super) stack: Vec<String>,
    /// includeAll folders being read, to find loops.
    pub(super) included_all: HashSet<String>,
    /// All changesets by identity text, for rollback references.
    pub(super) by_identity: HashMap<String, Vec<Arc<ChangeSet>>>,
    quoting: Option<Quoting>,
    /// Included files that were read before their turn.
    pub(super) ahead: Ahead,
}

impl Loader {
    /// Reads one file and all that it includes.
    pub(super) fn file(&mut self, arrival: &Arrival) {
        if self.stack.contains(&arrival.path) {
            let mut chain = self.stack.clone();
            chain.push(arrival.path.clone());
            return self.problem(Diagnostic::error(INCLUDE_LOOP, format!("changelogs include each other: {}", chain.join(" → "))), arrival);
        }
        let Some(format) = Format::of(&arrival.path) else {
            let message = format!("'{}' is no changelog by its name", arrival.asked);
            let hint = "changelogs end in .yaml, .yml, .json, .xml or .sql";
            let problem = if arrival.skip_unknown {
                Diagnostic::warning(crate::diagnostic::IGNORED_FILE, format!("{message}; it is passed over"))
            } else {
                Diagnostic::error(UNKNOWN_FORMAT, message)
            };
            return self.problem(problem.hint(hint), arrival);
        };
        let parsed = match self.parsed(&arrival.path, format) {
            Ok(parsed) => parsed,
            Err(Unread::Search(error)) => return self.refuse_file(&error, arrival),
            Err(Unread::Text(problem)) => return self.problems.push(problem),
        };
        self.problems.extend(parsed.problems);
        let Some(root) = parsed.root else { return };
        self.stack.push(arrival.path.clone());
        self.root(root, arrival, format);
        self.stack.pop();
    }

    fn refuse_file(&mut self, error: &SearchError, arrival: &Arrival) {
        let is_root = arrival.span.is_none();
        let problem = match error {
            SearchError::NotFound { .. } if self.search.is_folder(&arrival.path) => {
                Diagnostic::error(FILE_NOT_FOUND, format!("{} is a folder, where a file is needed", arrival.asked))
                    .hint("name a file in it; a changelog can include all files of a folder with `includeAll`")
            }
            SearchError::NotFound { roots, .. } => {
                let problem = if is_root {
                    Diagnostic::error(FILE_NOT_FOUND, format!("{} does not exist", arrival.asked))
                        .hint(format!("it was looked for below {}; set --search-path to look elsewhere", roots.join(", ")))
                } else {
                    search_problem(error)
                };
                let beside = self.search.beside(&arrival.path);
                let problem = problem.did_you_mean(&arrival.path, beside.iter().map(String::as_str));
                if self.options.warn_missing_include && !is_root { Diagnostic { severity: Severity::Warning, ..problem } } else { problem }
            }
            other => search_problem(other),
        };
        self.problem(problem, arrival);
    }

    /// Adds a problem at the include, or naming the file when it is the root.
    pub(super) fn problem(&mut self, problem: Diagnostic, arrival: &Arrival) {
        self.problems.push(match arrival.span {
            Some(span) => problem.at(span),
            None => problem.in_file(arrival.asked.clone()),
        });
    }

    fn root(&mut self, mut root: Node, arrival: &Arrival, format: Format) {
        // YAML and JSON set all properties of a file before anything of it is expanded (changelog-formats §7.1).
        let provisional = FileScope { path: arrival.path.clone(), properties: self.keys(&root, arrival) };
        let mut state = FileState::new(&root, arrival, format, provisional);
        let early = matches!(format, Format::Yaml | Format::Json);
        if early {
            for node in root.children_named("property") {
                self.element(&mut node.clone(), &mut state);
            }
        }
        self.root_attributes(&mut root, &mut state);
        // Where a name has a parameter, its turn must come first.
        let included: Vec<Option<String>> =
            root.children_named("include").map(|n| include::target(n, &state).filter(|path| !path.contains("${"))).collect();
        let mut windows = included.chunks(read_ahead::WINDOW);
        let mut passed = 0;
        for mut child in std::mem::take(&mut root.children) {
            match &*child.name {
                "property" if early => continue,
                "include" => {
                    if passed % read_ahead::WINDOW == 0 {
                        self.read_ahead(windows.next().into_iter().flatten().flatten().map(String::as_str));
                    }
                    passed += 1;
                }
                _ => {}
            }
            self.element(&mut child, &mut state);
        }
    }

    /// Reads one element of a changelog.
    fn element(&mut self, node: &mut Node, state: &mut FileState) {
        match &*node.name {
            "property" => {
                self.expand(node, state);
                self.property(node, state);
            }
            "changeSet" => {
                self.expand_changeset(node, state);
                self.changeset(node, state);
            }
            "include" => {
                self.expand(node, state);
                self.include(node, state);
            }
            "includeAll" => {
                self.expand(node, state);
                self.include_all(node, state);
            }
            "modifyChangeSets" => {
                self.expand(node, state);
                self.modify_changesets(node, state);
            }
            "preConditions" | "preconditions" => {
                self.expand(node, state);
                let container = Preconditions::read(node, self.read_mode(state), &mut self.problems);
                self.preconditions.push(container);
            }
            "removeChangeSetProperty" => {
                self.expand(node, state);
                self.remove_property(node, state);
            }
            name if formatted_sql::is_marker(name) || elements::has(elements::ROOT, name) => {}
            _ => self.unknown_element(node, state),
        }
    }

    fn unknown_element(&mut self, node: &Node, state: &FileState) {
        let name = &*node.name;
        let known = elements::of_root().chain(elements::names(elements::ROOT));
        let problem = if !node.children.is_empty() || (state.validated(&self.options) && !node.prefixed) {
            Diagnostic::error(UNKNOWN_ELEMENT, format!("Unexpected node found under databaseChangeLog: {name}"))
        } else {
            Diagnostic::warning(IGNORED_ATTRIBUTE, format!("'{name}' is ignored here: databaseChangeLog has no such attribute"))
        };
        self.problems.push(problem.at(node.name_span).did_you_mean(name, known));
    }

    /// Keys of local properties: the logical path if there is one, else the path.
    fn keys(&self, root: &Node, arrival: &Arrival) -> Vec<String> {
        let own = root.child_text("logicalFilePath").map_or_else(|| arrival.path.clone(), str::to_owned);
        std::iter::once(own).chain(arrival.outer.iter().cloned()).collect()
    }

    fn root_attributes(&mut self, root: &mut Node, state: &mut FileState) {
        // What the header of formatted SQL says is expanded where it is used: properties follow it.
        for child in root.children.iter_mut().filter(|_| !state.formatted) {
            if elements::has(elements::ROOT, &child.name) {
                self.expand(child, state);
            }
        }
        // An empty path is one, too: Liquibase then records empty paths.
        state.logical_path = root.child_text("logicalFilePath").map(str::to_owned);
        if let Some(node) = root.child("objectQuotingStrategy") {
            state.quoting = self.quoting_word(node).unwrap_or_default();
        }
        let is_said = state.format == Format::Xml || root.child("objectQuotingStrategy").is_some();
        if self.stack.len() <= 1 && is_said {
            self.quoting = Some(state.quoting);
        }
        // Here, unlike at changesets and includes, an empty `contextFilter` wins as well.
        if let Some(node) = root.child("contextFilter").or_else(|| root.child("context")) {
            let expression = self.context(node);
            let mut inherited = (*state.inherited).clone();
            inherited.contexts.insert(0, expression);
            state.inherited = Arc::new(inherited);
        }
    }

    /// A quoting strategy; another word is an error, as in Liquibase.
    pub(super) fn quoting_word(&mut self, node: &Node) -> Option<Quoting> {
        let word = node.text()?;
        let quoting = Quoting::of_word(word);
        if quoting.is_none() {
            let problem = Diagnostic::error(BAD_VALUE, format!("Unknown objectQuotingStrategy '{word}'")).at(node.span);
            self.problems.push(match crate::diagnostic::closest(word, Quoting::WORDS.iter().copied()) {
                Some(best) => problem.hint(format!("did you mean `{best}`?")),
                None => problem.hint(format!("it is one of {}", Quoting::WORDS.join(", "))),
            });
        }
        quoting
    }

    /// A context expression; one that cannot be parsed is reported.
    pub(super) fn context(&mut self, node: &Node) -> ContextExpression {
        let text = node.text().unwrap_or("");
        let expression = ContextExpression::parse(text);
        // Liquibase finds out when it filters; a run then stops before its first changeset, here as there.
        if let Err(e) = expression.check() {
            self.problems.push(Diagnostic::warning(BAD_EXPRESSION, e.to_string()).at(node.value().map_or(node.span, |v| v.span)));
        }
        expression
    }

    /// Refuses a context that cannot be parsed where no filter would find it out later.
    pub(super) fn refuse_bad_context(&mut self, node: &Node) {
        if let Err(e) = ContextExpression::parse(node.text().unwrap_or("")).check() {
            self.problems.push(Diagnostic::error(BAD_EXPRESSION, e.to_string()).at(node.value().map_or(node.span, |v| v.span)));
        }
    }

    /// How preconditions of a file are read.
    pub(super) fn read_mode<'s>(&self, state: &'s FileState) -> ReadMode<'s> {
        ReadMode { strict: self.options.strict_parse, validated: state.validated(&self.options), file: &state.arrival.path }
    }

    /// Whether an element with this `dbms` list is for the database at hand. A name that no database has keeps it out of all of
    /// them, which is told; in a list that lets the element pass it does no harm.
    pub(super) fn is_for_database(&mut self, node: &Node, list: &[String], when_empty: bool) -> bool {
        let passes = self.options.database.as_deref().is_none_or(|db| dbms::matches(list, db, when_empty));
        let known = self.options.known_databases;
        if !passes && let (false, Some(child)) = (known.is_empty(), node.child("dbms")) {
            for name in list.iter().filter(|n| !n.starts_with('!') && !dbms::is_known(n, known)) {
                let problem = Diagnostic::warning(UNKNOWN_DBMS, format!("no database that is known here is called '{name}'"));
                self.problems.push(problem.at(child.span).did_you_mean(name, known.iter().copied()));
            }
        }
        passes
    }

    fn remove_property(&mut self, node: &Node, state: &mut FileState) {
        self.report_attributes(node, elements::REMOVE_PROPERTY.fields, state.validated(&self.options));
        let list = dbms::parse_list(node.child_text("dbms").unwrap_or(""));
        let matches = self.options.database.is_some() && self.is_for_database(node, &list, false);
        match node.child_text("remove") {
            Some(property @ ("afterColumn" | "beforeColumn" | "position")) => {
                if matches && node.child_text("change").is_none_or(|c| c == "addColumn") {
                    state.removed_properties.push(property.to_owned());
                }
            }
            other => {
                let message = format!("Property '{}' cannot be removed", other.unwrap_or(""));
                let problem = Diagnostic::error(BAD_VALUE, message).at(node.span);
                self.problems.push(problem.hint("`remove` is one of afterColumn, beforeColumn, position"));
            }
        }
    }
}
