//! Metadata: what IdPs and federations publish is read, what is something else is named, and what
//! this SP publishes fits the OASIS schemas.

mod chains;
mod documents;
mod encodings;
mod files;
mod instead;
mod keys;
mod reading;
mod refusing;
mod reported;
mod signed;
mod writing;
