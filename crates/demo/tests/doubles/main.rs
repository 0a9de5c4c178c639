//! The doubles over real HTTP, against a Crowd server written for these tests alone.

mod browser;
mod crowd_stub;
mod directories;
mod idp;
mod log_in;
mod process;
mod sessions;
mod traffic;
mod versions;
mod wire;
