//! Parts of forms: a label bound to each input, the help and the error at the field, a summary of
//! all errors with links to the fields, and what was entered stays.

use installation::listed;
use installation::settings::reference::setting;
use installation::settings::{EditError, Fault};
use maud::{Markup, html};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::carried::bytes_of;
use super::places::Places;

/// The fields of a posted form, in order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields with these texts.
    pub(super) fn of(pairs: &[(&str, &str)]) -> Self {
        Fields(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    /// One more.
    pub(super) fn push(&mut self, name: String, text: String) {
        self.0.push((name, text));
    }

    /// All of them, as names and texts.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of a field without blanks around it; empty when it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default().trim()
    }

    /// The text, or nothing when it is empty.
    pub(super) fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The bytes of a file, or nothing when none was chosen.
    pub(super) fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.some(name).as_deref().map(bytes_of)
    }

    /// Whether a box is ticked.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// All values of a name.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_owned();
        self.0.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// The lines, for texts that may hold commas themselves.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.all(name).flat_map(str::lines).map(str::trim);
        lines.filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    /// The whole number in a field; when it is none, `otherwise` and an error at the field.
    pub(super) fn number<N: std::str::FromStr>(
        &self,
        name: &'static str,
        otherwise: N,
        errors: &mut Errors,
    ) -> N {
        let text = self.text(name);
        text.parse().unwrap_or_else(|_| {
            errors.add(name, format!("{text:?} is no whole number of the kind that is asked for."));
            otherwise
        })
    }

    /// The names between commas and line breaks.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        self.all(name).flat_map(listed::parse).collect()
    }
}

/// What is wrong with a form, by field.
#[derive(Clone, Debug, Default)]
pub(super) struct Errors(Vec<(&'static str, String)>);

impl Errors {
    /// One more; a field is named once, by its first error. An empty name concerns the whole form.
    pub(super) fn add(&mut self, field: &'static str, text: impl Into<String>) {
        if self.of(field).is_none() {
            self.0.push((field, text.into()));
        }
    }

    /// One more, in the words of an operation, which begin with a small letter.
    pub(super) fn say(&mut self, field: &'static str, message: &str) {
        let mut characters = message.chars();
        let first = characters.next().into_iter().flat_map(char::to_uppercase);
        let text: String = first.chain(characters).collect();
        self.add(field, text);
    }

    /// Puts what is wrong with a document at the field that shows its key, or at the head.
    pub(super) fn place(&mut self, fault: &Fault, places: Places) {
        self.say(places.field_of(fault.field), &fault.text);
    }

    /// Takes what an operation on a setting says: what is wrong stands at its field, a conflict or a
    /// taken name as well. Everything else is for the caller.
    ///
    /// # Errors
    /// When the database is away or what was to be changed is gone.
    pub(super) fn take(
        &mut self,
        result: Result<(), EditError>,
        places: Places,
    ) -> Result<(), EditError> {
        match result {
            Err(EditError::Invalid(fault)) => self.place(&fault, places),
            Err(EditError::Name(error)) => self.say("name", &error.to_string()),
            Err(EditError::Exists { kind, name }) => {
                self.add("name", format!("There is already an {kind} named {name}."));
            }
            Err(EditError::Conflict { .. }) => self.add(
                "",
                "Somebody else saved a change after you opened this page. Open it again in another \
                 window, compare, and enter your change there.",
            ),
            other => return other,
        }
        Ok(())
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field.
    pub(super) fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }

    /// The summary above the form.
    pub(super) fn summary(&self) -> Markup {
        html! {
            @if !self.is_empty() {
                div class="notice bad" role="alert" tabindex="-1" {
                    h2 { "Nothing was saved" }
                    ul {
                        @for (field, text) in &self.0 {
                            li {
                                @if field.is_empty() { (text) }
                                @else { a href={ "#" (field) } { (text) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One input with its label.
pub(super) struct Field<'a> {
    name: &'static str,
    label: &'a str,
    value: &'a str,
    help: Markup,
    kind: Kind<'a>,
    required: bool,
    hints: &'a [String],
}

enum Kind<'a> {
    Text(&'static str),
    Secret(&'static str),
    Area(u32),
    File,
    Check(bool),
    Choice(&'a [(&'a str, &'a str)]),
}

impl<'a> Field<'a> {
    /// A line of text that sets a key of the settings reference, which has its label and sentence.
    /// Its name is the last part of the key, unless it is [`Field::named`] otherwise.
    pub(super) fn of(key: &'static str) -> Self {
        let name = key.rsplit('.').next().unwrap_or(key);
        let setting = setting(key);
        Field::new(name, setting.label).help(setting.about)
    }

    /// The same under another name, where a form has two keys that end alike.
    pub(super) fn named(self, name: &'static str) -> Self {
        Field { name, ..self }
    }

    /// What is to be known of this form beside the sentence.
    pub(super) fn also(self, more: impl maud::Render) -> Self {
        Field { help: html! { (self.help) " " (more) }, ..self }
    }

    /// A line of text.
    pub(super) fn new(name: &'static str, label: &'a str) -> Self {
        let kind = Kind::Text("text");
        Field { name, label, value: "", help: html! {}, kind, required: false, hints: &[] }
    }

    /// What stands in it.
    pub(super) fn value(self, value: &'a str) -> Self {
        Field { value, ..self }
    }

    /// A sentence that explains it.
    pub(super) fn help(self, help: impl maud::Render) -> Self {
        Field { help: help.render(), ..self }
    }

    /// It must be filled in.
    pub(super) fn required(self) -> Self {
        Field { required: true, ..self }
    }

    /// An address.
    pub(super) fn address(self) -> Self {
        Field { kind: Kind::Text("url"), ..self }
    }

    /// A whole number.
    pub(super) fn number(self) -> Self {
        Field { kind: Kind::Text("number"), ..self }
    }

    /// A password; `autocomplete` says which.
    pub(super) fn secret(self, autocomplete: &'static str) -> Self {
        Field { kind: Kind::Secret(autocomplete), ..self }
    }

    /// Several lines.
    pub(super) fn area(self, rows: u32) -> Self {
        Field { kind: Kind::Area(rows), ..self }
    }

    /// A file to send.
    pub(super) fn file(self) -> Self {
        Field { kind: Kind::File, ..self }
    }

    /// A box to tick.
    pub(super) fn check(self, on: bool) -> Self {
        Field { kind: Kind::Check(on), ..self }
    }

    /// One of several, as values and texts.
    pub(super) fn choice(self, choices: &'a [(&'a str, &'a str)]) -> Self {
        Field { kind: Kind::Choice(choices), ..self }
    }

    /// Texts that the browser offers while one types.
    pub(super) fn hints(self, hints: &'a [String]) -> Self {
        Field { hints, ..self }
    }

    /// The whole of it.
    pub(super) fn render(self, errors: &Errors) -> Markup {
        let error = errors.of(self.name);
        let has_help = !self.help.0.is_empty();
        let (help_id, error_id) = (format!("{}-help", self.name), format!("{}-error", self.name));
        let ids = [(has_help, &help_id), (error.is_some(), &error_id)];
        let ids: Vec<_> = ids.iter().filter(|(on, _)| *on).map(|(_, id)| id.as_str()).collect();
        let described = Some(ids.join(" ")).filter(|ids| !ids.is_empty());
        let check = matches!(self.kind, Kind::Check(_));
        html! {
            div class=(if check { "field check" } else { "field" }) {
                @if check { (self.input(described.as_deref(), error.is_some())) }
                label for=(self.name) {
                    (self.label)
                    @if self.required { span class="quiet" { " (needed)" } }
                }
                @if let Some(error) = error { p class="error" id=(error_id) { (error) } }
                @if has_help { p class="help" id=(help_id) { (self.help) } }
                @if !check { (self.input(described.as_deref(), error.is_some())) }
            }
        }
    }

    fn input(&self, described: Option<&str>, wrong: bool) -> Markup {
        let wrong = wrong.then_some("true");
        let name = self.name;
        let list = (!self.hints.is_empty()).then(|| format!("{name}-hints"));
        html! {
            @match &self.kind {
                Kind::Text(kind) => {
                    input id=(name) name=(name) type=(kind) value=(self.value) required[self.required]
                        aria-describedby=[described] aria-invalid=[wrong] list=[list.as_deref()]
                        spellcheck="false" autocomplete="off";
                    @if let Some(list) = &list {
                        datalist id=(list) { @for hint in self.hints { option value=(hint) {} } }
                    }
                }
                Kind::Secret(autocomplete) => {
                    input id=(name) name=(name) type="password" required[self.required]
                        aria-describedby=[described] aria-invalid=[wrong] autocomplete=(autocomplete);
                }
                Kind::Area(rows) => {
                    textarea id=(name) name=(name) rows=(rows) aria-describedby=[described]
                        aria-invalid=[wrong] spellcheck="false" { (self.value) }
                }
                Kind::File => {
                    input id=(name) name=(name) type="file" aria-describedby=[described] aria-invalid=[wrong];
                }
                Kind::Check(on) => {
                    input id=(name) name=(name) type="checkbox" value="true" checked[*on]
                        aria-describedby=[described] aria-invalid=[wrong];
                }
                Kind::Choice(choices) => {
                    select id=(name) name=(name) aria-describedby=[described] aria-invalid=[wrong] {
                        @for (value, text) in *choices {
                            option value=(value) selected[*value == self.value] { (text) }
                        }
                    }
                }
            }
        }
    }
}

/// The choices of a list of names.
pub(super) fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(value, text)| (value.as_str(), text.as_str())).collect()
}

/// The name that a value has in documents.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// The value of that name.
pub(super) fn known<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(word.into()).ok()
}
