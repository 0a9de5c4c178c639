//! Times and their edges: a bound is moved by the skew, not by a second more.
//!
//! It is 12:00:00 here, and clocks may differ by three minutes.

use super::{code, refusal, refusal_of};
use crate::scene::{REQUEST, SP, outcome, response, trusting};
use saml::{Expected, RawResponse, accept};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use testkit::{Key, Response};

const ACCEPTED: &str = "it was accepted";

/// Where times stand in a message, the session's end among them.
type Place = fn(&mut Response, &str);

fn not_before(response: &mut Response, time: &str) {
    response.not_before = Some(time.to_owned());
}

fn not_on_or_after(response: &mut Response, time: &str) {
    response.not_on_or_after = Some(time.to_owned());
}

fn confirmation_end(response: &mut Response, time: &str) {
    response.confirmations[0].not_on_or_after = Some(time.to_owned());
}

fn session_end(response: &mut Response, time: &str) {
    let statement = " AuthnInstant=\"2026-03-01T11:59:00Z\" SessionNotOnOrAfter";
    response.authn_statement = Some(format!("{statement}=\"{time}\""));
}

fn authn_instant(response: &mut Response, time: &str) {
    response.authn_statement = Some(format!(" AuthnInstant=\"{time}\""));
}

const ENDS: [Place; 3] = [not_on_or_after, confirmation_end, session_end];

fn with(place: Place, time: &str) -> anyhow::Result<&'static str> {
    refusal_of(|response| place(response, time))
}

/// The outcome at another moment, and with another skew.
fn at(now: SystemTime, skew: Duration, response: &Response) -> anyhow::Result<&'static str> {
    let raw = RawResponse::from_xml(response.signed()?.into_bytes())?;
    let idp = trusting(&[Key::Rsa2048]);
    Ok(code(accept(&raw, &idp, &SP, Expected::Request(REQUEST), now, skew)))
}

#[test]
fn an_assertion_is_valid_from_not_before_less_the_skew() -> anyhow::Result<()> {
    assert_eq!(with(not_before, "2026-03-01T12:03:00Z")?, ACCEPTED);
    assert_eq!(with(not_before, "2026-03-01T12:03:00.000000001Z")?, "too_early");
    assert_eq!(with(not_before, "2026-03-01T12:03:01Z")?, "too_early");
    assert_eq!(with(not_before, "2026-03-02T12:00:00Z")?, "too_early");
    Ok(())
}

#[test]
fn what_ends_has_ended_at_not_on_or_after_and_the_skew() -> anyhow::Result<()> {
    // CVE-2026-1190, CVE-2026-41577: each of the three ends is looked at.
    for end in ENDS {
        assert_eq!(with(end, "2026-03-01T11:57:00.000000001Z")?, ACCEPTED);
        assert_eq!(with(end, "2026-03-01T11:57:01Z")?, ACCEPTED);
        assert_eq!(with(end, "2026-03-01T11:57:00Z")?, "expired");
        assert_eq!(with(end, "2026-03-01T11:56:59Z")?, "expired");
        assert_eq!(with(end, "1970-01-01T00:00:00Z")?, "expired");
        assert_eq!(with(end, "0000-01-01T00:00:00+14:00")?, "expired");
    }
    Ok(())
}

#[test]
fn without_a_skew_the_bounds_are_the_bounds() -> anyhow::Result<()> {
    let mut response = response();
    response.not_before = Some("2026-03-01T12:00:00Z".to_owned());
    response.not_on_or_after = Some("2026-03-01T12:00:01Z".to_owned());
    response.confirmations[0].not_on_or_after = response.not_on_or_after.clone();
    let start = UNIX_EPOCH + Duration::from_secs(1_772_366_400);
    let nano = Duration::from_nanos(1);
    let second = Duration::from_secs(1);
    assert_eq!(at(start - nano, Duration::ZERO, &response)?, "too_early");
    assert_eq!(at(start, Duration::ZERO, &response)?, ACCEPTED);
    assert_eq!(at(start + second - nano, Duration::ZERO, &response)?, ACCEPTED);
    assert_eq!(at(start + second, Duration::ZERO, &response)?, "expired");
    Ok(())
}

#[test]
fn a_refusal_for_its_time_says_how_much_the_clocks_may_differ() -> anyhow::Result<()> {
    let raw = RawResponse::from_xml(response().signed()?.into_bytes())?;
    let idp = trusting(&[Key::Rsa2048]);
    let (noon, minute) = (UNIX_EPOCH + Duration::from_secs(1_772_366_400), Duration::from_secs(60));
    for (skew, late, early) in [
        (0, "ended 3300s ago, a clock skew of 0 s", "valid only in 3300s, a clock skew of 0 s"),
        (
            10,
            "ended 2700s ago, a clock skew of 600 s",
            "valid only in 2700s, a clock skew of 600 s",
        ),
    ] {
        let refused = |now| {
            let expected = Expected::Request(REQUEST);
            accept(&raw, &idp, &SP, expected, now, minute * skew).map(drop).unwrap_err().to_string()
        };
        for (said, moment) in [(late, noon + minute * 60), (early, noon - minute * 60)] {
            assert!(refused(moment).contains(said), "{}", refused(moment));
        }
    }
    Ok(())
}

#[test]
fn a_machine_whose_clock_says_1970_accepts_nothing_and_does_not_fail() -> anyhow::Result<()> {
    assert_eq!(at(UNIX_EPOCH, Duration::from_secs(180), &response())?, "too_early");
    Ok(())
}

#[test]
fn refuses_an_assertion_whose_end_is_before_its_start() -> anyhow::Result<()> {
    let code = refusal_of(|response| {
        not_before(response, "2026-03-01T12:10:00Z");
        not_on_or_after(response, "2026-03-01T11:50:00Z");
    })?;
    assert_eq!(code, "too_early");
    Ok(())
}

#[test]
fn refuses_an_expired_assertion_although_its_confirmation_lasts() -> anyhow::Result<()> {
    assert_eq!(with(not_on_or_after, "2026-03-01T11:00:00Z")?, "expired");
    Ok(())
}

#[test]
fn accepts_an_assertion_without_times_of_its_own_when_its_confirmation_ends() -> anyhow::Result<()>
{
    let code = refusal_of(|response| {
        response.not_before = None;
        response.not_on_or_after = None;
    })?;
    assert_eq!(code, ACCEPTED);
    Ok(())
}

#[test]
fn refuses_times_that_are_none_wherever_they_stand() -> anyhow::Result<()> {
    let places: [Place; 5] =
        [not_before, not_on_or_after, confirmation_end, session_end, authn_instant];
    for place in places {
        for time in [
            "",
            "never",
            "2026-03-01",
            "2026-03-01T12:30:00",
            "2026-03-01T12:30:60Z",
            "2026-03-01T23:59:60Z",
            "2026-02-29T12:30:00Z",
            "2026-03-01T25:00:00Z",
            "2026-03-01T12:30:00+99:00",
            "2026-03-01T12:30:00 Z",
            "10000-03-01T12:30:00Z",
            "9999-12-31T23:59:59-14:00",
            "1772366400",
            "2026-03-01T12:30:00Z;2026-03-01T12:30:00Z",
        ] {
            assert_eq!(with(place, time)?, "time_malformed", "{time:?}");
        }
    }
    Ok(())
}

#[test]
fn an_offset_and_a_fraction_name_the_same_moment() -> anyhow::Result<()> {
    for time in [
        "2026-03-01T11:58:00.5Z",
        "2026-03-01T12:58:00.123456789012345+01:00",
        "2026-03-01T05:28:00-06:30",
        "2026-03-02T01:58:00+14:00",
    ] {
        assert_eq!(with(not_on_or_after, time)?, ACCEPTED, "{time}");
    }
    assert_eq!(with(not_on_or_after, "2026-03-01T12:30:00+01:00")?, "expired");
    assert_eq!(with(not_before, "2026-03-01T11:30:00-01:00")?, "too_early");
    Ok(())
}

#[test]
fn the_last_moment_of_all_is_no_trouble() -> anyhow::Result<()> {
    for end in ENDS {
        assert_eq!(with(end, "9999-12-31T23:59:59.999999999Z")?, ACCEPTED);
    }
    Ok(())
}

#[test]
fn refuses_an_ended_session_although_another_statement_lasts() -> anyhow::Result<()> {
    let statement = |end: &str| {
        format!(
            "<saml:AuthnStatement AuthnInstant=\"2026-03-01T11:00:00Z\" \
             SessionNotOnOrAfter=\"{end}\"><saml:AuthnContext/></saml:AuthnStatement>"
        )
    };
    let (over, lasting) = (statement("2026-03-01T11:30:00Z"), statement("2026-03-01T20:00:00Z"));
    for pair in [[&over, &lasting], [&lasting, &over]] {
        let xml = response().xml();
        let start = xml.find("<saml:AuthnStatement").expect("a statement");
        let end = "</saml:AuthnStatement>";
        let behind = xml.find(end).expect("its end") + end.len();
        let both = [&xml[..start], pair[0], pair[1], &xml[behind..]].concat();
        assert_eq!(refusal(response().sign(&both)?), "expired");
    }
    Ok(())
}

#[test]
fn tells_until_when_replay_must_be_remembered_and_the_session_may_last() -> anyhow::Result<()> {
    let mut response = response();
    session_end(&mut response, "2026-03-01T20:00:00Z");
    let assertion = outcome(response.signed()?)?;
    let noon = UNIX_EPOCH + Duration::from_secs(1_772_366_400);
    let hours = |hours: u64| Duration::from_secs(3600 * hours);
    assert!(assertion.valid_until() >= noon + Duration::from_secs(300));
    assert!(assertion.valid_until() <= noon + hours(1));
    assert_eq!(assertion.session_not_on_or_after(), Some(noon + hours(8)));
    Ok(())
}
