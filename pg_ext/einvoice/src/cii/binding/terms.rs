//! The table: every term with its place, in the order of EN 16931-1.

use super::Binding;
use super::step::Step::{Attribute, Each, Identifier, Marked, To};
use super::step::{Mark, Path, Step};
use crate::cii::tree::name;
use crate::finding::Term::{self, Bg, Bt, BtPart};

const fn root(steps: &'static [Step]) -> Path {
    Path {
        within: None,
        steps,
    }
}

const fn within(path: &'static Path, steps: &'static [Step]) -> Path {
    Path {
        within: Some(path),
        steps,
    }
}

const fn bind(term: Term, path: &'static Path, steps: &'static [Step]) -> Binding {
    Binding {
        term,
        place: within(path, steps),
    }
}

const SCHEME: Step = Attribute("schemeID");

static CONTEXT: Path = root(&[To(name::EXCHANGED_DOCUMENT_CONTEXT)]);
static DOCUMENT: Path = root(&[To(name::EXCHANGED_DOCUMENT)]);
static TRANSACTION: Path = root(&[To(name::SUPPLY_CHAIN_TRADE_TRANSACTION)]);
static AGREEMENT: Path = within(&TRANSACTION, &[To(name::APPLICABLE_HEADER_TRADE_AGREEMENT)]);
static DELIVERY: Path = within(&TRANSACTION, &[To(name::APPLICABLE_HEADER_TRADE_DELIVERY)]);
static SETTLEMENT: Path = within(
    &TRANSACTION,
    &[To(name::APPLICABLE_HEADER_TRADE_SETTLEMENT)],
);
static SELLER: Path = within(&AGREEMENT, &[To(name::SELLER_TRADE_PARTY)]);
static BUYER: Path = within(&AGREEMENT, &[To(name::BUYER_TRADE_PARTY)]);
static REPRESENTATIVE: Path = within(
    &AGREEMENT,
    &[To(name::SELLER_TAX_REPRESENTATIVE_TRADE_PARTY)],
);
static PAYEE: Path = within(&SETTLEMENT, &[To(name::PAYEE_TRADE_PARTY)]);
static RECIPIENT: Path = within(&DELIVERY, &[To(name::SHIP_TO_TRADE_PARTY)]);
static MEANS: Path = within(
    &SETTLEMENT,
    &[Each(
        name::SPECIFIED_TRADE_SETTLEMENT_PAYMENT_MEANS,
        Mark::Means,
        0,
    )],
);
static ACCOUNT: Path = within(
    &SETTLEMENT,
    &[Each(
        name::SPECIFIED_TRADE_SETTLEMENT_PAYMENT_MEANS,
        Mark::With(name::PAYEE_PARTY_CREDITOR_FINANCIAL_ACCOUNT),
        0,
    )],
);
static ALLOWANCE: Path = within(
    &SETTLEMENT,
    &[Each(
        name::SPECIFIED_TRADE_ALLOWANCE_CHARGE,
        Mark::Allowance,
        0,
    )],
);
static CHARGE: Path = within(
    &SETTLEMENT,
    &[Each(
        name::SPECIFIED_TRADE_ALLOWANCE_CHARGE,
        Mark::Charge,
        0,
    )],
);
static TOTALS: Path = within(
    &SETTLEMENT,
    &[To(
        name::SPECIFIED_TRADE_SETTLEMENT_HEADER_MONETARY_SUMMATION,
    )],
);
static BREAKDOWN: Path = within(
    &SETTLEMENT,
    &[Each(name::APPLICABLE_TRADE_TAX, Mark::Any, 0)],
);
static ATTACHMENT: Path = within(
    &AGREEMENT,
    &[Each(
        name::ADDITIONAL_REFERENCED_DOCUMENT,
        Mark::Document("916"),
        0,
    )],
);
static LINE: Path = within(
    &TRANSACTION,
    &[Each(
        name::INCLUDED_SUPPLY_CHAIN_TRADE_LINE_ITEM,
        Mark::Any,
        0,
    )],
);
static LINE_DOCUMENT: Path = within(&LINE, &[To(name::ASSOCIATED_DOCUMENT_LINE_DOCUMENT)]);
static PRODUCT: Path = within(&LINE, &[To(name::SPECIFIED_TRADE_PRODUCT)]);
static LINE_AGREEMENT: Path = within(&LINE, &[To(name::SPECIFIED_LINE_TRADE_AGREEMENT)]);
static LINE_DELIVERY: Path = within(&LINE, &[To(name::SPECIFIED_LINE_TRADE_DELIVERY)]);
static LINE_SETTLEMENT: Path = within(&LINE, &[To(name::SPECIFIED_LINE_TRADE_SETTLEMENT)]);
static LINE_ALLOWANCE: Path = within(
    &LINE_SETTLEMENT,
    &[Each(
        name::SPECIFIED_TRADE_ALLOWANCE_CHARGE,
        Mark::Allowance,
        1,
    )],
);
static LINE_CHARGE: Path = within(
    &LINE_SETTLEMENT,
    &[Each(
        name::SPECIFIED_TRADE_ALLOWANCE_CHARGE,
        Mark::Charge,
        1,
    )],
);
static LINE_TAX: Path = within(
    &LINE_SETTLEMENT,
    &[Each(name::APPLICABLE_TRADE_TAX, Mark::Any, 1)],
);
static ATTRIBUTE: Path = within(
    &PRODUCT,
    &[Each(name::APPLICABLE_PRODUCT_CHARACTERISTIC, Mark::Any, 1)],
);

pub(super) static TERMS: &[Binding] = &[
    bind(Bt(1), &DOCUMENT, &[To(name::ID)]),
    bind(Bt(2), &DOCUMENT, &[To(name::ISSUE_DATE_TIME)]),
    bind(Bt(3), &DOCUMENT, &[To(name::TYPE_CODE)]),
    bind(Bt(5), &SETTLEMENT, &[To(name::INVOICE_CURRENCY_CODE)]),
    bind(Bt(6), &SETTLEMENT, &[To(name::TAX_CURRENCY_CODE)]),
    bind(
        Bt(7),
        &SETTLEMENT,
        &[
            Marked(name::APPLICABLE_TRADE_TAX, Mark::With(name::TAX_POINT_DATE)),
            To(name::TAX_POINT_DATE),
        ],
    ),
    bind(
        Bt(8),
        &SETTLEMENT,
        &[
            Marked(
                name::APPLICABLE_TRADE_TAX,
                Mark::With(name::DUE_DATE_TYPE_CODE),
            ),
            To(name::DUE_DATE_TYPE_CODE),
        ],
    ),
    bind(
        Bt(9),
        &SETTLEMENT,
        &[
            Marked(
                name::SPECIFIED_TRADE_PAYMENT_TERMS,
                Mark::With(name::DUE_DATE_DATE_TIME),
            ),
            To(name::DUE_DATE_DATE_TIME),
        ],
    ),
    bind(Bt(10), &AGREEMENT, &[To(name::BUYER_REFERENCE)]),
    bind(
        Bt(11),
        &AGREEMENT,
        &[To(name::SPECIFIED_PROCURING_PROJECT), To(name::ID)],
    ),
    bind(
        Bt(12),
        &AGREEMENT,
        &[
            To(name::CONTRACT_REFERENCED_DOCUMENT),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        Bt(13),
        &AGREEMENT,
        &[
            To(name::BUYER_ORDER_REFERENCED_DOCUMENT),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        Bt(14),
        &AGREEMENT,
        &[
            To(name::SELLER_ORDER_REFERENCED_DOCUMENT),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        Bt(15),
        &DELIVERY,
        &[
            To(name::RECEIVING_ADVICE_REFERENCED_DOCUMENT),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        Bt(16),
        &DELIVERY,
        &[
            To(name::DESPATCH_ADVICE_REFERENCED_DOCUMENT),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        Bt(17),
        &AGREEMENT,
        &[
            Marked(name::ADDITIONAL_REFERENCED_DOCUMENT, Mark::Document("50")),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        Bt(18),
        &AGREEMENT,
        &[
            Marked(name::ADDITIONAL_REFERENCED_DOCUMENT, Mark::Document("130")),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        BtPart(18, 1),
        &AGREEMENT,
        &[
            Marked(name::ADDITIONAL_REFERENCED_DOCUMENT, Mark::Document("130")),
            To(name::REFERENCE_TYPE_CODE),
        ],
    ),
    bind(
        Bt(19),
        &SETTLEMENT,
        &[
            To(name::RECEIVABLE_SPECIFIED_TRADE_ACCOUNTING_ACCOUNT),
            To(name::ID),
        ],
    ),
    bind(
        Bt(20),
        &SETTLEMENT,
        &[
            Marked(
                name::SPECIFIED_TRADE_PAYMENT_TERMS,
                Mark::With(name::DESCRIPTION),
            ),
            To(name::DESCRIPTION),
        ],
    ),
    bind(Bg(1), &DOCUMENT, &[Each(name::INCLUDED_NOTE, Mark::Any, 0)]),
    bind(
        Bt(21),
        &DOCUMENT,
        &[
            Each(name::INCLUDED_NOTE, Mark::Any, 0),
            To(name::SUBJECT_CODE),
        ],
    ),
    bind(
        Bt(22),
        &DOCUMENT,
        &[Each(name::INCLUDED_NOTE, Mark::Any, 0), To(name::CONTENT)],
    ),
    bind(Bg(2), &CONTEXT, &[]),
    bind(
        Bt(23),
        &CONTEXT,
        &[
            To(name::BUSINESS_PROCESS_SPECIFIED_DOCUMENT_CONTEXT_PARAMETER),
            To(name::ID),
        ],
    ),
    bind(
        Bt(24),
        &CONTEXT,
        &[
            To(name::GUIDELINE_SPECIFIED_DOCUMENT_CONTEXT_PARAMETER),
            To(name::ID),
        ],
    ),
    bind(
        Bg(3),
        &SETTLEMENT,
        &[Each(name::INVOICE_REFERENCED_DOCUMENT, Mark::Any, 0)],
    ),
    bind(
        Bt(25),
        &SETTLEMENT,
        &[
            Each(name::INVOICE_REFERENCED_DOCUMENT, Mark::Any, 0),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        Bt(26),
        &SETTLEMENT,
        &[
            Each(name::INVOICE_REFERENCED_DOCUMENT, Mark::Any, 0),
            To(name::FORMATTED_ISSUE_DATE_TIME),
        ],
    ),
    bind(Bg(4), &SELLER, &[]),
    bind(Bt(27), &SELLER, &[To(name::NAME)]),
    bind(
        Bt(28),
        &SELLER,
        &[
            To(name::SPECIFIED_LEGAL_ORGANIZATION),
            To(name::TRADING_BUSINESS_NAME),
        ],
    ),
    bind(Bt(29), &SELLER, &[Identifier]),
    bind(BtPart(29, 1), &SELLER, &[Identifier, SCHEME]),
    bind(
        Bt(30),
        &SELLER,
        &[To(name::SPECIFIED_LEGAL_ORGANIZATION), To(name::ID)],
    ),
    bind(
        BtPart(30, 1),
        &SELLER,
        &[To(name::SPECIFIED_LEGAL_ORGANIZATION), To(name::ID), SCHEME],
    ),
    bind(
        Bt(31),
        &SELLER,
        &[
            Marked(name::SPECIFIED_TAX_REGISTRATION, Mark::Scheme("VA")),
            To(name::ID),
        ],
    ),
    bind(
        Bt(34),
        &SELLER,
        &[To(name::URI_UNIVERSAL_COMMUNICATION), To(name::URIID)],
    ),
    bind(
        BtPart(34, 1),
        &SELLER,
        &[
            To(name::URI_UNIVERSAL_COMMUNICATION),
            To(name::URIID),
            SCHEME,
        ],
    ),
    bind(
        Bt(32),
        &SELLER,
        &[
            Marked(name::SPECIFIED_TAX_REGISTRATION, Mark::Scheme("FC")),
            To(name::ID),
        ],
    ),
    bind(Bt(33), &SELLER, &[To(name::DESCRIPTION)]),
    bind(Bg(5), &SELLER, &[To(name::POSTAL_TRADE_ADDRESS)]),
    bind(
        Bt(35),
        &SELLER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_ONE)],
    ),
    bind(
        Bt(36),
        &SELLER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_TWO)],
    ),
    bind(
        Bt(162),
        &SELLER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_THREE)],
    ),
    bind(
        Bt(37),
        &SELLER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::CITY_NAME)],
    ),
    bind(
        Bt(38),
        &SELLER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::POSTCODE_CODE)],
    ),
    bind(
        Bt(39),
        &SELLER,
        &[
            To(name::POSTAL_TRADE_ADDRESS),
            To(name::COUNTRY_SUB_DIVISION_NAME),
        ],
    ),
    bind(
        Bt(40),
        &SELLER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::COUNTRY_ID)],
    ),
    bind(Bg(6), &SELLER, &[To(name::DEFINED_TRADE_CONTACT)]),
    bind(
        Bt(41),
        &SELLER,
        &[To(name::DEFINED_TRADE_CONTACT), To(name::PERSON_NAME)],
    ),
    bind(
        Bt(42),
        &SELLER,
        &[
            To(name::DEFINED_TRADE_CONTACT),
            To(name::TELEPHONE_UNIVERSAL_COMMUNICATION),
            To(name::COMPLETE_NUMBER),
        ],
    ),
    bind(
        Bt(43),
        &SELLER,
        &[
            To(name::DEFINED_TRADE_CONTACT),
            To(name::EMAIL_URI_UNIVERSAL_COMMUNICATION),
            To(name::URIID),
        ],
    ),
    bind(Bg(7), &BUYER, &[]),
    bind(Bt(44), &BUYER, &[To(name::NAME)]),
    bind(
        Bt(45),
        &BUYER,
        &[
            To(name::SPECIFIED_LEGAL_ORGANIZATION),
            To(name::TRADING_BUSINESS_NAME),
        ],
    ),
    bind(Bt(46), &BUYER, &[Identifier]),
    bind(BtPart(46, 1), &BUYER, &[Identifier, SCHEME]),
    bind(
        Bt(47),
        &BUYER,
        &[To(name::SPECIFIED_LEGAL_ORGANIZATION), To(name::ID)],
    ),
    bind(
        BtPart(47, 1),
        &BUYER,
        &[To(name::SPECIFIED_LEGAL_ORGANIZATION), To(name::ID), SCHEME],
    ),
    bind(
        Bt(48),
        &BUYER,
        &[
            Marked(name::SPECIFIED_TAX_REGISTRATION, Mark::Scheme("VA")),
            To(name::ID),
        ],
    ),
    bind(
        Bt(49),
        &BUYER,
        &[To(name::URI_UNIVERSAL_COMMUNICATION), To(name::URIID)],
    ),
    bind(
        BtPart(49, 1),
        &BUYER,
        &[
            To(name::URI_UNIVERSAL_COMMUNICATION),
            To(name::URIID),
            SCHEME,
        ],
    ),
    bind(Bg(8), &BUYER, &[To(name::POSTAL_TRADE_ADDRESS)]),
    bind(
        Bt(50),
        &BUYER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_ONE)],
    ),
    bind(
        Bt(51),
        &BUYER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_TWO)],
    ),
    bind(
        Bt(163),
        &BUYER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_THREE)],
    ),
    bind(
        Bt(52),
        &BUYER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::CITY_NAME)],
    ),
    bind(
        Bt(53),
        &BUYER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::POSTCODE_CODE)],
    ),
    bind(
        Bt(54),
        &BUYER,
        &[
            To(name::POSTAL_TRADE_ADDRESS),
            To(name::COUNTRY_SUB_DIVISION_NAME),
        ],
    ),
    bind(
        Bt(55),
        &BUYER,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::COUNTRY_ID)],
    ),
    bind(Bg(9), &BUYER, &[To(name::DEFINED_TRADE_CONTACT)]),
    bind(
        Bt(56),
        &BUYER,
        &[To(name::DEFINED_TRADE_CONTACT), To(name::PERSON_NAME)],
    ),
    bind(
        Bt(57),
        &BUYER,
        &[
            To(name::DEFINED_TRADE_CONTACT),
            To(name::TELEPHONE_UNIVERSAL_COMMUNICATION),
            To(name::COMPLETE_NUMBER),
        ],
    ),
    bind(
        Bt(58),
        &BUYER,
        &[
            To(name::DEFINED_TRADE_CONTACT),
            To(name::EMAIL_URI_UNIVERSAL_COMMUNICATION),
            To(name::URIID),
        ],
    ),
    bind(Bg(10), &PAYEE, &[]),
    bind(Bt(59), &PAYEE, &[To(name::NAME)]),
    bind(Bt(60), &PAYEE, &[Identifier]),
    bind(BtPart(60, 1), &PAYEE, &[Identifier, SCHEME]),
    bind(
        Bt(61),
        &PAYEE,
        &[To(name::SPECIFIED_LEGAL_ORGANIZATION), To(name::ID)],
    ),
    bind(
        BtPart(61, 1),
        &PAYEE,
        &[To(name::SPECIFIED_LEGAL_ORGANIZATION), To(name::ID), SCHEME],
    ),
    bind(Bg(11), &REPRESENTATIVE, &[]),
    bind(Bt(62), &REPRESENTATIVE, &[To(name::NAME)]),
    bind(
        Bt(63),
        &REPRESENTATIVE,
        &[
            Marked(name::SPECIFIED_TAX_REGISTRATION, Mark::Scheme("VA")),
            To(name::ID),
        ],
    ),
    bind(Bg(12), &REPRESENTATIVE, &[To(name::POSTAL_TRADE_ADDRESS)]),
    bind(
        Bt(64),
        &REPRESENTATIVE,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_ONE)],
    ),
    bind(
        Bt(65),
        &REPRESENTATIVE,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_TWO)],
    ),
    bind(
        Bt(164),
        &REPRESENTATIVE,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_THREE)],
    ),
    bind(
        Bt(66),
        &REPRESENTATIVE,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::CITY_NAME)],
    ),
    bind(
        Bt(67),
        &REPRESENTATIVE,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::POSTCODE_CODE)],
    ),
    bind(
        Bt(68),
        &REPRESENTATIVE,
        &[
            To(name::POSTAL_TRADE_ADDRESS),
            To(name::COUNTRY_SUB_DIVISION_NAME),
        ],
    ),
    bind(
        Bt(69),
        &REPRESENTATIVE,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::COUNTRY_ID)],
    ),
    bind(Bg(13), &DELIVERY, &[]),
    bind(Bt(70), &RECIPIENT, &[To(name::NAME)]),
    bind(Bt(71), &RECIPIENT, &[Identifier]),
    bind(BtPart(71, 1), &RECIPIENT, &[Identifier, SCHEME]),
    bind(
        Bt(72),
        &DELIVERY,
        &[
            To(name::ACTUAL_DELIVERY_SUPPLY_CHAIN_EVENT),
            To(name::OCCURRENCE_DATE_TIME),
        ],
    ),
    bind(Bg(14), &SETTLEMENT, &[To(name::BILLING_SPECIFIED_PERIOD)]),
    bind(
        Bt(73),
        &SETTLEMENT,
        &[
            To(name::BILLING_SPECIFIED_PERIOD),
            To(name::START_DATE_TIME),
        ],
    ),
    bind(
        Bt(74),
        &SETTLEMENT,
        &[To(name::BILLING_SPECIFIED_PERIOD), To(name::END_DATE_TIME)],
    ),
    bind(Bg(15), &RECIPIENT, &[To(name::POSTAL_TRADE_ADDRESS)]),
    bind(
        Bt(75),
        &RECIPIENT,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_ONE)],
    ),
    bind(
        Bt(76),
        &RECIPIENT,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_TWO)],
    ),
    bind(
        Bt(165),
        &RECIPIENT,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::LINE_THREE)],
    ),
    bind(
        Bt(77),
        &RECIPIENT,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::CITY_NAME)],
    ),
    bind(
        Bt(78),
        &RECIPIENT,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::POSTCODE_CODE)],
    ),
    bind(
        Bt(79),
        &RECIPIENT,
        &[
            To(name::POSTAL_TRADE_ADDRESS),
            To(name::COUNTRY_SUB_DIVISION_NAME),
        ],
    ),
    bind(
        Bt(80),
        &RECIPIENT,
        &[To(name::POSTAL_TRADE_ADDRESS), To(name::COUNTRY_ID)],
    ),
    bind(Bg(16), &MEANS, &[]),
    bind(Bt(81), &MEANS, &[To(name::TYPE_CODE)]),
    bind(Bt(82), &MEANS, &[To(name::INFORMATION)]),
    bind(Bt(83), &SETTLEMENT, &[To(name::PAYMENT_REFERENCE)]),
    bind(
        Bg(17),
        &ACCOUNT,
        &[To(name::PAYEE_PARTY_CREDITOR_FINANCIAL_ACCOUNT)],
    ),
    bind(
        Bt(84),
        &ACCOUNT,
        &[
            To(name::PAYEE_PARTY_CREDITOR_FINANCIAL_ACCOUNT),
            To(name::IBANID),
        ],
    ),
    bind(
        Bt(84),
        &ACCOUNT,
        &[
            To(name::PAYEE_PARTY_CREDITOR_FINANCIAL_ACCOUNT),
            To(name::PROPRIETARY_ID),
        ],
    ),
    bind(
        Bt(85),
        &ACCOUNT,
        &[
            To(name::PAYEE_PARTY_CREDITOR_FINANCIAL_ACCOUNT),
            To(name::ACCOUNT_NAME),
        ],
    ),
    bind(
        Bt(86),
        &ACCOUNT,
        &[
            To(name::PAYEE_SPECIFIED_CREDITOR_FINANCIAL_INSTITUTION),
            To(name::BICID),
        ],
    ),
    bind(
        Bg(18),
        &MEANS,
        &[To(name::APPLICABLE_TRADE_SETTLEMENT_FINANCIAL_CARD)],
    ),
    bind(
        Bt(87),
        &MEANS,
        &[
            To(name::APPLICABLE_TRADE_SETTLEMENT_FINANCIAL_CARD),
            To(name::ID),
        ],
    ),
    bind(
        Bt(88),
        &MEANS,
        &[
            To(name::APPLICABLE_TRADE_SETTLEMENT_FINANCIAL_CARD),
            To(name::CARDHOLDER_NAME),
        ],
    ),
    bind(
        Bt(89),
        &SETTLEMENT,
        &[
            Marked(
                name::SPECIFIED_TRADE_PAYMENT_TERMS,
                Mark::With(name::DIRECT_DEBIT_MANDATE_ID),
            ),
            To(name::DIRECT_DEBIT_MANDATE_ID),
        ],
    ),
    bind(Bt(90), &SETTLEMENT, &[To(name::CREDITOR_REFERENCE_ID)]),
    bind(
        Bt(91),
        &MEANS,
        &[
            To(name::PAYER_PARTY_DEBTOR_FINANCIAL_ACCOUNT),
            To(name::IBANID),
        ],
    ),
    bind(Bg(20), &ALLOWANCE, &[]),
    bind(Bt(92), &ALLOWANCE, &[To(name::ACTUAL_AMOUNT)]),
    bind(Bt(93), &ALLOWANCE, &[To(name::BASIS_AMOUNT)]),
    bind(Bt(94), &ALLOWANCE, &[To(name::CALCULATION_PERCENT)]),
    bind(
        Bt(95),
        &ALLOWANCE,
        &[To(name::CATEGORY_TRADE_TAX), To(name::CATEGORY_CODE)],
    ),
    bind(
        Bt(96),
        &ALLOWANCE,
        &[
            To(name::CATEGORY_TRADE_TAX),
            To(name::RATE_APPLICABLE_PERCENT),
        ],
    ),
    bind(Bt(97), &ALLOWANCE, &[To(name::REASON)]),
    bind(Bt(98), &ALLOWANCE, &[To(name::REASON_CODE)]),
    bind(Bg(21), &CHARGE, &[]),
    bind(Bt(99), &CHARGE, &[To(name::ACTUAL_AMOUNT)]),
    bind(Bt(100), &CHARGE, &[To(name::BASIS_AMOUNT)]),
    bind(Bt(101), &CHARGE, &[To(name::CALCULATION_PERCENT)]),
    bind(
        Bt(102),
        &CHARGE,
        &[To(name::CATEGORY_TRADE_TAX), To(name::CATEGORY_CODE)],
    ),
    bind(
        Bt(103),
        &CHARGE,
        &[
            To(name::CATEGORY_TRADE_TAX),
            To(name::RATE_APPLICABLE_PERCENT),
        ],
    ),
    bind(Bt(104), &CHARGE, &[To(name::REASON)]),
    bind(Bt(105), &CHARGE, &[To(name::REASON_CODE)]),
    bind(Bg(22), &TOTALS, &[]),
    bind(Bt(106), &TOTALS, &[To(name::LINE_TOTAL_AMOUNT)]),
    bind(Bt(107), &TOTALS, &[To(name::ALLOWANCE_TOTAL_AMOUNT)]),
    bind(Bt(108), &TOTALS, &[To(name::CHARGE_TOTAL_AMOUNT)]),
    bind(Bt(109), &TOTALS, &[To(name::TAX_BASIS_TOTAL_AMOUNT)]),
    bind(
        Bt(110),
        &TOTALS,
        &[Marked(
            name::TAX_TOTAL_AMOUNT,
            Mark::Currency(name::INVOICE_CURRENCY_CODE),
        )],
    ),
    bind(
        Bt(111),
        &TOTALS,
        &[Marked(
            name::TAX_TOTAL_AMOUNT,
            Mark::Currency(name::TAX_CURRENCY_CODE),
        )],
    ),
    bind(Bt(112), &TOTALS, &[To(name::GRAND_TOTAL_AMOUNT)]),
    bind(Bt(113), &TOTALS, &[To(name::TOTAL_PREPAID_AMOUNT)]),
    bind(Bt(114), &TOTALS, &[To(name::ROUNDING_AMOUNT)]),
    bind(Bt(115), &TOTALS, &[To(name::DUE_PAYABLE_AMOUNT)]),
    bind(Bg(23), &BREAKDOWN, &[]),
    bind(Bt(116), &BREAKDOWN, &[To(name::BASIS_AMOUNT)]),
    bind(Bt(117), &BREAKDOWN, &[To(name::CALCULATED_AMOUNT)]),
    bind(Bt(118), &BREAKDOWN, &[To(name::CATEGORY_CODE)]),
    bind(Bt(119), &BREAKDOWN, &[To(name::RATE_APPLICABLE_PERCENT)]),
    bind(Bt(120), &BREAKDOWN, &[To(name::EXEMPTION_REASON)]),
    bind(Bt(121), &BREAKDOWN, &[To(name::EXEMPTION_REASON_CODE)]),
    bind(Bg(24), &ATTACHMENT, &[]),
    bind(Bt(122), &ATTACHMENT, &[To(name::ISSUER_ASSIGNED_ID)]),
    bind(Bt(123), &ATTACHMENT, &[To(name::NAME)]),
    bind(Bt(124), &ATTACHMENT, &[To(name::URIID)]),
    bind(Bt(125), &ATTACHMENT, &[To(name::ATTACHMENT_BINARY_OBJECT)]),
    bind(
        BtPart(125, 1),
        &ATTACHMENT,
        &[To(name::ATTACHMENT_BINARY_OBJECT), Attribute("mimeCode")],
    ),
    bind(
        BtPart(125, 2),
        &ATTACHMENT,
        &[To(name::ATTACHMENT_BINARY_OBJECT), Attribute("filename")],
    ),
    bind(Bg(25), &LINE, &[]),
    bind(Bt(126), &LINE_DOCUMENT, &[To(name::LINE_ID)]),
    bind(
        Bt(127),
        &LINE_DOCUMENT,
        &[To(name::INCLUDED_NOTE), To(name::CONTENT)],
    ),
    bind(
        Bt(128),
        &LINE_SETTLEMENT,
        &[
            Marked(name::ADDITIONAL_REFERENCED_DOCUMENT, Mark::Document("130")),
            To(name::ISSUER_ASSIGNED_ID),
        ],
    ),
    bind(
        BtPart(128, 1),
        &LINE_SETTLEMENT,
        &[
            Marked(name::ADDITIONAL_REFERENCED_DOCUMENT, Mark::Document("130")),
            To(name::REFERENCE_TYPE_CODE),
        ],
    ),
    bind(Bt(129), &LINE_DELIVERY, &[To(name::BILLED_QUANTITY)]),
    bind(
        Bt(130),
        &LINE_DELIVERY,
        &[To(name::BILLED_QUANTITY), Attribute("unitCode")],
    ),
    bind(
        Bt(131),
        &LINE_SETTLEMENT,
        &[
            To(name::SPECIFIED_TRADE_SETTLEMENT_LINE_MONETARY_SUMMATION),
            To(name::LINE_TOTAL_AMOUNT),
        ],
    ),
    bind(
        Bt(132),
        &LINE_AGREEMENT,
        &[To(name::BUYER_ORDER_REFERENCED_DOCUMENT), To(name::LINE_ID)],
    ),
    bind(
        Bt(133),
        &LINE_SETTLEMENT,
        &[
            To(name::RECEIVABLE_SPECIFIED_TRADE_ACCOUNTING_ACCOUNT),
            To(name::ID),
        ],
    ),
    bind(
        Bg(26),
        &LINE_SETTLEMENT,
        &[To(name::BILLING_SPECIFIED_PERIOD)],
    ),
    bind(
        Bt(134),
        &LINE_SETTLEMENT,
        &[
            To(name::BILLING_SPECIFIED_PERIOD),
            To(name::START_DATE_TIME),
        ],
    ),
    bind(
        Bt(135),
        &LINE_SETTLEMENT,
        &[To(name::BILLING_SPECIFIED_PERIOD), To(name::END_DATE_TIME)],
    ),
    bind(Bg(27), &LINE_ALLOWANCE, &[]),
    bind(Bt(136), &LINE_ALLOWANCE, &[To(name::ACTUAL_AMOUNT)]),
    bind(Bt(137), &LINE_ALLOWANCE, &[To(name::BASIS_AMOUNT)]),
    bind(Bt(138), &LINE_ALLOWANCE, &[To(name::CALCULATION_PERCENT)]),
    bind(Bt(139), &LINE_ALLOWANCE, &[To(name::REASON)]),
    bind(Bt(140), &LINE_ALLOWANCE, &[To(name::REASON_CODE)]),
    bind(Bg(28), &LINE_CHARGE, &[]),
    bind(Bt(141), &LINE_CHARGE, &[To(name::ACTUAL_AMOUNT)]),
    bind(Bt(142), &LINE_CHARGE, &[To(name::BASIS_AMOUNT)]),
    bind(Bt(143), &LINE_CHARGE, &[To(name::CALCULATION_PERCENT)]),
    bind(Bt(144), &LINE_CHARGE, &[To(name::REASON)]),
    bind(Bt(145), &LINE_CHARGE, &[To(name::REASON_CODE)]),
    bind(
        Bg(29),
        &LINE_AGREEMENT,
        &[To(name::NET_PRICE_PRODUCT_TRADE_PRICE)],
    ),
    bind(
        Bt(146),
        &LINE_AGREEMENT,
        &[
            To(name::NET_PRICE_PRODUCT_TRADE_PRICE),
            To(name::CHARGE_AMOUNT),
        ],
    ),
    bind(
        Bt(147),
        &LINE_AGREEMENT,
        &[
            To(name::GROSS_PRICE_PRODUCT_TRADE_PRICE),
            To(name::APPLIED_TRADE_ALLOWANCE_CHARGE),
            To(name::ACTUAL_AMOUNT),
        ],
    ),
    bind(
        Bt(148),
        &LINE_AGREEMENT,
        &[
            To(name::GROSS_PRICE_PRODUCT_TRADE_PRICE),
            To(name::CHARGE_AMOUNT),
        ],
    ),
    bind(
        Bt(149),
        &LINE_AGREEMENT,
        &[
            To(name::NET_PRICE_PRODUCT_TRADE_PRICE),
            To(name::BASIS_QUANTITY),
        ],
    ),
    bind(
        Bt(149),
        &LINE_AGREEMENT,
        &[
            To(name::GROSS_PRICE_PRODUCT_TRADE_PRICE),
            To(name::BASIS_QUANTITY),
        ],
    ),
    bind(
        Bt(150),
        &LINE_AGREEMENT,
        &[
            To(name::NET_PRICE_PRODUCT_TRADE_PRICE),
            To(name::BASIS_QUANTITY),
            Attribute("unitCode"),
        ],
    ),
    bind(Bg(30), &LINE_TAX, &[]),
    bind(Bt(151), &LINE_TAX, &[To(name::CATEGORY_CODE)]),
    bind(Bt(152), &LINE_TAX, &[To(name::RATE_APPLICABLE_PERCENT)]),
    bind(Bg(31), &PRODUCT, &[]),
    bind(Bt(153), &PRODUCT, &[To(name::NAME)]),
    bind(Bt(154), &PRODUCT, &[To(name::DESCRIPTION)]),
    bind(Bt(155), &PRODUCT, &[To(name::SELLER_ASSIGNED_ID)]),
    bind(Bt(156), &PRODUCT, &[To(name::BUYER_ASSIGNED_ID)]),
    bind(Bt(157), &PRODUCT, &[To(name::GLOBAL_ID)]),
    bind(BtPart(157, 1), &PRODUCT, &[To(name::GLOBAL_ID), SCHEME]),
    bind(
        Bt(158),
        &PRODUCT,
        &[
            Each(
                name::DESIGNATED_PRODUCT_CLASSIFICATION,
                Mark::With(name::CLASS_CODE),
                1,
            ),
            To(name::CLASS_CODE),
        ],
    ),
    bind(
        BtPart(158, 1),
        &PRODUCT,
        &[
            Each(
                name::DESIGNATED_PRODUCT_CLASSIFICATION,
                Mark::With(name::CLASS_CODE),
                1,
            ),
            To(name::CLASS_CODE),
            Attribute("listID"),
        ],
    ),
    bind(
        BtPart(158, 2),
        &PRODUCT,
        &[
            Each(
                name::DESIGNATED_PRODUCT_CLASSIFICATION,
                Mark::With(name::CLASS_CODE),
                1,
            ),
            To(name::CLASS_CODE),
            Attribute("listVersionID"),
        ],
    ),
    bind(
        Bt(159),
        &PRODUCT,
        &[To(name::ORIGIN_TRADE_COUNTRY), To(name::ID)],
    ),
    bind(Bg(32), &ATTRIBUTE, &[]),
    bind(Bt(160), &ATTRIBUTE, &[To(name::DESCRIPTION)]),
    bind(Bt(161), &ATTRIBUTE, &[To(name::VALUE)]),
];
