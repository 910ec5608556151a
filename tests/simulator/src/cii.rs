//! What the simulator reads of a CII message (UN/CEFACT D16B). Business terms by their EN 16931 numbers.

use rust_decimal::Decimal;

use crate::directory::IdType;
use crate::xml::{self, Element};

/// Payload of an invoice, as far as Chorus Pro looks at it.
#[derive(Debug, Default)]
pub(crate) struct Cii {
    /// BT-23, or a framework code found in the guideline (BT-24), where some senders of CII 16B put it.
    pub(crate) framework: Option<String>,
    /// BT-1.
    pub(crate) number: Option<String>,
    /// BT-3.
    pub(crate) type_code: Option<String>,
    /// BT-2, `YYYYMMDD`, with its format attribute.
    pub(crate) issue_date: Option<(String, Option<String>)>,
    pub(crate) seller: Party,
    pub(crate) buyer: Party,
    /// BT-10.
    pub(crate) service_code: Option<String>,
    /// BT-13.
    pub(crate) engagement: Option<String>,
    /// BT-12.
    pub(crate) contract: Option<String>,
    /// BG-16.
    pub(crate) payment_means: Vec<PaymentMeans>,
    /// Occurrences of BT-20.
    pub(crate) payment_terms: usize,
    /// BT-25 of each BG-3.
    pub(crate) preceding: Vec<Option<String>>,
    /// BT-5.
    pub(crate) currency: Option<String>,
    pub(crate) totals: Totals,
    pub(crate) lines: Vec<Line>,
}

/// BG-4 or BG-7.
#[derive(Debug, Default)]
pub(crate) struct Party {
    /// BT-27 or BT-44.
    pub(crate) name: Option<String>,
    /// The identifier that Chorus Pro would read, with its kind.
    pub(crate) identifier: Option<(IdType, String)>,
}

impl Party {
    /// The identifier alone.
    pub(crate) fn code(&self) -> Option<&str> {
        self.identifier
            .as_ref()
            .map(|(_, identifier)| identifier.as_str())
    }
}

/// BG-16.
#[derive(Debug)]
pub(crate) struct PaymentMeans {
    /// BT-81.
    pub(crate) code: Option<String>,
    /// BT-84 present.
    pub(crate) account: bool,
}

/// BG-22.
#[derive(Debug, Default, Clone)]
pub(crate) struct Totals {
    /// BT-106.
    pub(crate) lines: Option<Decimal>,
    /// BT-107.
    pub(crate) allowances: Option<Decimal>,
    /// BT-108.
    pub(crate) charges: Option<Decimal>,
    /// BT-109.
    pub(crate) net: Option<Decimal>,
    /// BT-110, in the invoice's currency.
    pub(crate) tax: Option<Decimal>,
    /// BT-112.
    pub(crate) gross: Option<Decimal>,
    /// BT-113.
    pub(crate) prepaid: Option<Decimal>,
    /// BT-114.
    pub(crate) rounding: Option<Decimal>,
    /// BT-115.
    pub(crate) due: Option<Decimal>,
}

impl Totals {
    /// Every amount present.
    pub(crate) fn amounts(&self) -> impl Iterator<Item = Decimal> {
        let all = [
            self.lines,
            self.allowances,
            self.charges,
            self.net,
            self.tax,
            self.gross,
            self.prepaid,
            self.rounding,
            self.due,
        ];
        all.into_iter().flatten()
    }
}

/// BG-25.
#[derive(Debug)]
pub(crate) struct Line {
    /// BT-131.
    pub(crate) net: Option<Decimal>,
    /// BT-129.
    pub(crate) quantity: Option<Decimal>,
    /// BT-146.
    pub(crate) price: Option<Decimal>,
    /// BT-148 without BT-147.
    pub(crate) bare_gross_price: bool,
}

impl Cii {
    /// Year of issue: part of the uniqueness key.
    pub(crate) fn year(&self) -> Option<i16> {
        self.issue_date.as_ref()?.0.get(..4)?.parse().ok()
    }

    /// First nine digits of a SIRET, or the whole identifier of a foreign supplier: part of the uniqueness key.
    pub(crate) fn supplier_key(&self) -> Option<&str> {
        let (id_type, identifier) = self.seller.identifier.as_ref()?;
        match id_type {
            IdType::Siret => Some(identifier.get(..9).unwrap_or(identifier)),
            _ => Some(identifier),
        }
    }
}

/// Reads a message. The error is one sentence for the technical report.
pub(crate) fn read(bytes: &[u8]) -> Result<Cii, String> {
    let root = xml::parse(bytes)?;
    let text = |path: &str| root.text_at(path).map(str::to_owned);
    let agreement = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement";
    let settlement = root.at("SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement");
    let currency = settlement
        .and_then(|s| s.text_at("InvoiceCurrencyCode"))
        .map(str::to_owned);
    Ok(Cii {
        framework: framework(&root),
        number: root
            .at("ExchangedDocument/ID")
            .map(|id| id.text.clone())
            .filter(|id| !id.trim().is_empty()),
        type_code: text("ExchangedDocument/TypeCode"),
        issue_date: root
            .at("ExchangedDocument/IssueDateTime/DateTimeString")
            .map(|date| {
                (
                    date.text.trim().to_owned(),
                    date.attribute("format").map(str::to_owned),
                )
            }),
        seller: party(root.at(&format!("{agreement}/SellerTradeParty"))),
        buyer: party(root.at(&format!("{agreement}/BuyerTradeParty"))),
        service_code: text(&format!("{agreement}/BuyerReference")),
        engagement: text(&format!(
            "{agreement}/BuyerOrderReferencedDocument/IssuerAssignedID"
        )),
        contract: text(&format!(
            "{agreement}/ContractReferencedDocument/IssuerAssignedID"
        )),
        payment_means: settlement.map_or_else(Vec::new, payment_means),
        payment_terms: settlement.map_or(0, |s| s.all("SpecifiedTradePaymentTerms").count()),
        preceding: settlement.map_or_else(Vec::new, |s| {
            let documents = s.all("InvoiceReferencedDocument");
            documents
                .map(|document| document.text_at("IssuerAssignedID").map(str::to_owned))
                .collect()
        }),
        totals: totals(settlement, currency.as_deref())?,
        currency,
        lines: lines(&root)?,
    })
}

/// BT-23, else a framework code in the place of BT-24. Sources disagree on the place, so both are read.
fn framework(root: &Element) -> Option<String> {
    let context = root.at("ExchangedDocumentContext")?;
    let process = context.text_at("BusinessProcessSpecifiedDocumentContextParameter/ID");
    let guideline = context.text_at("GuidelineSpecifiedDocumentContextParameter/ID");
    process
        .or(guideline.filter(|code| !code.starts_with("urn:")))
        .map(str::to_owned)
}

/// The legal organisation's identifier; where that is a SIREN (scheme 0002), the SIRET of scheme 0009 beside it.
fn party(element: Option<&Element>) -> Party {
    let Some(element) = element else {
        return Party::default();
    };
    let legal = element.at("SpecifiedLegalOrganization/ID");
    let global = element.all("GlobalID").chain(element.all("ID"));
    let is_siren =
        |id: &Element| id.attribute("schemeID") == Some("0002") && id.text.trim().len() == 9;
    let identifier = legal
        .into_iter()
        .filter(|id| !is_siren(id))
        .chain(global)
        .find_map(|id| {
            let id_type = IdType::of_scheme(id.attribute("schemeID")?)?;
            Some((id_type, id.text.clone())).filter(|(_, text)| !text.trim().is_empty())
        });
    Party {
        name: element.text_at("Name").map(str::to_owned),
        identifier,
    }
}

fn payment_means(settlement: &Element) -> Vec<PaymentMeans> {
    let account = "PayeePartyCreditorFinancialAccount";
    settlement
        .all("SpecifiedTradeSettlementPaymentMeans")
        .map(|means| PaymentMeans {
            code: means.text_at("TypeCode").map(str::to_owned),
            account: ["IBANID", "ProprietaryID"]
                .iter()
                .any(|id| means.text_at(&format!("{account}/{id}")).is_some()),
        })
        .collect()
}

fn totals(settlement: Option<&Element>, currency: Option<&str>) -> Result<Totals, String> {
    let Some(sums) =
        settlement.and_then(|s| s.at("SpecifiedTradeSettlementHeaderMonetarySummation"))
    else {
        return Ok(Totals::default());
    };
    let in_currency = |tax: &&Element| match (tax.attribute("currencyID"), currency) {
        (Some(tax), Some(invoice)) => tax == invoice,
        _ => true,
    };
    let tax = sums.all("TaxTotalAmount").find(in_currency);
    Ok(Totals {
        lines: amount_at(sums, "LineTotalAmount")?,
        allowances: amount_at(sums, "AllowanceTotalAmount")?,
        charges: amount_at(sums, "ChargeTotalAmount")?,
        net: amount_at(sums, "TaxBasisTotalAmount")?,
        tax: tax.map(amount).transpose()?,
        gross: amount_at(sums, "GrandTotalAmount")?,
        prepaid: amount_at(sums, "TotalPrepaidAmount")?,
        rounding: amount_at(sums, "RoundingAmount")?,
        due: amount_at(sums, "DuePayableAmount")?,
    })
}

fn lines(root: &Element) -> Result<Vec<Line>, String> {
    let Some(transaction) = root.at("SupplyChainTradeTransaction") else {
        return Ok(Vec::new());
    };
    let read = |line: &Element| {
        let gross = line.at("SpecifiedLineTradeAgreement/GrossPriceProductTradePrice");
        Ok(Line {
            net: amount_at(
                line,
                "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
            )?,
            quantity: amount_at(line, "SpecifiedLineTradeDelivery/BilledQuantity")?,
            price: amount_at(
                line,
                "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount",
            )?,
            bare_gross_price: gross.is_some_and(|price| {
                price
                    .text_at("AppliedTradeAllowanceCharge/ActualAmount")
                    .is_none()
            }),
        })
    };
    transaction
        .all("IncludedSupplyChainTradeLineItem")
        .map(read)
        .collect()
}

fn amount_at(element: &Element, path: &str) -> Result<Option<Decimal>, String> {
    element.at(path).map(amount).transpose()
}

/// `xs:decimal`: digits and one point; no exponent, no comma, no thousands separator.
fn amount(element: &Element) -> Result<Decimal, String> {
    let text = element.text.trim();
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    let value = if plain {
        Decimal::from_str_exact(text).ok()
    } else {
        None
    };
    value.ok_or_else(|| {
        format!(
            "cvc-datatype-valid.1.2.1: '{text}' is not a valid value for 'decimal'. - element: {}",
            element.name
        )
    })
}
