//! `customChange`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::source::attributes::{Attribute, Field, FieldValue, Kind, Reader};
use crate::sql::action::Action;
use crate::sql::{Statement, Validation, statement};

/// Parameters by name: `param` elements with `name` and `value`, or a map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parameters(pub Vec<(String, String)>);

impl Attribute for Parameters {
    const KIND: Kind = Kind::Map;
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        let mut map = std::collections::BTreeMap::new();
        for node in reader.nodes(field) {
            // `params: [{param: {..}}]` holds the elements; `param: {..}` and `<param ../>` are one.
            let inner: Vec<_> = node.children_named("param").collect();
            let elements = if inner.is_empty() { vec![node] } else { inner };
            for element in elements {
                if element.child_text("name").is_some() {
                    // `params: [{name: .., value: ..}, ..]` comes as one element with all names and values in turn.
                    let mut pairs: Vec<(&str, Option<&str>)> = Vec::new();
                    for entry in &element.children {
                        match (&*entry.name, pairs.last_mut()) {
                            ("name", _) => pairs.push((entry.text().unwrap_or(""), None)),
                            ("value", Some(pair)) => pair.1 = Some(entry.text().unwrap_or("")),
                            _ => {}
                        }
                    }
                    for (name, value) in pairs {
                        map.insert(name.to_owned(), value.or_else(|| element.text()).unwrap_or("").to_owned());
                    }
                } else {
                    for entry in &element.children {
                        map.insert(entry.name.to_string(), entry.text().unwrap_or("").to_owned());
                    }
                }
            }
        }
        Parameters(map.into_iter().collect())
    }
    fn value(&self) -> FieldValue<'_> {
        FieldValue::Map(&self.0)
    }
}

attributes! {
    /// Runs a class of one's own. Java classes do not run here: the configuration maps the class to a program.
    pub struct CustomChange {
        /// The name of the Java class.
        pub class: Option<String> = "class",
        /// Its parameters.
        pub parameters: Parameters = "param" (aliases = &["params"]),
    }
}

impl ChangeType for CustomChange {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        if self.class.as_deref().is_none_or(|c| c.trim().is_empty()) {
            validation.error("class is required for customChange");
        }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let class = self.class.clone().unwrap_or_default();
        Ok(vec![statement::Act(Action::Custom { class, parameters: self.parameters.0.clone() }).into()])
    }
}
