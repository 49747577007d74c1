//! The elements of a changelog that are no changes and no preconditions: what each may have, and what it means.
//!
//! `loader`, `read_changeset`, `include` and `rollback` read them by name; what is not here they report. Conversion and the
//! schema for editors look here too.

use crate::source::Node;
use crate::source::attributes::{ElementInfo, Field, Kind};
use crate::sql::Quoting;

const fn field(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field { name, kind, doc, ..Field::DEFAULT }
}

const fn required(name: &'static str, doc: &'static str) -> Field {
    Field { required: true, ..field(name, Kind::Text, doc) }
}

const fn context_filter(doc: &'static str) -> Field {
    Field { aliases: &["context"], ..field("contextFilter", Kind::Text, doc) }
}

const QUOTING: Kind = Kind::Word(Quoting::WORDS);
const LOGICAL_PATH: &str = "The path that is recorded in place of the file's own.";
const RUN_WITH: &str = "The program that runs the SQL; programs do not run here.";
const SPOOL_FILE: &str = "Where that program keeps what it prints.";

/// Attributes of `databaseChangeLog`.
pub const ROOT: &[Field] = &[
    field("logicalFilePath", Kind::Text, LOGICAL_PATH),
    context_filter("The contexts in which the changesets of the file run."),
    field("objectQuotingStrategy", QUOTING, "Which names are quoted in SQL."),
    field("changeLogId", Kind::Text, "A name of the changelog for services around it; it has no effect."),
];

/// Attributes of a changeset.
pub const CHANGESET: &[Field] = &[
    required("id", "With the author and the path it names the changeset."),
    required("author", "Who wrote it; part of its name."),
    Field { aliases: &["alwaysRun"], ..field("runAlways", Kind::Bool, "Runs in every update.") },
    field("runOnChange", Kind::Bool, "Runs again when its checksum has changed."),
    context_filter("The contexts in which it runs, as an expression."),
    field("labels", Kind::Text, "A comma list of labels, for label filters to select."),
    field("dbms", Kind::Text, "The databases that it is for: a comma list of short names, `!name`, `all`, `none`."),
    field("runInTransaction", Kind::Bool, "Whether it runs in one transaction; true when it is not given."),
    field("failOnError", Kind::Bool, "Whether an error in it stops the run."),
    field("onValidationFail", Kind::Word(&["HALT", "MARK_RAN"]), "What happens when it is not valid, or its checksum has changed."),
    field("objectQuotingStrategy", QUOTING, "Which names are quoted in SQL."),
    field("runOrder", Kind::Word(&["first", "last"]), "Runs before or after all others."),
    field("created", Kind::Text, "When it was written; it has no effect."),
    field("ignore", Kind::Bool, "Whether it is left out."),
    field("runWith", Kind::Text, RUN_WITH),
    field("runWithSpoolFile", Kind::Text, SPOOL_FILE),
    field("logicalFilePath", Kind::Text, LOGICAL_PATH),
];

/// Elements of a changeset beside its changes.
pub const CHANGESET_ELEMENTS: &[&str] =
    &["comment", "validCheckSum", "validCheckSums", "preConditions", "preconditions", "changes", "rollback", "modifySql"];

/// What a rollback that refers to another changeset says of it.
pub const ROLLBACK_REFERENCE: &[Field] = &[
    required("changeSetId", "The id of the changeset whose changes are run to undo this one."),
    field("changeSetAuthor", Kind::Text, "Its author; this changeset's when it is not given."),
    field("changeSetPath", Kind::Text, "Its path; this changeset's when it is not given."),
];

/// `include`.
pub const INCLUDE: ElementInfo = ElementInfo {
    name: "include",
    doc: "Reads another changelog in this place.",
    elements: &[],
    fields: &[
        required("file", "The changelog that is read."),
        field("relativeToChangelogFile", Kind::Bool, "Whether the path begins at this file instead of the search path."),
        field("errorIfMissing", Kind::Bool, "Whether a file that is not there is an error; true when it is not given."),
        context_filter("The contexts in which its changesets run."),
        field("labels", Kind::Text, "Labels that its changesets have beside their own."),
        field("ignore", Kind::Bool, "Whether its changesets are left out."),
        field("logicalFilePath", Kind::Text, LOGICAL_PATH),
    ],
};

/// `includeAll`.
pub const INCLUDE_ALL: ElementInfo = ElementInfo {
    name: "includeAll",
    doc: "Reads all changelogs of a folder in this place, in the order of their names.",
    elements: &[],
    fields: &[
        required("path", "The folder."),
        field("relativeToChangelogFile", Kind::Bool, "Whether the path begins at this file instead of the search path."),
        field("errorIfMissingOrEmpty", Kind::Bool, "Whether a folder without changelogs is an error; true when it is not given."),
        context_filter("The contexts in which their changesets run."),
        field("labels", Kind::Text, "Labels that their changesets have beside their own."),
        field("ignore", Kind::Bool, "Whether their changesets are left out."),
        field("logicalFilePath", Kind::Text, LOGICAL_PATH),
        field("minDepth", Kind::Integer, "How many folders below the path a file must be; 0 is the folder itself."),
        field("maxDepth", Kind::Integer, "How many folders below the path a file may be."),
        field("endsWithFilter", Kind::Text, "How the names of files end that are read."),
        field("filter", Kind::JavaClass, "Selects files; refused."),
        field("resourceFilter", Kind::JavaClass, "Selects files; refused."),
        field("resourceComparator", Kind::JavaClass, "Orders files; it has no effect."),
    ],
};

/// `property`.
pub const PROPERTY: ElementInfo = ElementInfo {
    name: "property",
    doc: "Sets what `${name}` becomes.",
    elements: &[],
    fields: &[
        field("name", Kind::Text, "The name: `${name}` becomes the value."),
        field("value", Kind::Text, "The value."),
        field("file", Kind::Text, "A file of properties, in place of a name and a value."),
        field("relativeToChangelogFile", Kind::Bool, "Whether the path of the file begins at this file instead of the search path."),
        field("errorIfMissing", Kind::Bool, "Whether a file that is not there is an error; true when it is not given."),
        context_filter("The contexts in which it is set."),
        field("labels", Kind::Text, "The labels with which it is set."),
        field("dbms", Kind::Text, "The databases that it is set for."),
        field("global", Kind::Bool, "Whether other files see it; true when it is not given."),
        field("target", Kind::Text, "It has no effect."),
    ],
};

/// `modifyChangeSets`.
pub const MODIFY_CHANGESETS: ElementInfo = ElementInfo {
    name: "modifyChangeSets",
    doc: "Sets attributes of all changesets of the files that are included in it.",
    elements: &[INCLUDE, INCLUDE_ALL],
    fields: &[
        field("runWith", Kind::Text, RUN_WITH),
        field("runWithSpoolFile", Kind::Text, SPOOL_FILE),
        field("stripComments", Kind::Bool, "It has no effect."),
        field("endDelimiter", Kind::Text, "It has no effect."),
        field("failOnError", Kind::Bool, "It has no effect."),
    ],
};

/// `removeChangeSetProperty`.
pub const REMOVE_PROPERTY: ElementInfo = ElementInfo {
    name: "removeChangeSetProperty",
    doc: "Takes an attribute from the columns of the addColumn changes that follow.",
    elements: &[],
    fields: &[
        field("change", Kind::Text, "The change type; only addColumn has such attributes."),
        field("dbms", Kind::Text, "The databases for which they go."),
        Field { required: true, ..field("remove", Kind::Word(&["afterColumn", "beforeColumn", "position"]), "The attribute.") },
    ],
};

/// Elements of `databaseChangeLog` beside changesets and preconditions.
pub const OF_ROOT: &[ElementInfo] = &[INCLUDE, INCLUDE_ALL, PROPERTY, MODIFY_CHANGESETS, REMOVE_PROPERTY];

/// Names of the elements of `databaseChangeLog`.
pub fn of_root() -> impl Iterator<Item = &'static str> {
    ["changeSet", "preConditions"].into_iter().chain(OF_ROOT.iter().map(|e| e.name))
}

/// Whether one of the attributes has that name; letter case is ignored.
pub fn has(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|f| f.is_named(name))
}

/// Whether a name is that of an attribute or element of a changeset that is no change.
pub fn is_of_changeset(name: &str) -> bool {
    has(CHANGESET, name) || CHANGESET_ELEMENTS.iter().any(|e| e.eq_ignore_ascii_case(name))
}

/// The names under which attributes are known.
pub fn names(fields: &'static [Field]) -> impl Iterator<Item = &'static str> {
    fields.iter().flat_map(|f| std::iter::once(f.name).chain(f.aliases.iter().copied()))
}

/// The contexts of a changeset or include: `contextFilter`, or `context` where that is blank.
pub(super) fn context_of(node: &Node) -> Option<&Node> {
    node.child("contextFilter").filter(|n| n.text().is_some_and(|t| !t.trim().is_empty())).or_else(|| node.child("context"))
}
