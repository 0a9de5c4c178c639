//! Names that look like another, or would become another: an IdP can neither sign such a person in nor
//! put anybody into such a group, and what is there from before stays as it is.

use directory::provision::{Refusal, Rules};

use crate::directory_model::Model;
use crate::plan::{ACCOUNT, ROLE, claims, creating, reading};

/// What may stand in a name to fool somebody, and how the text names it.
const TRAPS: &[(char, &str)] = &[
    ('\u{200b}', "U+200B"),
    ('\u{200d}', "U+200D"),
    ('\u{2060}', "U+2060"),
    ('\u{feff}', "U+FEFF"),
    ('\u{ad}', "U+00AD"),
    ('\u{34f}', "U+034F"),
    ('\u{180e}', "U+180E"),
    ('\u{e0061}', "U+E0061"),
    ('\u{3164}', "U+3164"),
    ('\u{202e}', "U+202E"),
    ('\u{a0}', "U+00A0"),
    ('\u{2007}', "U+2007"),
    ('\u{202f}', "U+202F"),
    ('\u{3000}', "U+3000"),
    ('\u{85}', "U+0085"),
    ('\u{212a}', "U+212A"),
    ('\u{212b}', "U+212B"),
    ('\u{2126}', "U+2126"),
];

fn spellings(trap: char) -> [String; 3] {
    [format!("{trap}robin"), format!("ro{trap}bin"), format!("robin{trap}")]
}

#[test]
fn a_user_id_that_could_fool_somebody_is_refused_by_its_code_point() {
    for (trap, named) in TRAPS {
        for user_id in spellings(*trap) {
            let refused = claims(None, &[(ACCOUNT, vec![&user_id])], &reading()).unwrap_err();
            let text = refused.to_string();
            assert!(matches!(refused, Refusal::UserIdInvalid { .. }), "{text}");
            assert!(text.contains(&format!("holds {named}")), "{text}");
        }
    }
    let padded = claims(None, &[(ACCOUNT, vec![" \r\n\trobin\t "])], &reading()).unwrap();
    assert_eq!(padded.user_id, "robin", "blanks of XML are no part of a name");
}

/// The rules of a sign-in that creates users and groups.
fn rules() -> Rules {
    let missing_email = directory::provision::MissingEmail::Placeholder;
    let mut rules = Rules { missing_email, ..creating() };
    rules.groups.create_missing = true;
    rules
}

#[test]
fn a_claimed_group_that_could_fool_somebody_is_left_out_and_the_plan_says_why() {
    for (trap, named) in TRAPS {
        for group in spellings(*trap) {
            // Also when there is one of that name from before, or one that it looks like.
            for there in [&[][..], &[group.as_str()], &["robin"]] {
                let mut model = Model::with_groups(there);
                let said = [(ACCOUNT, vec!["camilla"]), (ROLE, vec![group.as_str(), "staff"])];
                let plan = model.sign_in(&claims(None, &said, &reading()).unwrap(), &rules());
                let groups: Vec<_> = model.groups_of("camilla").into_iter().collect();
                assert_eq!(groups, ["staff"], "{group:?}: {plan}");
                let line = plan.lines.iter().find(|line| line.what.starts_with("ignore group"));
                let line = line.unwrap_or_else(|| panic!("{plan}"));
                assert!(line.reason.contains(&format!("holds {named}")), "{line}");
            }
        }
    }
}

#[test]
fn a_group_from_before_that_an_administrator_named_still_gets_its_members() {
    let name = "jira\u{a0}users";
    let mut model = Model::with_groups(&[name]);
    let rules = Rules { user_groups: vec![name.to_owned(), "new\u{a0}one".to_owned()], ..rules() };
    let said = [(ACCOUNT, vec!["camilla"])];
    let plan = model.sign_in(&claims(None, &said, &reading()).unwrap(), &rules);
    let groups: Vec<_> = model.groups_of("camilla").into_iter().collect();
    assert_eq!(groups, [name], "one is there, and none is made: {plan}");
}

#[test]
fn a_name_that_confluence_stumbles_over_is_let_in_with_a_warning() {
    for name in ["a#b", "a/b", "what?"] {
        let mut model = Model::with_groups(&[]);
        let plan =
            model.sign_in(&claims(None, &[(ACCOUNT, vec![name])], &reading()).unwrap(), &rules());
        assert_eq!(plan.refusal(), None, "{plan}");
        let warned = plan.lines.iter().any(|line| line.reason.contains("Confluence"));
        assert!(warned, "{plan}");
        let again =
            model.sign_in(&claims(None, &[(ACCOUNT, vec![name])], &reading()).unwrap(), &rules());
        assert!(!again.to_string().contains("Confluence"), "once: {again}");
    }
    let mut model = Model::with_groups(&[]);
    let plain =
        model.sign_in(&claims(None, &[(ACCOUNT, vec!["a.b"])], &reading()).unwrap(), &rules());
    assert!(!plain.to_string().contains("Confluence"), "{plain}");
}
