use super::{Identity, Image, objects};
use crate::amount::Amount;
use crate::gobl::scalar::Uuid;
use crate::gobl::{Ext, List, Text};

objects! {
    /// Goods or service sold (BG-31).
    pub struct Item {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Seller's identifier (BT-155).
        "ref" reference: Text<'a>,
        /// `goods`, `services`, ….
        key: Text<'a>,
        /// Name (BT-153).
        name: Text<'a> = required,
        /// Identifiers and classifications (BT-156, BT-157, BT-158).
        identities: List<Identity<'a>>,
        /// Description (BT-154).
        description: Text<'a>,
        /// Images.
        images: List<Image<'a>>,
        /// Currency of the price, where it is not the document's.
        currency: Text<'a>,
        /// Net price (BT-146).
        price: Option<Amount>,
        /// The price in other currencies.
        alt_prices: List<CurrencyAmount<'a>>,
        /// Unit (BT-130): GOBL's name, or a UN/ECE code.
        unit: Text<'a>,
        /// Country of origin (BT-159).
        origin: Text<'a>,
        /// Extensions.
        ext: Ext<'a>,
        /// Metadata (BG-32).
        meta: Ext<'a>,
    }

    /// An amount in a currency of its own.
    pub struct CurrencyAmount {
        /// Label.
        label: Text<'a>,
        /// Currency.
        currency: Text<'a> = required,
        /// Amount.
        value: Amount,
    }
}
