//! What an operator should know of the app's Crowd directory when it did not ask for a password:
//! whether it has connected at all. It decides nothing.

use installation::Installation;
use installation::config::host_to_choose;
use installation::moment;
use installation::presence::Presence;

/// How the app's Crowd directory took part in one log-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// How often it asked for the password.
    pub(super) checks: u32,
    /// It has not connected at all; in words, with the cure.
    pub(super) silence: Option<Silence>,
}

/// No application of the app has connected since this node started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Silence {
    /// What is known.
    pub(super) finding: String,
    /// What to do.
    pub(super) cure: String,
}

impl Asked {
    /// After a log-in in which one of `applications` asked `checks` times.
    pub(super) async fn after(
        installation: &Installation,
        applications: &[String],
        checks: u32,
    ) -> Self {
        let silence =
            if checks == 0 { Silence::of(installation, applications).await } else { None };
        Asked { checks, silence }
    }
}

impl Silence {
    /// Unknown when the database is away: the log-in's own failure says more.
    async fn of(installation: &Installation, applications: &[String]) -> Option<Self> {
        let mut latest = None;
        for name in applications {
            latest = latest.max(Presence::of(&installation.store, name).await.ok()?.seen_at);
        }
        if latest.is_some_and(|seen| seen >= installation.started_at) {
            return None;
        }
        let names = applications.join(", ");
        let finding = match latest {
            None => format!("{names} has never connected to Samlgate's Crowd API"),
            Some(seen) => {
                format!("{names} has not connected since start, last at {}", moment::seconds(seen))
            }
        };
        Some(Silence { finding, cure: cure(installation.crowd_url.as_deref(), &names) })
    }
}

fn cure(url: Option<&str>, names: &str) -> String {
    let Some(url) = url else {
        return "The Crowd API is off: set listen.crowd in the start-up file, and restart."
            .to_owned();
    };
    let host = host_to_choose(url).map(|host| format!(" ({host})")).unwrap_or_default();
    format!(
        "In the app's User Directories add Samlgate as \"Atlassian Crowd\" with server URL \
         {url}{host} and the name and password of {names}, above any directory that has the same \
         user. If it is there, press its Test: the URL must be this one, to the letter."
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, SystemTime};

    use installation::config::Config;
    use installation::runtime::Clock;

    use super::*;

    fn noon() -> SystemTime {
        moment::parse("2026-11-24T12:00:00Z").unwrap()
    }

    async fn installation(clock: Clock, folder: &tempfile::TempDir) -> Arc<Installation> {
        Installation::open(&Config::defaults_in(folder.path()), clock).await.unwrap()
    }

    async fn seen(installation: &Installation, name: &str) {
        let now = installation.clock.now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let mut tx = installation.store.begin().await.unwrap();
        let property = format!("application.seen.{name}");
        tx.put_property(&property, &now.as_millis().to_string()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn finding(installation: &Installation, names: &[&str]) -> Option<String> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        Asked::after(installation, &names, 0).await.silence.map(|silence| silence.finding)
    }

    #[tokio::test]
    async fn an_app_that_has_never_connected_is_told_so_with_the_url_to_enter() {
        let folder = tempfile::tempdir().unwrap();
        let installation = installation(Clock::fixed(noon()), &folder).await;
        let asked = Asked::after(&installation, &["jira".to_owned()], 0).await;
        let silence = asked.silence.expect("nobody has connected");
        assert_eq!(silence.finding, "jira has never connected to Samlgate's Crowd API");
        assert!(silence.cure.contains("server URL http://127.0.0.1:9095/crowd and"), "{silence:?}");
        let asked = Asked::after(&installation, &["jira".to_owned()], 1).await;
        assert_eq!(asked, Asked { checks: 1, silence: None }, "who asked has connected");
    }

    #[tokio::test]
    async fn a_connection_before_this_start_does_not_count_and_one_after_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(noon());
        seen(&*installation(clock.clone(), &folder).await, "jira").await;
        clock.advance(Duration::from_secs(3600));
        let again = installation(clock.clone(), &folder).await;
        let text = finding(&again, &["jira"]).await.expect("not since this start");
        assert_eq!(text, "jira has not connected since start, last at 2026-11-24T12:00:00Z");
        clock.advance(Duration::from_secs(1));
        seen(&again, "wiki").await;
        assert_eq!(finding(&again, &["jira", "wiki"]).await, None, "one of the app's two has");
        assert!(finding(&again, &["jira"]).await.is_some(), "another app's does not count");
    }

    #[test]
    fn the_cure_names_what_is_to_be_entered_or_that_the_listener_is_off() {
        assert!(cure(None, "jira").contains("set listen.crowd"));
        let any = cure(Some("https://HOST:9095/crowd"), "jira");
        assert!(
            any.contains(
                "https://HOST:9095/crowd (HOST: a name of this machine that is in its certificate)"
            ),
            "{any}"
        );
    }
}
