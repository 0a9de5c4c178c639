//! One of a few values, as an argument.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use installation::choice::Choice;

/// Takes the names of `T`'s values, and explains them in the help.
pub(super) fn one_of<T: Choice>() -> impl TypedValueParser<Value = T> {
    let values = T::ALL.iter().map(|(_, name, about)| {
        let aliases = T::ALIASES.iter().filter(move |(_, of)| of == name).map(|(alias, _)| *alias);
        PossibleValue::new(*name).help(*about).aliases(aliases)
    });
    PossibleValuesParser::new(values)
        .try_map(|name| T::named(&name).ok_or_else(|| format!("{name} is not known here")))
}
