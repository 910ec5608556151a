//! Which term of a party is which: the seller's and the buyer's have other numbers for the same.

use crate::finding::Term::{self, Bg, Bt, BtPart};

/// What a term is to its party.
#[derive(Clone, Copy)]
pub(super) enum Role {
    Whole,
    Name,
    TradingName,
    Identifier,
    LegalId,
    LegalScheme,
    VatId,
    TaxNumber,
    Registration,
    Endpoint,
    Contact,
    Address,
    Country,
}

pub(super) fn seller_role(term: Term) -> Option<Role> {
    Some(match term {
        Bg(4) => Role::Whole,
        Bt(27) => Role::Name,
        Bt(28) => Role::TradingName,
        Bt(29) | BtPart(29, _) => Role::Identifier,
        Bt(30) => Role::LegalId,
        BtPart(30, _) => Role::LegalScheme,
        Bt(31) => Role::VatId,
        Bt(32) => Role::TaxNumber,
        Bt(33) => Role::Registration,
        Bt(34) | BtPart(34, _) => Role::Endpoint,
        Bt(40) => Role::Country,
        Bg(5) | Bt(35..=39 | 162) => Role::Address,
        Bg(6) | Bt(41..=43) => Role::Contact,
        _ => return None,
    })
}

pub(super) fn buyer_role(term: Term) -> Option<Role> {
    Some(match term {
        Bg(7) => Role::Whole,
        Bt(44) => Role::Name,
        Bt(45) => Role::TradingName,
        Bt(46) | BtPart(46, _) => Role::Identifier,
        Bt(47) => Role::LegalId,
        BtPart(47, _) => Role::LegalScheme,
        Bt(48) => Role::VatId,
        Bt(49) | BtPart(49, _) => Role::Endpoint,
        Bt(55) => Role::Country,
        Bg(8) | Bt(50..=54 | 163) => Role::Address,
        Bg(9) | Bt(56..=58) => Role::Contact,
        _ => return None,
    })
}
