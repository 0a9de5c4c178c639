use super::*;
use proptest::prelude::*;

fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

fn opened() -> SessionTimes {
    SessionTimes { created_at: start(), used_at: start(), not_on_or_after: None, remembered: false }
}

/// How long a session lives from its sign-in on.
fn lives(app: &SessionSettings, idp: &TimeSettings, times: SessionTimes) -> Duration {
    end_of(app, idp, &times).duration_since(start()).unwrap()
}

/// With an IdP as it is by default.
fn lives_at(app: &SessionSettings, times: SessionTimes) -> Duration {
    lives(app, &TimeSettings::default(), times)
}

fn limits(idle_minutes: u32, absolute_minutes: u32) -> SessionSettings {
    SessionSettings { idle_minutes, absolute_minutes, remember_days: None }
}

#[test]
fn a_session_ends_when_idle_and_by_its_absolute_limit() {
    let app = SessionSettings::default();
    assert_eq!(lives_at(&app, opened()), minutes(8 * 60));
    let used = |at| SessionTimes { used_at: start() + at, ..opened() };
    assert_eq!(lives_at(&app, used(minutes(60))), minutes(9 * 60));
    assert_eq!(lives_at(&app, used(minutes(16 * 60))), minutes(24 * 60));
    assert_eq!(lives_at(&app, used(minutes(23 * 60))), minutes(24 * 60));
}

#[test]
fn changed_limits_count_for_sessions_that_are_open() {
    let used = SessionTimes { used_at: start() + minutes(30), ..opened() };
    for (idle, absolute, end) in
        [(10, 1440, 40), (10, 35, 35), (1440, 1440, 1440), (2000, 3000, 2030)]
    {
        assert_eq!(lives_at(&limits(idle, absolute), used), minutes(end), "{idle} {absolute}");
    }
}

#[test]
fn a_remembered_session_lasts_by_its_own_limit_as_long_as_there_is_one() {
    let remembered = SessionTimes { remembered: true, ..opened() };
    let off = SessionSettings::default();
    let on = SessionSettings { remember_days: Some(14), ..off.clone() };
    assert_eq!(lives_at(&on, remembered), minutes(14 * 24 * 60));
    assert_eq!(lives_at(&on, opened()), minutes(8 * 60), "it was opened before");
    assert_eq!(lives_at(&off, remembered), minutes(8 * 60), "it was switched off");
    let said = SessionTimes { not_on_or_after: Some(start() + minutes(60)), ..remembered };
    assert_eq!(lives_at(&on, said), minutes(63), "the IdP's word stands above it");
}

#[test]
fn a_session_that_has_ended_within_the_skew_lives_for_a_minute_at_least() {
    let said = |limit| SessionTimes { not_on_or_after: Some(limit), ..opened() };
    let app = SessionSettings::default();
    assert_eq!(lives_at(&app, said(start() + minutes(60))), minutes(63));
    assert_eq!(lives_at(&app, said(start())), minutes(3));
    let late = said(start() + minutes(9 * 60));
    assert_eq!(lives_at(&app, late), minutes(8 * 60), "it is no lower bound");
    for ago in [minutes(2), minutes(3) - Duration::from_secs(1), minutes(3), minutes(1440)] {
        assert_eq!(lives_at(&app, said(start() - ago)), minutes(1), "{ago:?} ago");
    }
    for (skew, hour, none) in [(0, 60, 1), (10, 70, 10)] {
        let idp = TimeSettings { clock_skew_minutes: skew, ..TimeSettings::default() };
        assert_eq!(lives(&app, &idp, said(start() + minutes(60))), minutes(hour), "{skew}");
        assert_eq!(lives(&app, &idp, said(start())), minutes(none), "{skew}");
    }
}

#[test]
fn an_idp_whose_word_on_the_end_is_passed_over_ends_nothing() {
    let said = SessionTimes { not_on_or_after: Some(start() + minutes(60)), ..opened() };
    let app = SessionSettings::default();
    let idp = TimeSettings { obey_session_end: false, ..TimeSettings::default() };
    assert_eq!(lives(&app, &idp, said), minutes(8 * 60));
}

proptest! {
    /// No limit is passed by anything, and what the sweep takes away lives at no app.
    #[test]
    fn nothing_outlives_a_limit_and_the_sweep_takes_nothing_that_lives(
        (absolute, idle) in (1_u32..=43_200).prop_flat_map(|all| (Just(all), 1..=all)),
        remember_days in proptest::option::of(30_u32..=90),
        used in 0_u64..200_000, said in proptest::option::of(0_u64..200_000),
        remembered: bool, now in 0_u64..200_000,
    ) {
        let app = SessionSettings { remember_days, ..limits(idle, absolute) };
        prop_assert_eq!(app.check(), Ok(()));
        let used = used.min(now);
        let times = SessionTimes {
            used_at: start() + minutes(used),
            not_on_or_after: said.map(|said| start() + minutes(said)),
            remembered,
            ..opened()
        };
        let lives = minutes(now) < lives_at(&app, times);
        let kept = remember_days.filter(|_| remembered).map(|days| 1440 * days);
        prop_assert!(!lives || now < u64::from(kept.unwrap_or(absolute)));
        prop_assert!(!lives || kept.is_some() || now < used + u64::from(idle));
        prop_assert!(!lives || said.is_none_or(|said| now < said + 3));
        let (longest, now) = (longest([&app].into_iter()), start() + minutes(now));
        let too_old = times.created_at < now - longest.open;
        let unused = !remembered && times.used_at < now - longest.unused;
        prop_assert!(!(lives && (too_old || unused)));
    }
}
