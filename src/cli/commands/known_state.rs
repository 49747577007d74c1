//! The short way of an update: a digest that says whether there is still nothing to do.

use crate::cli::Invocation;
use crate::cli::opening::Connected;
use crate::config::settings::DIGEST;
use crate::exec::digest::{Question, WORTH, still_nothing_to_do};
use crate::history::Ledger;

/// What decides an update's answer beside files, environment and ledger; `None` when digests are not wanted.
pub(super) fn question(invocation: &Invocation, connected: &Connected) -> Option<Question> {
    let worth = match invocation.settings.text(&DIGEST) {
        Some("off") => return None,
        Some("on") => 0,
        _ => WORTH,
    };
    let target = &connected.session.target;
    let mut texts = vec![env!("CARGO_PKG_VERSION").to_owned(), target.dialect.id.to_owned()];
    // Names count with their values, so that no two lists read the same.
    let mut pair = |name: &str, value: &str| texts.extend([name.to_owned(), value.to_owned()]);
    for value in invocation.settings.values() {
        pair(value.setting().key, &value.shown());
    }
    for (name, value) in invocation.given_parameters(target) {
        pair(&name, &value);
    }
    for program in invocation.settings.programs() {
        pair(&program.class, &program.path);
    }
    Some(Question::new(texts.iter().map(String::as_str), worth))
}

/// What there is to print when the digest says that there is still nothing to do.
pub(super) async fn answer(question: &Question, invocation: &Invocation, connected: &mut Connected) -> Option<String> {
    let ledger = Ledger::new(&connected.session.target, &connected.options.tables);
    // As in changelogs, letter case does not count, and the last one wins.
    let variables = invocation.environment.variables();
    let environment = |name: &str| variables.iter().rev().find(|(n, _)| n.to_lowercase() == name).map(|(_, v)| v.clone());
    still_nothing_to_do(&mut connected.session, &ledger, question, &invocation.search_path(), &environment).await
}
