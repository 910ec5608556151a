//! Identifier schemes of structures: the digit in the CII file and the word in the API.

/// How Chorus Pro identifies a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// French establishment, 14 digits.
    Siret,
    /// Structure in the EU outside France: its VAT number.
    EuOutsideFrance,
    /// Structure outside the EU: its country and the first 16 characters of its name.
    OutsideEu,
    /// New Caledonia.
    Ridet,
    /// French Polynesia.
    Tahiti,
    /// Any other.
    Other,
}

impl Scheme {
    /// All of them, in the order of their digits.
    pub const ALL: [Self; 6] = [
        Self::Siret,
        Self::EuOutsideFrance,
        Self::OutsideEu,
        Self::Ridet,
        Self::Tahiti,
        Self::Other,
    ];

    /// From the digit, `fr-choruspro-scheme` in GOBL and `schemeID` in CII.
    #[must_use]
    pub fn from_digit(digit: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.digit() == digit)
    }

    /// The digit, `1` to `6`.
    #[must_use]
    pub const fn digit(self) -> &'static str {
        match self {
            Self::Siret => "1",
            Self::EuOutsideFrance => "2",
            Self::OutsideEu => "3",
            Self::Ridet => "4",
            Self::Tahiti => "5",
            Self::Other => "6",
        }
    }

    /// The word in the API (`typeIdentifiantStructure`).
    ///
    /// ```
    /// use einvoice::chorus::Scheme;
    /// assert_eq!(Scheme::from_digit("2").map(Scheme::word), Some("UE_HORS_FRANCE"));
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Siret => "SIRET",
            Self::EuOutsideFrance => "UE_HORS_FRANCE",
            Self::OutsideEu => "HORS_UE",
            Self::Ridet => "RIDET",
            Self::Tahiti => "TAHITI",
            Self::Other => "AUTRE",
        }
    }
}

/// The members of the European Union by the country codes of VAT numbers (Greece has `EL` there and `GR` elsewhere).
/// A fixed list: a member that joins or leaves needs a new release, and old invoices keep their verdict until then.
#[must_use]
pub fn is_eu_member(country: &str) -> bool {
    matches!(
        country,
        "AT" | "BE"
            | "BG"
            | "CY"
            | "CZ"
            | "DE"
            | "DK"
            | "EE"
            | "EL"
            | "ES"
            | "FI"
            | "FR"
            | "GR"
            | "HR"
            | "HU"
            | "IE"
            | "IT"
            | "LT"
            | "LU"
            | "LV"
            | "MT"
            | "NL"
            | "PL"
            | "PT"
            | "RO"
            | "SE"
            | "SI"
            | "SK"
    )
}
