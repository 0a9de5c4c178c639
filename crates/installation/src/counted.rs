//! Numbers of things in sentences, for pages and the terminal alike.

use std::fmt::Display;

/// `1 app`, `2 apps`, `0 apps`: a number with the word that goes with it.
pub fn counted<N: Display + PartialEq + From<u8>>(number: N, one: &str, many: &str) -> String {
    let word = if number == N::from(1) { one } else { many };
    format!("{number} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_every_other_number_is_many() {
        assert_eq!(
            counted(1_usize, "identity provider", "identity providers"),
            "1 identity provider"
        );
        for (number, text) in [(0_u64, "0 apps"), (2, "2 apps"), (11, "11 apps"), (21, "21 apps")] {
            assert_eq!(counted(number, "app", "apps"), text);
        }
    }
}
