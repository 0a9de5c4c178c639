//! What every face of Samlgate shares: the start-up file, the settings and their changes, trust in
//! IdPs, secrets and keys, the clock.
//!
//! It cannot answer a request: it knows no router, no page and no command line. The front door, the
//! console, the Crowd server, the jobs and the command line stand on it and do not know each other.

pub mod address;
pub mod attempt;
pub mod authorities;
pub mod by;
pub mod choice;
pub mod config;
pub mod cookies;
pub mod counted;
pub mod fetch;
pub mod guided;
pub mod inactivity;
pub mod listed;
pub mod markup;
pub mod metadata;
pub mod moment;
pub mod open;
pub mod password;
pub mod people;
pub mod presence;
pub mod proxies;
pub mod reference;
pub mod runtime;
pub mod secrets;
pub mod setting_key;
pub mod settings;
pub mod sp_keys;
pub mod style;
pub mod ticket;
pub mod trust;

pub use by::By;
pub use counted::counted;
pub use open::Installation;
