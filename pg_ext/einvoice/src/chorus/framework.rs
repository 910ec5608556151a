//! Frameworks, "cadres de facturation" (BT-23 in profile `choruspro`).

/// A framework of Chorus Pro, `A1` to `A25` without `A11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Framework(u8);

impl Framework {
    /// Invoice of a supplier: the ordinary one, taken where none is given.
    pub const SUPPLIER: Self = Self(1);
    /// Invoice of a supplier that is paid already.
    pub const PAID: Self = Self(2);

    /// Reads a code as Chorus Pro writes it.
    ///
    /// ```
    /// use einvoice::chorus::Framework;
    /// assert_eq!(Framework::parse("A2"), Some(Framework::PAID));
    /// assert_eq!(Framework::parse("A11"), None);
    /// assert_eq!(Framework::parse("A01"), None);
    /// ```
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let digits = code.strip_prefix('A')?;
        if digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match digits.parse().ok()? {
            11 => None,
            n @ 1..=25 => Some(Self(n)),
            _ => None,
        }
    }

    /// Whether a deposited CII file may carry it. The others need a validator whom the format cannot name, or other
    /// flows of Chorus Pro: they are entered on the portal.
    #[must_use]
    pub const fn can_be_deposited(self) -> bool {
        matches!(self, Self::SUPPLIER | Self::PAID)
    }

    /// Whether it is for works (factures de travaux), which buyers that are contracting authorities alone receive.
    #[must_use]
    pub const fn is_for_works(self) -> bool {
        matches!(self.0, 4..=8 | 10 | 13..=25)
    }
}
