//! Structures and services: who exists at Chorus Pro, what each buyer requires, who may act for whom.

use serde::{Deserialize, Serialize};

use crate::config::Account;

/// Kind of identifier (`typeIdentifiantStructure`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IdType {
    /// 14 digits.
    #[default]
    Siret,
    /// VAT number of another member state.
    UeHorsFrance,
    /// Country code and the first 16 characters of the legal name.
    HorsUe,
    /// New Caledonia.
    Ridet,
    /// French Polynesia.
    Tahiti,
    /// Anything else.
    Autre,
    /// Natural person.
    Particulier,
}

impl IdType {
    /// By the scheme identifier of a CII party: 1…6 of CII 16B, or the ISO 6523 code of the AFNOR route.
    pub(crate) fn of_scheme(scheme: &str) -> Option<Self> {
        Some(match scheme {
            "1" | "0002" | "0009" => Self::Siret,
            "2" | "0223" => Self::UeHorsFrance,
            "3" | "0227" => Self::HorsUe,
            "4" | "0228" => Self::Ridet,
            "5" | "0229" => Self::Tahiti,
            "6" => Self::Autre,
            "0226" => Self::Particulier,
            _ => return None,
        })
    }
}

/// What a structure does here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sends invoices; private.
    #[default]
    Supplier,
    /// Receives them; public.
    Buyer,
}

/// A structure to add; the shape of `POST /_simulator/structures` and of `--structure`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StructureSpec {
    /// Supplier (default) or buyer.
    pub role: Role,
    /// Kind of the identifier; SIRET by default.
    pub id_type: IdType,
    /// The identifier; together with its kind it is unique, a second one replaces the first.
    pub identifier: String,
    /// `designationStructure`; the identifier when empty.
    pub name: String,
    /// Closed structures are known to searches but refused in invoices.
    pub inactive: bool,
    /// Technical account of this supplier alone; without one it is attached to the default account.
    pub account: Option<Account>,
    /// Services of a buyer.
    pub services: Vec<ServiceSpec>,
    /// `codeServiceDoitEtreRenseigne`.
    pub service_required: bool,
    /// `numeroEJDoitEtreRenseigne`.
    pub engagement_required: bool,
    /// `gestionNumeroEJOuCodeService`: one of the two.
    pub service_or_engagement: bool,
    /// `estMoaUniquement`: receives works invoices alone.
    pub works_only: bool,
    /// `statutMiseEnPaiementNestPasRemonte`: `MISE_EN_PAIEMENT` never comes.
    pub payment_not_reported: bool,
    /// `dateExpirationMotPasseCompteTech`, as `YYYY-MM-DD`.
    pub password_expires: Option<String>,
}

impl StructureSpec {
    /// An active structure without requirements.
    #[must_use]
    pub fn new(role: Role, id_type: IdType, identifier: &str, name: &str) -> Self {
        Self {
            role,
            id_type,
            identifier: identifier.into(),
            name: name.into(),
            ..Self::default()
        }
    }
}

/// A service of a public structure.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceSpec {
    /// `codeService`.
    pub code: String,
    /// `libelleService`.
    pub name: String,
    /// Refuses invoices.
    pub inactive: bool,
    /// `numeroEngagement`: an engagement number is mandatory for this service.
    pub engagement_required: bool,
}

impl ServiceSpec {
    /// An active service without requirements.
    #[must_use]
    pub fn new(code: &str, name: &str) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            ..Self::default()
        }
    }
}

/// A structure with its number.
#[derive(Debug, Clone)]
pub(crate) struct Structure {
    pub(crate) id: i64,
    pub(crate) spec: StructureSpec,
}

impl Structure {
    pub(crate) fn name(&self) -> &str {
        if self.spec.name.is_empty() {
            &self.spec.identifier
        } else {
            &self.spec.name
        }
    }

    /// Active service of that code.
    pub(crate) fn service(&self, code: &str) -> Option<&ServiceSpec> {
        self.spec
            .services
            .iter()
            .find(|service| service.code == code && !service.inactive)
    }

    /// Services with their numbers, which follow from the structure's.
    pub(crate) fn services(&self) -> impl Iterator<Item = (i64, &ServiceSpec)> {
        (1..)
            .zip(&self.spec.services)
            .map(|(rank, service)| (self.id * 1000 + rank, service))
    }
}

/// Every structure and every technical account.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    default_account: Account,
    structures: Vec<Structure>,
}

impl Directory {
    /// First structure number; the value has no meaning.
    const FIRST_ID: i64 = 26_000_001;

    pub(crate) fn new(default_account: Account, specs: Vec<StructureSpec>) -> Self {
        let mut directory = Self {
            default_account,
            structures: Vec::new(),
        };
        for spec in specs {
            directory.put(spec);
        }
        directory
    }

    /// Adds or replaces; the number of a replaced structure stays.
    pub(crate) fn put(&mut self, spec: StructureSpec) -> i64 {
        let same = |known: &&mut Structure| {
            known.spec.id_type == spec.id_type && known.spec.identifier == spec.identifier
        };
        if let Some(known) = self.structures.iter_mut().find(same) {
            known.spec = spec;
            return known.id;
        }
        let id = self
            .structures
            .last()
            .map_or(Self::FIRST_ID, |last| last.id + 1);
        self.structures.push(Structure { id, spec });
        id
    }

    pub(crate) fn all(&self) -> &[Structure] {
        &self.structures
    }

    pub(crate) fn by_id(&self, id: i64) -> Option<&Structure> {
        self.structures.iter().find(|structure| structure.id == id)
    }

    pub(crate) fn find(&self, id_type: IdType, identifier: &str) -> Option<&Structure> {
        self.structures
            .iter()
            .find(|known| known.spec.id_type == id_type && known.spec.identifier == identifier)
    }

    /// Whether login and password are those of a technical account.
    pub(crate) fn account_is_known(&self, login: &str, password: &str) -> bool {
        self.structures
            .iter()
            .filter_map(|structure| structure.spec.account.as_ref())
            .chain([&self.default_account])
            .any(|account| account.login == login && account.password == password)
    }

    /// Whether the technical account may invoice for the structure.
    pub(crate) fn attached(&self, login: &str, structure: &Structure) -> bool {
        structure.spec.role == Role::Supplier
            && structure
                .spec
                .account
                .as_ref()
                .unwrap_or(&self.default_account)
                .login
                == login
    }
}
