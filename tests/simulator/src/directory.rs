//! Structures and services: who exists at Chorus Pro, what each buyer requires, who may act for whom.

use serde::{Deserialize, Serialize};

use crate::config::Account;

/// Kind of identifier (`typeIdentifiantStructure`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// `dateExpirationMotPasseCompteTech`, as `YYYY-MM-DD`; said verbatim. From the day after, calls of the
    /// structure's technical account are answered 401.
    pub password_expires: Option<String>,
    /// `numeroTVA`.
    pub vat_number: Option<String>,
    /// `adressePostaleDuSiege`.
    pub address: Address,
    /// Commitment numbers that `engagementsJuridiques/rechercher` knows of this State entity.
    pub engagements: Vec<String>,
    /// Statuses that this buyer sets by itself, instead of [`crate::Settings::buyer_script`].
    pub buyer_script: Option<Vec<String>>,
}

/// Where a structure has its seat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Address {
    /// `adresse`.
    pub street: Option<String>,
    /// `codePostal`.
    pub postal_code: Option<String>,
    /// `ville`.
    pub city: Option<String>,
    /// `pays`, ISO 3166.
    pub country: Option<String>,
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
    /// `descriptionService`.
    pub description: Option<String>,
    /// `dateDebutValidite`, as `YYYY-MM-DD`.
    pub valid_from: Option<String>,
    /// `dateFinValidite`, as `YYYY-MM-DD`.
    pub valid_until: Option<String>,
    /// `miseEnPaiement` is false: the status never comes for this service.
    pub payment_not_reported: bool,
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

/// A technical account to add; the shape of `POST /_simulator/accounts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSpec {
    /// Login; a second account with the same one replaces the first.
    pub login: String,
    /// Password; a new one makes the old one wrong.
    pub password: String,
    /// Not entitled to the API: 403 with an empty body.
    #[serde(default)]
    pub not_entitled: bool,
}

impl From<Account> for AccountSpec {
    fn from(Account { login, password }: Account) -> Self {
        Self {
            login,
            password,
            not_entitled: false,
        }
    }
}

/// Every structure and every technical account.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    default_login: String,
    accounts: Vec<AccountSpec>,
    structures: Vec<Structure>,
}

impl Directory {
    /// First structure number; the value has no meaning.
    const FIRST_ID: i64 = 26_000_001;

    pub(crate) fn new(default_account: Account, specs: Vec<StructureSpec>) -> Self {
        let mut directory = Self {
            default_login: default_account.login.clone(),
            accounts: vec![default_account.into()],
            structures: Vec::new(),
        };
        for spec in specs {
            directory.put(spec);
        }
        directory
    }

    /// Adds or replaces; the number of a replaced structure stays. Its own account is made known too.
    pub(crate) fn put(&mut self, spec: StructureSpec) -> i64 {
        if let Some(account) = spec.account.clone() {
            self.put_account(account.into());
        }
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

    /// Adds an account or replaces the one of that login.
    pub(crate) fn put_account(&mut self, spec: AccountSpec) {
        self.accounts.retain(|known| known.login != spec.login);
        self.accounts.push(spec);
    }

    pub(crate) fn accounts(&self) -> &[AccountSpec] {
        &self.accounts
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

    /// The technical account of that login and password, unless its password has expired by `today` (`YYYY-MM-DD`).
    pub(crate) fn account(&self, login: &str, password: &str, today: &str) -> Option<&AccountSpec> {
        let known = self
            .accounts
            .iter()
            .find(|account| account.login == login && account.password == password)?;
        // Days compare as text; a time behind the day does not matter.
        let expired = |structure: &Structure| {
            let day = structure.spec.password_expires.as_deref();
            day.is_some_and(|day| day.get(..today.len()).is_some_and(|day| day < today))
        };
        let mut mine = self
            .structures
            .iter()
            .filter(|structure| self.attached(login, structure));
        (!mine.any(expired)).then_some(known)
    }

    /// Whether the technical account may invoice for the structure.
    pub(crate) fn attached(&self, login: &str, structure: &Structure) -> bool {
        let account = structure.spec.account.as_ref();
        structure.spec.role == Role::Supplier
            && account.map_or(self.default_login.as_str(), |account| &account.login) == login
    }
}
