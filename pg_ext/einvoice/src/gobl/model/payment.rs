use jiff::civil::Date;

use super::{Address, Party, objects};
use crate::amount::{Amount, Percentage};
use crate::gobl::scalar::{Day, Uuid};
use crate::gobl::{Ext, List, Text};

objects! {
    /// How and when the invoice is paid.
    pub struct Payment {
        /// Who is paid (BG-10), where it is not the supplier.
        payee: Option<Box<Party<'a>>>,
        /// Who pays, where it is not the customer.
        payer: Option<Box<Party<'a>>>,
        /// Terms (BT-20) and due dates (BT-9).
        terms: Option<Box<Terms<'a>>>,
        /// Sums already paid (BT-113).
        advances: List<Advance<'a>>,
        /// Payment means (BG-16).
        instructions: Option<Box<Instructions<'a>>>,
    }

    /// Payment terms.
    pub struct Terms {
        /// `due-date`, `instant`, `end-of-month`, ….
        key: Text<'a>,
        /// Instalments.
        due_dates: List<DueDate<'a>>,
        /// Terms in words (BT-20).
        "notes" | "detail" notes: Text<'a>,
        /// Extensions.
        ext: Ext<'a>,
    }

    /// An instalment.
    pub struct DueDate {
        /// Due date (BT-9).
        date: Option<Date> as Day,
        /// Notes.
        notes: Text<'a>,
        /// Amount due then.
        amount: Amount,
        /// Share of the amount payable.
        percent: Option<Percentage>,
        /// Currency of the amount.
        currency: Text<'a>,
    }

    /// A sum already paid (GOBL `pay/record`).
    pub struct Advance {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Date of payment.
        date: Option<Date> as Day,
        /// Means of payment.
        key: Text<'a>,
        /// Reference.
        "ref" reference: Text<'a>,
        /// Description.
        "description" | "desc" description: Text<'a>,
        /// Share of the amount payable.
        percent: Option<Percentage>,
        /// Amount paid.
        amount: Amount,
        /// Currency of the amount.
        currency: Text<'a>,
        /// Card used.
        card: Option<Card<'a>>,
        /// Transfer used.
        credit_transfer: Option<CreditTransfer<'a>>,
        /// Direct debit used.
        direct_debit: Option<DirectDebit<'a>>,
        /// Online payment.
        online: List<Online<'a>>,
        /// Extensions.
        ext: Ext<'a>,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// Payment means (BG-16).
    pub struct Instructions {
        /// `credit-transfer`, `direct-debit`, `card`, …: stands for a UNTDID 4461 code (BT-81).
        key: Text<'a> = required,
        /// The means in words (BT-82).
        detail: Text<'a>,
        /// Remittance information (BT-83).
        "ref" reference: Text<'a>,
        /// Accounts to transfer to (BG-17).
        credit_transfer: List<CreditTransfer<'a>>,
        /// Card (BG-18).
        card: Option<Card<'a>>,
        /// Direct debit (BG-19).
        direct_debit: Option<DirectDebit<'a>>,
        /// Online payment.
        online: List<Online<'a>>,
        /// Notes.
        notes: Text<'a>,
        /// Extensions: UNTDID 4461 code (BT-81).
        ext: Ext<'a>,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// An account (BG-17).
    pub struct CreditTransfer {
        /// IBAN (BT-84).
        iban: Text<'a>,
        /// BIC (BT-86).
        bic: Text<'a>,
        /// Account number that is no IBAN (BT-84).
        number: Text<'a>,
        /// Account name (BT-85).
        name: Text<'a>,
        /// Branch of the bank.
        branch: Option<Box<Address<'a>>>,
    }

    /// A payment card (BG-18).
    pub struct Card {
        /// First six digits.
        first6: Text<'a>,
        /// Last four digits (BT-87).
        last4: Text<'a>,
        /// Holder (BT-88).
        holder: Text<'a>,
    }

    /// Direct debit (BG-19).
    pub struct DirectDebit {
        /// Mandate (BT-89).
        "ref" reference: Text<'a>,
        /// Creditor identifier (BT-90).
        creditor: Text<'a>,
        /// Debited account (BT-91).
        account: Text<'a>,
    }

    /// Online payment.
    pub struct Online {
        /// Key.
        key: Text<'a>,
        /// Label.
        "label" | "name" label: Text<'a>,
        /// Where to pay.
        "url" | "addr" url: Text<'a> = required,
    }
}
