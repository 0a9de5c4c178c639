//! Provisioning as a whole: claims read, a plan made, the plan applied to a directory in memory.

mod absent;
mod always;
mod bound;
mod directory_model;
mod features;
mod mistaken;
mod names;
mod plan;
mod split;
