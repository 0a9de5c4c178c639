//! How messages travel: by an HTML form, or in the query of a redirect.

mod post;
mod redirect;

pub use post::RawResponse;
pub(crate) use redirect::redirect_url;
