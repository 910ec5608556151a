//! Named points where tests stop the agent dead, stall it, or make it misbehave. Empty in a release.
//!
//! A *boundary* is where the agent hands something over for good: a statement that commits, a call to Chorus Pro. Each is
//! named by the kind of task and the step (`submit.prepare`), and [`STEPS`] lists them all. A test strikes before or after
//! it, by the environment: `FAILPOINTS='submit.prepare.after=1*return(kill)'`. `fail` is an error in place of the step's
//! result, `kill` ends the process as SIGKILL would, `freeze` stops it as SIGSTOP does until SIGCONT.
//!
//! A *planted defect* makes the agent break one of its promises, so that tests can show that they would see it.

mod boundary;
mod defect;
mod steps;

pub use boundary::{call, commit, within};
pub use defect::{Defect, planted};
pub use steps::STEPS;
