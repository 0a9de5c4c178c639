//! Sign-ins by hour as bars, drawn on the server; the same numbers stand below in a table.

use maud::{Markup, html};
use store::Tally;

/// Whether an outcome is a sign-in that went well.
pub(super) fn is_good(outcome: &str) -> bool {
    matches!(outcome, "opened" | "signed_in")
}

/// Whether an outcome is a sign-in that did not.
pub(super) fn is_bad(outcome: &str) -> bool {
    matches!(outcome, "refused" | "open_failed")
}

/// The 24 hours that end with `last`, counted from 1970.
pub(super) fn view(tallies: &[Tally], last: i64) -> Markup {
    let hours: Vec<(i64, i64, i64)> = (last - 23..=last)
        .map(|hour| {
            let sum = |fits: fn(&str) -> bool| {
                let those = tallies.iter().filter(|t| t.hour == hour && fits(&t.outcome));
                those.map(|tally| tally.count).sum()
            };
            (hour, sum(is_good), sum(is_bad))
        })
        .collect();
    let most = hours.iter().map(|(_, good, bad)| good + bad).max().unwrap_or(0).max(4);
    html! {
        svg class="chart" viewBox="0 0 720 150" role="img" aria-label="Sign-ins by hour; the numbers stand in the table below" {
            line x1="0" y1="120.5" x2="720" y2="120.5" {}
            @for (n, (hour, good, bad)) in hours.iter().enumerate() {
                (bar(n, *good, 0, most, "ok"))
                (bar(n, *bad, *good, most, "no"))
                @if n % 3 == 2 { text x=(n * 30 + 15) y="140" text-anchor="middle" { (hour.rem_euclid(24)) "h" } }
            }
            text x="0" y="12" { (most) }
        }
        details {
            summary { "The numbers" }
            div class="scroll" tabindex="0" role="region" aria-label="Sign-ins by hour" {
                table {
                    caption { "Hours are in UTC; those without a sign-in are left out" }
                    thead { tr { th scope="col" { "Hour" } th scope="col" class="number" { "Signed in" } th scope="col" class="number" { "Refused" } } }
                    tbody {
                        @for (hour, good, bad) in hours.iter().filter(|(_, good, bad)| good + bad > 0) {
                            tr { td { (hour.rem_euclid(24)) ":00" } td class="number" { (good) } td class="number" { (bad) } }
                        }
                    }
                }
            }
        }
    }
}

fn bar(n: usize, count: i64, below: i64, most: i64, class: &str) -> Markup {
    let height = count * 104 / most;
    let bottom = 120 - below * 104 / most;
    html! {
        @if count > 0 {
            rect class=(class) x=(n * 30 + 4) y=(bottom - height.max(2)) width="22" height=(height.max(2)) rx="2" {}
        }
    }
}
