//! GOBL-PAY, GOBL-CAL and GOBL-CURRENCY: payment, periods, exchange rates.

use jiff::civil::DateTime;

use super::kinds::{
    Advances, Currencies, CurrencyAmounts, DueDates, ExchangeRates, Instructions, Online, Periods,
    Terms,
};
use super::row::{Row, found, when};
use crate::finding::Term::{Bg, Bt};
use crate::gobl::addon::is_payment_means;
use crate::gobl::currency;
use crate::gobl::formats::is_url;

const MEANS: &str =
    "credit-transfer, direct-debit, card, cash, cheque, online, netting, any, other";
const TERMS_KEYS: &str = "end-of-month, due-date, deferred, proximo, instant, elective, pending, advanced, delivery, undefined";

pub(super) static DUE_DATE: [Row<DueDates>; 2] = [
    Row::new(
        "date",
        "GOBL-PAY-DUEDATE-01",
        &[Bt(9)],
        ["The instalment has no date.", "L’échéance n’a pas de date."],
        ["Set \"date\".", "Renseignez « date »."],
        |due, _| when(due.date.is_none()),
    ),
    Row::new(
        "amount",
        "GOBL-PAY-DUEDATE-02",
        &[Bt(9)],
        [
            "The amount of the instalment is zero.",
            "Le montant de l’échéance est nul.",
        ],
        [
            "Set \"amount\" or \"percent\".",
            "Renseignez « amount » ou « percent ».",
        ],
        |due, _| when(due.amount.is_zero()),
    ),
];

pub(super) static TERMS: [Row<Terms>; 1] = [Row::new(
    "key",
    "GOBL-PAY-TERMS-01",
    &[Bt(20)],
    [
        "\"{value}\" is not a key of payment terms.",
        "« {value} » n’est pas une clé de conditions de paiement.",
    ],
    ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
    |terms, _| {
        let is_known = terms.key.is_empty() || TERMS_KEYS.split(", ").any(|key| terms.key == key);
        found(!is_known, &terms.key).map(|failure| failure.wanted(TERMS_KEYS))
    },
)];

pub(super) static INSTRUCTIONS: [Row<Instructions>; 2] = [
    Row::new(
        "key",
        "GOBL-PAY-INSTRUCTIONS-01",
        &[Bt(81)],
        [
            "The payment instructions do not say how to pay.",
            "Les instructions de paiement n’indiquent pas le moyen de paiement.",
        ],
        [
            "Set \"key\", for instance \"credit-transfer\".",
            "Renseignez « key », par exemple « credit-transfer ».",
        ],
        |instructions, _| when(instructions.key.is_empty()),
    ),
    Row::new(
        "key",
        "GOBL-PAY-INSTRUCTIONS-02",
        &[Bt(81)],
        [
            "\"{value}\" is not a means of payment.",
            "« {value} » n’est pas un moyen de paiement.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |instructions, _| {
            let is_known = instructions.key.is_empty() || is_payment_means(&instructions.key);
            found(!is_known, &instructions.key).map(|failure| failure.wanted(MEANS))
        },
    ),
];

pub(super) static ADVANCE: [Row<Advances>; 1] = [Row::new(
    "key",
    "GOBL-PAY-RECORD-01",
    &[Bt(113)],
    [
        "\"{value}\" is not a means of payment.",
        "« {value} » n’est pas un moyen de paiement.",
    ],
    ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
    |advance, _| {
        let is_known = advance.key.is_empty() || is_payment_means(&advance.key);
        found(!is_known, &advance.key).map(|failure| failure.wanted(MEANS))
    },
)];

pub(super) static ONLINE: [Row<Online>; 1] = [Row::new(
    "url",
    "GOBL-PAY-ONLINE-01",
    &[Bg(16)],
    [
        "There is no URL to pay at, or \"{value}\" is none.",
        "Il n’y a pas d’URL de paiement, ou « {value} » n’en est pas une.",
    ],
    [
        "Write it as https://example.fr/path.",
        "Écrivez-la sous la forme https://exemple.fr/chemin.",
    ],
    |online, _| found(!is_url(&online.url), &online.url),
)];

pub(super) static PERIOD: [Row<Periods>; 3] = [
    Row::new(
        "",
        "GOBL-CAL-PERIOD-10",
        &[Bt(74), Bt(73)],
        [
            "The period ends on {value}, before it starts.",
            "La période se termine le {value}, avant son début.",
        ],
        [
            "Correct \"start\" or \"end\".",
            "Corrigez « start » ou « end ».",
        ],
        |period, _| match (period.start, period.end) {
            (Some(start), Some(end)) => found(end < start, end),
            _ => None,
        },
    ),
    Row::new(
        "start",
        "GOBL-CAL-PERIOD-01",
        &[Bt(73)],
        [
            "The period has no first day.",
            "La période n’a pas de premier jour.",
        ],
        ["Set \"start\".", "Renseignez « start »."],
        |period, _| when(period.start.is_none()),
    ),
    Row::new(
        "end",
        "GOBL-CAL-PERIOD-02",
        &[Bt(74)],
        [
            "The period has no last day.",
            "La période n’a pas de dernier jour.",
        ],
        ["Set \"end\".", "Renseignez « end »."],
        |period, _| when(period.end.is_none()),
    ),
];

pub(super) static EXCHANGE_RATE: [Row<ExchangeRates>; 5] = [
    Row::new(
        "from",
        "GOBL-CURRENCY-EXCHANGERATE-01",
        &[Bt(5)],
        [
            "The exchange rate does not say which currency it converts.",
            "Le taux de change n’indique pas la devise à convertir.",
        ],
        ["Set \"from\".", "Renseignez « from »."],
        |rate, _| when(rate.from.is_empty()),
    ),
    Row::new(
        "to",
        "GOBL-CURRENCY-EXCHANGERATE-02",
        &[Bt(5)],
        [
            "The exchange rate does not say to which currency it converts.",
            "Le taux de change n’indique pas la devise d’arrivée.",
        ],
        ["Set \"to\".", "Renseignez « to »."],
        |rate, _| when(rate.to.is_empty()),
    ),
    Row::new(
        "amount",
        "GOBL-CURRENCY-EXCHANGERATE-04",
        &[Bt(5)],
        [
            "The exchange rate, {value}, is not positive.",
            "Le taux de change, {value}, n’est pas positif.",
        ],
        [
            "Set \"amount\" to the units of \"to\" for one of \"from\".",
            "Renseignez « amount » : les unités de « to » pour une de « from ».",
        ],
        |rate, _| {
            found(
                rate.amount.is_zero() || rate.amount.is_negative(),
                rate.amount,
            )
        },
    ),
    Row::new(
        "at",
        "GOBL-CURRENCY-EXCHANGERATE-03",
        &[Bt(5)],
        [
            "The time of the exchange rate is zero.",
            "La date du taux de change est nulle.",
        ],
        [
            "Set \"at\" to the time of the rate, or remove it.",
            "Renseignez « at » avec la date du taux, ou retirez-le.",
        ],
        |rate, _| when(rate.at.starts_with("0000-00-00")),
    ),
    Row::new(
        "at",
        "GOBL-CAL-DATETIME-01",
        &[Bt(5)],
        [
            "\"{value}\" is no date with a time.",
            "« {value} » n’est pas une date avec une heure.",
        ],
        [
            "Write it as 2025-06-18T12:00:00.",
            "Écrivez-la sous la forme 2025-06-18T12:00:00.",
        ],
        |rate, _| {
            let is_one = rate.at.is_empty()
                || rate.at.starts_with("0000-00-00")
                || rate.at.parse::<DateTime>().is_ok();
            found(!is_one, &rate.at)
        },
    ),
];

pub(super) static CURRENCY: [Row<Currencies>; 1] = [Row::new(
    "",
    "GOBL-CURRENCY-CODE-01",
    &[Bt(5)],
    [
        "\"{value}\" is no currency.",
        "« {value} » n’est pas une devise.",
    ],
    [
        "Use a code of ISO 4217, such as \"EUR\".",
        "Utilisez un code d’ISO 4217, comme « EUR ».",
    ],
    |code, _| found(currency::decimals(code).is_none(), code),
)];

pub(super) static AMOUNT: [Row<CurrencyAmounts>; 1] = [Row::new(
    "currency",
    "GOBL-CURRENCY-AMOUNT-01",
    &[Bt(146)],
    [
        "The alternative price has no currency.",
        "Le prix alternatif n’a pas de devise.",
    ],
    [
        "Set \"currency\", or remove the price.",
        "Renseignez « currency », ou retirez le prix.",
    ],
    |amount, _| when(amount.currency.is_empty()),
)];
