//! Invoices that came another way: typed on the portal, or deposited before the client under test existed.

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::cii::{Cii, Party, Totals};
use crate::directory::{Directory, Role};
use crate::flux;
use crate::state::World;

/// An invoice to integrate without a deposit; the shape of `POST /_simulator/invoices`, which takes a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InvoiceSpec {
    /// BT-1.
    pub number: String,
    /// Supplier's identifier; the default supplier when empty.
    pub supplier: String,
    /// Buyer's identifier; the default buyer when empty.
    pub buyer: String,
    /// BT-2 as `YYYY-MM-DD`; today when absent.
    pub issue_date: Option<String>,
    /// BT-3.
    pub type_code: String,
    /// BT-23.
    pub framework: Option<String>,
    /// BT-5.
    pub currency: String,
    /// BT-109; a decimal string in JSON, as the following.
    pub net: Decimal,
    /// BT-112.
    pub gross: Decimal,
    /// BT-115.
    pub due: Decimal,
    /// BT-10.
    pub service_code: Option<String>,
    /// BT-13.
    pub engagement: Option<String>,
    /// BT-12.
    pub contract: Option<String>,
    /// `modeDepot`; only with `UPLOAD_API` does the invoice show a flux number.
    pub deposit_mode: String,
    /// Status to be in after the automatic ones, at once; without it the invoice moves by itself as any other.
    pub status: Option<String>,
    /// Time of those statuses; now when absent.
    pub at: Option<Timestamp>,
}

impl Default for InvoiceSpec {
    fn default() -> Self {
        Self {
            number: String::new(),
            supplier: String::new(),
            buyer: String::new(),
            issue_date: None,
            type_code: "380".into(),
            framework: None,
            currency: "EUR".into(),
            net: Decimal::ONE_HUNDRED,
            gross: Decimal::from(120),
            due: Decimal::from(120),
            service_code: None,
            engagement: None,
            contract: None,
            deposit_mode: "SAISIE_PORTAIL".into(),
            status: None,
            at: None,
        }
    }
}

impl InvoiceSpec {
    /// An invoice of 120.00 EUR from the default supplier to the default buyer.
    #[must_use]
    pub fn new(number: &str) -> Self {
        Self {
            number: number.into(),
            ..Self::default()
        }
    }
}

impl World {
    /// Integrates an invoice without checks; returns its number (`identifiantFactureCPP`).
    pub(crate) fn integrate_elsewhere(&mut self, spec: InvoiceSpec) -> anyhow::Result<i64> {
        let now = self.clock.now();
        ensure!(!spec.number.is_empty(), "number: give the invoice a number");
        let cii = self.content(&spec)?;
        let login = self.config.credentials.account.login.clone();
        let index = self.keep_flux(&login, format!("{}.xml", spec.number), 0, Ok(cii));
        let invoice = self.integrate(index);
        if let Some(flux) = self.fluxes.get_mut(index) {
            flux.state = Some((flux::INTEGRATED.into(), now));
            flux.invoice = Some(invoice);
        }
        let made = self.invoices.get_mut(invoice);
        let made = made.context("an invoice was not kept")?;
        made.deposit_mode = spec.deposit_mode;
        let id = made.id;
        let at = spec.at.unwrap_or(now);
        match spec.status {
            None => self.set_out(at, invoice),
            Some(last) => {
                for status in ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"] {
                    self.set_status(id, status, None, Some(at));
                }
                self.set_status(id, &last, None, Some(at));
            }
        }
        Ok(id)
    }

    fn content(&self, spec: &InvoiceSpec) -> anyhow::Result<Cii> {
        let today = self.clock.day(self.clock.now());
        let issued = spec.issue_date.as_deref().unwrap_or(&today);
        let issued: Date = issued
            .parse()
            .with_context(|| format!("issue_date: {issued:?} is no date YYYY-MM-DD"))?;
        let or = |given: &String, default: &'static str| match given.is_empty() {
            true => default.to_owned(),
            false => given.clone(),
        };
        let supplier = or(&spec.supplier, self.config.supplier_siret());
        let buyer = or(&spec.buyer, self.config.buyer_siret());
        Ok(Cii {
            framework: spec.framework.clone(),
            number: Some(spec.number.clone()),
            type_code: Some(spec.type_code.clone()),
            issue_date: Some((issued.strftime("%Y%m%d").to_string(), Some("102".into()))),
            seller: party(&self.directory, Role::Supplier, &supplier)?,
            buyer: party(&self.directory, Role::Buyer, &buyer)?,
            service_code: spec.service_code.clone(),
            engagement: spec.engagement.clone(),
            contract: spec.contract.clone(),
            currency: Some(spec.currency.clone()),
            totals: Totals {
                net: Some(spec.net),
                tax: spec.gross.checked_sub(spec.net),
                gross: Some(spec.gross),
                due: Some(spec.due),
                ..Totals::default()
            },
            ..Cii::default()
        })
    }
}

fn party(directory: &Directory, role: Role, identifier: &str) -> anyhow::Result<Party> {
    let known = directory
        .all()
        .iter()
        .find(|known| known.spec.role == role && known.spec.identifier == identifier);
    let known = known.with_context(|| {
        format!("no {role:?} has the identifier {identifier:?}; add it to the structures first")
    })?;
    Ok(Party {
        name: Some(known.name().into()),
        identifier: Some((known.spec.id_type, identifier.into())),
    })
}
