//! How the invoice is to be paid.

use super::Text;

/// BG-16: payment instructions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payment<'a> {
    /// BT-81: means, UNTDID 4461.
    pub means: Option<Text<'a>>,
    /// BT-82: means in words.
    pub means_text: Option<Text<'a>>,
    /// BT-83: remittance information.
    pub remittance: Option<Text<'a>>,
    /// BG-17: accounts to pay into.
    pub credit_transfers: Vec<CreditTransfer<'a>>,
    /// BG-18: card paid with.
    pub card: Option<Card<'a>>,
    /// BG-19: direct debit.
    pub direct_debit: Option<DirectDebit<'a>>,
    /// Whether CII has no means of payment, only what it keeps beside them: BT-83, BT-89, BT-90.
    pub is_implied: bool,
}

/// BG-17: an account to pay into.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CreditTransfer<'a> {
    /// BT-84: its IBAN.
    pub iban: Option<Text<'a>>,
    /// BT-84: its number, where it has no IBAN.
    pub number: Option<Text<'a>>,
    /// BT-85: its name.
    pub name: Option<Text<'a>>,
    /// BT-86: BIC of the bank.
    pub bic: Option<Text<'a>>,
}

/// BG-18: a payment card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card<'a> {
    /// BT-87: last digits of its number.
    pub number: Option<Text<'a>>,
    /// BT-88: its holder.
    pub holder: Option<Text<'a>>,
}

/// BG-19: a direct debit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectDebit<'a> {
    /// BT-89: mandate reference.
    pub mandate: Option<Text<'a>>,
    /// BT-90: creditor identifier.
    pub creditor: Option<Text<'a>>,
    /// BT-91: account debited.
    pub account: Option<Text<'a>>,
}
