//! Planted defects: each breaks one promise, and a test shows that the auditor sees it.

/// A promise that the agent is made to break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// A deposit of unknown fate is sent again without a look.
    BlindResend,
    /// A deposit without an answer is said to be at Chorus Pro, under a number that nobody gave.
    InventedFlux,
    /// A deposit that Chorus Pro has taken is written down as one that was refused.
    ForgottenFlux,
    /// Events of a history are stored a second time, under ids of their own.
    DoubleEvent,
    /// Leases are taken back from agents that are well and within their time.
    LiveLease,
    /// The technical account is logged.
    LoggedSecret,
    /// The file that is sent asks for another amount than the invoice.
    OtherAmount,
    /// The report on a deposit is never asked for.
    LostTask,
}

impl Defect {
    /// Every defect.
    pub const ALL: [Self; 8] = [
        Self::BlindResend,
        Self::InventedFlux,
        Self::ForgottenFlux,
        Self::DoubleEvent,
        Self::LiveLease,
        Self::LoggedSecret,
        Self::OtherAmount,
        Self::LostTask,
    ];

    /// Its failpoint.
    pub fn name(self) -> &'static str {
        match self {
            Self::BlindResend => "blind-resend",
            Self::InventedFlux => "invented-flux",
            Self::ForgottenFlux => "forgotten-flux",
            Self::DoubleEvent => "double-event",
            Self::LiveLease => "live-lease",
            Self::LoggedSecret => "logged-secret",
            Self::OtherAmount => "other-amount",
            Self::LostTask => "lost-task",
        }
    }
}

/// Whether a test has planted `defect`.
#[cfg(feature = "failpoints")]
pub fn planted(defect: Defect) -> bool {
    fail::fail_point!(defect.name(), |_| true);
    false
}

/// Never, in a release.
#[cfg(not(feature = "failpoints"))]
pub fn planted(_defect: Defect) -> bool {
    false
}
