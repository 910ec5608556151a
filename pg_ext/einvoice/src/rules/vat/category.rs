//! VAT categories, and what each asks of lines, allowances, charges and its entries in the breakdown.

use super::rows::Rows;
use super::rows::{AE, AF, AG, E, G, IC, O, S, Z};

/// A category of UNTDID 5305.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Category {
    Standard,
    Zero,
    Exempt,
    ReverseCharge,
    IntraCommunity,
    Export,
    OutsideScope,
    Igic,
    Ipsi,
    /// Has no rows of its own: BR-B-01 and BR-B-02 look at the whole invoice.
    SplitPayment,
}

/// How many there are.
pub(super) const COUNT: usize = 10;

impl Category {
    /// All of them.
    pub(super) const ALL: [Self; COUNT] = [
        Self::Standard,
        Self::Zero,
        Self::Exempt,
        Self::ReverseCharge,
        Self::IntraCommunity,
        Self::Export,
        Self::OutsideScope,
        Self::Igic,
        Self::Ipsi,
        Self::SplitPayment,
    ];

    /// From its code, which is compared as it is.
    pub(super) fn of(code: &str) -> Option<Self> {
        Some(match code {
            "S" => Self::Standard,
            "Z" => Self::Zero,
            "E" => Self::Exempt,
            "AE" => Self::ReverseCharge,
            "K" => Self::IntraCommunity,
            "G" => Self::Export,
            "O" => Self::OutsideScope,
            "L" => Self::Igic,
            "M" => Self::Ipsi,
            "B" => Self::SplitPayment,
            _ => return None,
        })
    }

    /// What it asks; nothing for split payment.
    pub(super) const fn demands(self) -> Option<&'static Demands> {
        Some(match self {
            Self::Standard => &STANDARD,
            Self::Zero => &ZERO,
            Self::Exempt => &EXEMPT,
            Self::ReverseCharge => &REVERSE_CHARGE,
            Self::IntraCommunity => &INTRA_COMMUNITY,
            Self::Export => &EXPORT,
            Self::OutsideScope => &OUTSIDE_SCOPE,
            Self::Igic => &IGIC,
            Self::Ipsi => &IPSI,
            Self::SplitPayment => return None,
        })
    }
}

/// What a category asks.
pub(super) struct Demands {
    pub category: Category,
    pub entries: Entries,
    pub ids: Ids,
    pub rate: Rate,
    pub taxable: Taxable,
    pub tax: Tax,
    /// Whether a reason of exemption must be given; else it must not.
    pub is_exempt: bool,
    /// Whether its entries count where they are entries of another tax.
    pub of_any_tax: bool,
    pub rows: &'static Rows,
}

/// Entries in the breakdown (x-01).
#[derive(Clone, Copy)]
pub(super) enum Entries {
    /// Together with the lines, and with the allowances and charges, two at least: several lines do without, as in the artefact.
    TwoTogether,
    /// One if there are lines, allowances or charges; else none.
    One,
    /// At most one, and only with lines, allowances or charges.
    OneAtMost,
}

/// Identifiers of the parties (x-02 to x-04).
#[derive(Clone, Copy)]
pub(super) enum Ids {
    /// VAT or tax number of the seller, or VAT number of its representative.
    Seller,
    /// These, and VAT number or legal registration of the buyer.
    SellerAndBuyer,
    /// VAT number of the seller or its representative, and of the buyer.
    BothVat,
    /// VAT number of the seller or its representative.
    SellerVat,
    /// No VAT number of anybody.
    NoVat,
}

/// Rates (x-05 to x-07).
#[derive(Clone, Copy)]
pub(super) enum Rate {
    Positive,
    NotNegative,
    Zero,
    None,
}

/// Taxable amount of an entry (x-08).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taxable {
    /// That of its rate, exactly.
    OfRate,
    /// That of the category, exactly.
    Exact,
    /// That of the category, less than one unit apart.
    Near,
}

/// Tax amount of an entry (x-09).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tax {
    /// Taxable amount times rate, less than one unit apart.
    OfRate,
    Zero,
}

static STANDARD: Demands = Demands {
    category: Category::Standard,
    entries: Entries::TwoTogether,
    ids: Ids::Seller,
    rate: Rate::Positive,
    taxable: Taxable::OfRate,
    tax: Tax::OfRate,
    is_exempt: false,
    of_any_tax: true,
    rows: &S,
};

static ZERO: Demands = Demands {
    category: Category::Zero,
    entries: Entries::One,
    ids: Ids::Seller,
    rate: Rate::Zero,
    taxable: Taxable::Near,
    tax: Tax::Zero,
    is_exempt: false,
    of_any_tax: true,
    rows: &Z,
};

static EXEMPT: Demands = Demands {
    category: Category::Exempt,
    is_exempt: true,
    of_any_tax: false,
    rows: &E,
    ..ZERO
};

static REVERSE_CHARGE: Demands = Demands {
    category: Category::ReverseCharge,
    ids: Ids::SellerAndBuyer,
    rows: &AE,
    ..EXEMPT
};

static INTRA_COMMUNITY: Demands = Demands {
    category: Category::IntraCommunity,
    ids: Ids::BothVat,
    rows: &IC,
    ..EXEMPT
};

static EXPORT: Demands = Demands {
    category: Category::Export,
    ids: Ids::SellerVat,
    rows: &G,
    ..EXEMPT
};

static OUTSIDE_SCOPE: Demands = Demands {
    category: Category::OutsideScope,
    entries: Entries::OneAtMost,
    ids: Ids::NoVat,
    rate: Rate::None,
    taxable: Taxable::Exact,
    rows: &O,
    ..EXEMPT
};

static IGIC: Demands = Demands {
    category: Category::Igic,
    of_any_tax: false,
    rows: &AF,
    ..STANDARD
};

static IPSI: Demands = Demands {
    category: Category::Ipsi,
    rate: Rate::NotNegative,
    rows: &AG,
    ..IGIC
};
