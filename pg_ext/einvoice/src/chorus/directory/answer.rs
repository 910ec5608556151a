//! The answers of the directory: fields named as the operations of Chorus Pro name them, each of which may be missing or null.

use serde::Deserialize;

/// What `structures/v1/rechercher` and `structures/v1/consulter` say of a buyer, put together in one object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Structure {
    /// What `rechercher` found; empty: Chorus Pro has no such structure.
    pub liste_structures: Option<Vec<Found>>,
    /// `ACTIVE` or `INACTIVE`, where the row found was taken out of its list.
    pub statut: Option<String>,
    /// What the structure requires, of `consulter`.
    pub parametres: Option<Requirements>,
    /// What `consulter` says of the structure itself.
    pub information_generales: Option<General>,
    /// When the directory was asked, where that is so long ago that it may have changed. Not of Chorus Pro.
    pub stale_since: Option<String>,
}

/// A row of `listeStructures`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Found {
    /// `ACTIVE` or `INACTIVE`.
    pub statut: Option<String>,
}

/// `informationGenerales`: that it is there says that the structure exists, and no more is needed of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct General {}

/// `parametres` of a structure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Requirements {
    /// A service code must be given.
    #[serde(rename = "codeServiceDoitEtreRenseigne")]
    pub service: Option<bool>,
    /// A commitment number must be given.
    #[serde(rename = "numeroEJDoitEtreRenseigne")]
    pub commitment: Option<bool>,
    /// One of the two must be given.
    #[serde(rename = "gestionNumeroEJOuCodeService")]
    pub service_or_commitment: Option<bool>,
    /// Only invoices of works are taken.
    #[serde(rename = "estMoaUniquement")]
    pub works_only: Option<bool>,
}

impl Structure {
    /// Whether the object holds no answer at all.
    pub(super) fn says_nothing(&self) -> bool {
        self.liste_structures.is_none()
            && self.statut.is_none()
            && self.parametres.is_none()
            && self.information_generales.is_none()
    }

    /// Whether Chorus Pro answered that there is no such structure.
    pub(super) fn is_unknown(&self) -> bool {
        self.liste_structures.as_ref().is_some_and(Vec::is_empty)
    }

    pub(super) fn status(&self) -> Option<&str> {
        let found = self.liste_structures.iter().flatten();
        let mut statuses = found.filter_map(|found| found.statut.as_deref());
        self.statut.as_deref().or_else(|| statuses.next())
    }

    /// Whether the directory says that the structure requires something.
    pub(super) fn requires(&self, what: fn(&Requirements) -> Option<bool>) -> bool {
        self.parametres.as_ref().and_then(what).unwrap_or_default()
    }
}

/// The services of a structure: `listeServices` of `structures/v1/rechercher/services`, in its object or bare.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Services {
    /// The list alone.
    List(Vec<Service>),
    /// The answer with the list in it.
    Answer {
        /// The list.
        #[serde(rename = "listeServices")]
        list: Vec<Service>,
    },
}

impl Services {
    pub(super) fn all(&self) -> &[Service] {
        match self {
            Self::List(list) | Self::Answer { list } => list,
        }
    }

    pub(super) fn find(&self, code: &str) -> Option<&Service> {
        let mut named = self.all().iter().filter(|service| service.code() == code);
        // A code that was closed and opened again stands there twice.
        let first = named.next()?;
        std::iter::once(first)
            .chain(named)
            .find(|service| service.is_active())
            .or(Some(first))
    }
}

/// A service, with what `structures/v1/consulter/service` says of it where that was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Service {
    /// What BT-10 names.
    pub code_service: Option<String>,
    /// Its name.
    pub libelle_service: Option<String>,
    /// Whether it takes invoices.
    pub est_actif: Option<bool>,
    /// What the service requires, of `consulter/service`.
    pub parametres: Option<ServiceRequirements>,
}

/// `parametres` of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ServiceRequirements {
    /// A commitment number must be given.
    pub numero_engagement: Option<bool>,
}

impl Service {
    pub(super) fn code(&self) -> &str {
        self.code_service.as_deref().unwrap_or_default().trim()
    }

    pub(super) fn label(&self) -> Option<&str> {
        let label = self.libelle_service.as_deref()?.trim();
        (!label.is_empty()).then_some(label)
    }

    /// Services are listed as long as they exist; only a plain no closes one.
    pub(super) fn is_active(&self) -> bool {
        self.est_actif != Some(false)
    }

    pub(super) fn requires_commitment(&self) -> Option<bool> {
        self.parametres.as_ref()?.numero_engagement
    }
}
