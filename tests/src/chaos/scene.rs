//! Who takes part: suppliers, buyers and their habits, and the two kinds of run.

use std::collections::BTreeMap;
use std::time::Duration;

use chorus_simulator::{
    Account, Config, Delays, IdType, PAYING_BUYER, Role, ServiceSpec, Settings, StructureSpec,
};

/// A supplier: SIRET and VAT number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplier {
    /// Its SIRET.
    pub siret: &'static str,
    /// Its VAT number, without the country.
    pub vat: &'static str,
    /// Whether its technical account is one of its own.
    pub own_account: bool,
}

/// All suppliers; the first is the one that every simulator knows.
pub const SUPPLIERS: [Supplier; 4] = [
    Supplier {
        siret: "73282932000074",
        vat: "44732829320",
        own_account: false,
    },
    Supplier {
        siret: "41283951600017",
        vat: "56412839516",
        own_account: false,
    },
    Supplier {
        siret: "52394862800012",
        vat: "84523948628",
        own_account: true,
    },
    Supplier {
        siret: "24930098900012",
        vat: "96249300989",
        own_account: true,
    },
];

/// Pays at once; the buyer that every simulator knows.
pub const PAYS: &str = "35600000000048";
/// Suspends each invoice once.
pub const SUSPENDS: &str = "13002526500013";
/// Sends each invoice once to another service.
pub const SENDS_ON: &str = "21750001600019";
/// Rejects every invoice.
pub const REJECTS: &str = "12345678200010";

/// The service that all of them have.
pub const SERVICE: &str = "FACTURES-DSI";
/// The service where [`SENDS_ON`] wants its invoices.
pub const OTHER_SERVICE: &str = "VOIRIE";

/// What the simulator does about a number that it has already, and how fast it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No duplicate rule, and integration faster than the agent's window: a second sending shows as a second invoice.
    RuleOff,
    /// The duplicate rule, and integration slower than the window: second sendings are made, and are rejected.
    RuleOn,
}

impl Kind {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::RuleOff => "no duplicate rule, integration faster than the window",
            Self::RuleOn => "duplicate rule, integration slower than the window",
        }
    }
}

/// A simulator of that kind, with everybody in it. `integration` is how long one takes under [`Kind::RuleOn`].
#[must_use]
pub fn config(kind: Kind, integration: Duration, seed: u64) -> Config {
    let mut config = Config {
        seed,
        ..Config::default()
    };
    config.structures = structures();
    config.settings = settings(kind, integration);
    config
}

/// The technical account of `supplier`; `default` where it has none of its own.
#[must_use]
pub fn account(supplier: Supplier, default: &Account) -> Account {
    match supplier.own_account {
        true => Account {
            login: format!("TECH_2_{}@cpro.fr", supplier.siret),
            password: format!("canary-{}-pw", supplier.vat),
        },
        false => default.clone(),
    }
}

fn settings(kind: Kind, integration: Duration) -> Settings {
    let mut delays = Delays::all(Duration::from_millis(20));
    if kind == Kind::RuleOn {
        let milliseconds = u64::try_from(integration.as_millis()).unwrap_or(u64::MAX);
        delays.states = BTreeMap::from([("IN_INTEGRE".to_owned(), milliseconds)]);
    }
    Settings {
        duplicate_rule: kind == Kind::RuleOn,
        delays,
        buyer_script: PAYING_BUYER.map(str::to_owned).to_vec(),
        ..Settings::default()
    }
}

fn structures() -> Vec<StructureSpec> {
    let mut all = Vec::new();
    for supplier in SUPPLIERS.iter().skip(1) {
        let mut spec =
            StructureSpec::new(Role::Supplier, IdType::Siret, supplier.siret, "FOURNISSEUR");
        if supplier.own_account {
            let nobody = Account {
                login: String::new(),
                password: String::new(),
            };
            spec.account = Some(account(*supplier, &nobody));
        }
        all.push(spec);
    }
    for (siret, script) in [
        (
            SUSPENDS,
            &[
                "SUSPENDUE=Bon de livraison absent",
                "MANDATEE",
                "MISE_EN_PAIEMENT",
            ][..],
        ),
        (
            SENDS_ON,
            &["A_RECYCLER=Mauvais service", "MISE_EN_PAIEMENT"][..],
        ),
        (REJECTS, &["REJETEE=Prix conteste"][..]),
    ] {
        let mut spec = StructureSpec::new(Role::Buyer, IdType::Siret, siret, "DESTINATAIRE");
        spec.services = vec![
            ServiceSpec::new(SERVICE, "Systemes d'information"),
            ServiceSpec::new(OTHER_SERVICE, "Voirie"),
        ];
        spec.buyer_script = Some(script.iter().map(|&status| status.to_owned()).collect());
        all.push(spec);
    }
    all
}
