//! What people do to integrated invoices outside the API, for tests to play: any status, any action of a user.

use anyhow::Context as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::attachment::Attachment;
use crate::state::World;

/// A status to set; the shape of `POST /_simulator/statuses`, which takes one or a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// The invoice by `identifiantFactureCPP`…
    #[serde(default)]
    pub invoice_id: Option<i64>,
    /// … or by number (BT-1): the one integrated last.
    #[serde(default)]
    pub number: Option<String>,
    /// Any code, known to Chorus Pro or not.
    pub status: String,
    /// The reason given.
    #[serde(default)]
    pub comment: Option<String>,
    /// Time of the passage; now when absent. Earlier and later times are taken as they come.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

impl StatusChange {
    /// That status for the invoice of that number, now.
    #[must_use]
    pub fn new(number: &str, status: &str) -> Self {
        Self {
            invoice_id: None,
            number: Some(number.into()),
            status: status.into(),
            comment: None,
            at: None,
        }
    }
}

/// Something a user of the supplier does on the portal; the shape of `POST /_simulator/actions`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalAction {
    /// The invoice by `identifiantFactureCPP`…
    #[serde(default)]
    pub invoice_id: Option<i64>,
    /// … or by number (BT-1): the one integrated last.
    #[serde(default)]
    pub number: Option<String>,
    /// `TELECHARGEMENT_FACTURE`, `ACQUITTEMENT_REJET`, `ACQUITTEMENT_SUSPENSION` or `TRAITEMENT_REJET`.
    pub action: String,
}

impl PortalAction {
    /// That action on the invoice of that number.
    #[must_use]
    pub fn new(number: &str, action: &str) -> Self {
        Self {
            invoice_id: None,
            number: Some(number.into()),
            action: action.into(),
        }
    }
}

impl World {
    /// Sets statuses in that order, once every invoice is found.
    pub(crate) fn change_statuses(&mut self, changes: Vec<StatusChange>) -> anyhow::Result<()> {
        let ids = changes
            .iter()
            .map(|change| self.invoice_named(change.invoice_id, change.number.as_deref()));
        let ids = ids.collect::<anyhow::Result<Vec<i64>>>()?;
        for (id, change) in ids.into_iter().zip(changes) {
            self.set_status(id, &change.status, change.comment, change.at);
        }
        Ok(())
    }

    pub(crate) fn act_on_portal(&mut self, action: &PortalAction) -> anyhow::Result<()> {
        let id = self.invoice_named(action.invoice_id, action.number.as_deref())?;
        let now = self.clock.now();
        if let Some(invoice) = self.invoice_mut(id) {
            invoice.act(&action.action, now);
            invoice.rejection_treated |= action.action == "TRAITEMENT_REJET";
        }
        Ok(())
    }

    fn invoice_named(&self, id: Option<i64>, number: Option<&str>) -> anyhow::Result<i64> {
        let known = id.filter(|id| self.invoice_by_id(*id).is_some());
        known
            .or_else(|| self.last_integrated(number?))
            .with_context(|| {
                let named = id.map_or_else(
                    || number.unwrap_or_default().to_owned(),
                    |id| id.to_string(),
                );
                format!(
                    "no integrated invoice has the \"invoice_id\" or \"number\" {named:?}; \
                     see GET /_simulator/invoices"
                )
            })
    }

    /// Every file uploaded.
    pub(crate) fn attachments(&self) -> Vec<Attachment> {
        let described = |upload: &crate::attachment::Upload| Attachment {
            id: upload.id,
            at: self.clock.instant(upload.at),
            login: upload.login.clone(),
            name: upload.name.clone(),
            mime_type: upload.mime_type.clone(),
            size: upload.size,
            sha256: upload.sha256.clone(),
        };
        self.uploads.iter().map(described).collect()
    }
}
