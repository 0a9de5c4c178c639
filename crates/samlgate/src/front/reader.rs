//! Who reads what Samlgate answers in the app's place: a person before a page, or a script.

use http::HeaderMap;
use http::header::ACCEPT;

/// Who reads an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A browser that shows a page.
    Person,
    /// Anything else: it gets JSON, as from the app's REST API.
    Script,
}

impl Reader {
    /// By what the request accepts: a browser names HTML when it goes to a page. `*/*` alone is what
    /// scripts and clients of git send (RFC 9110 §12.5.1).
    pub fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
        match lines.flat_map(|line| line.split(',')).any(names_html) {
            true => Reader::Person,
            false => Reader::Script,
        }
    }
}

/// Whether one media range is HTML, and wanted: a weight of zero declines it (RFC 9110 §12.4.2).
fn names_html(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let is_html =
        ["text/html", "application/xhtml+xml"].iter().any(|html| kind.eq_ignore_ascii_case(html));
    let mut weights =
        parts.filter_map(|part| part.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='));
    is_html
        && weights.next().is_none_or(|weight| weight.contains(|c: char| ('1'..='9').contains(&c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(lines: &[&str]) -> Reader {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT, line.parse().unwrap());
        }
        Reader::of(&headers)
    }

    #[test]
    fn a_browser_that_goes_to_a_page_is_a_person_and_all_else_a_script() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/plain, TEXT/HTML;charset=utf-8",
            "application/xhtml+xml;q=0.1",
            "text/html ; q=1.0",
        ] {
            assert_eq!(reader(&[accept]), Reader::Person, "{accept}");
        }
        assert_eq!(reader(&["application/json", "text/html"]), Reader::Person, "two lines");
        for accept in [
            "*/*",
            "",
            "application/json",
            "text/*",
            "text/html;q=0",
            "text/html; q=0.000",
            "text/htmlx",
        ] {
            assert_eq!(reader(&[accept]), Reader::Script, "{accept}");
        }
        assert_eq!(reader(&[]), Reader::Script, "curl without Accept");
    }
}
