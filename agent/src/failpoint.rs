//! Named points where tests stop the agent dead, stall it, or make it misbehave. Empty in a release.

/// The agent gets here. A test may stall it (`sleep`, `pause`) or end the process as SIGKILL would (`return`).
#[cfg(feature = "failpoints")]
pub fn reach(point: &str) {
    fail::fail_point!(point, |_| std::process::abort());
}

/// The agent gets here; nothing happens.
#[cfg(not(feature = "failpoints"))]
pub fn reach(_point: &str) {}

/// The planted defect `blind-resend`: a deposit of unknown fate is sent again without a look.
///
/// The end-to-end test on exactly-once must fail with it, else it proves nothing.
#[cfg(feature = "failpoints")]
pub fn blind_resend() -> bool {
    fail::fail_point!("blind-resend", |_| true);
    false
}

/// Never, in a release.
#[cfg(not(feature = "failpoints"))]
pub fn blind_resend() -> bool {
    false
}
