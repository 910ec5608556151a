//! The sentences of the page, in both languages.

use super::{answer::Answer, fields::Flaw, lang::Lang};
use crate::{invitation::Standing, verify::Problem};

/// Everything that the page says in one language.
pub(super) struct Texts {
    pub(super) lang: Lang,
    pub(super) language_name: &'static str,
    pub(super) title: &'static str,
    pub(super) error_prefix: &'static str,
    pub(super) error_title: &'static str,
    /// Before and after the supplier's name.
    pub(super) intro: (&'static str, &'static str),
    pub(super) what_title: &'static str,
    pub(super) what: &'static str,
    pub(super) where_title: &'static str,
    /// The steps; `{portal}` is the portal's address.
    pub(super) steps: &'static [&'static str],
    pub(super) form_title: &'static str,
    pub(super) username: &'static str,
    pub(super) username_hint: &'static str,
    pub(super) password: &'static str,
    pub(super) password_hint: &'static str,
    pub(super) choose: &'static str,
    pub(super) submit: &'static str,
    pub(super) secrecy: &'static str,
}

static FR: Texts = Texts {
    lang: Lang::Fr,
    language_name: "Français",
    title: "Compte technique Chorus Pro",
    error_prefix: "Erreur : ",
    error_title: "Le compte n'est pas encore enregistré",
    intro: (
        "Pour que les factures de ",
        " soient déposées dans Chorus Pro et suivies jusqu'à leur paiement, indiquez ici le compte technique de votre entreprise.",
    ),
    what_title: "Qu'est-ce qu'un compte technique ?",
    what: "C'est un identifiant réservé aux logiciels, distinct du compte avec lequel vous ouvrez le portail. Il permet de déposer des factures \
           au nom de votre entreprise et d'en lire les statuts. Le gestionnaire principal de l'entreprise peut le supprimer à tout moment.",
    where_title: "Où le créer",
    steps: &[
        "Ouvrez {portal} et connectez-vous comme gestionnaire principal de l'entreprise.",
        "Dans « Raccordements », déclarez un raccordement de type API qui désigne l'application de votre logiciel, si ce n'est pas déjà fait.",
        "Dans « Compte technique », choisissez « Créer un compte technique » pour l'établissement qui facture.",
        "Copiez l'identifiant et le mot de passe : le mot de passe n'est montré qu'une fois. Le compte est utilisable après une demi-heure environ.",
    ],
    form_title: "Votre compte technique",
    username: "Identifiant du compte technique",
    username_hint: "De la forme TECH_1_73282932000074@cpro.fr",
    password: "Mot de passe du compte technique",
    password_hint: "Celui que Chorus Pro a montré à la création du compte, non celui de votre compte personnel",
    choose: "Pour quel établissement ?",
    submit: "Vérifier et enregistrer",
    secrecy: "Le compte est vérifié auprès de Chorus Pro puis chiffré ; le mot de passe n'est ni affiché ni inscrit dans un journal.",
};

static EN: Texts = Texts {
    lang: Lang::En,
    language_name: "English",
    title: "Chorus Pro technical account",
    error_prefix: "Error: ",
    error_title: "The account is not registered yet",
    intro: (
        "To have the invoices of ",
        " deposited at Chorus Pro and followed until they are paid, give your company's technical account here.",
    ),
    what_title: "What is a technical account?",
    what: "It is a login for software alone, apart from the one with which you open the portal. It may deposit invoices in your company's name \
           and read their statuses. The company's main manager (gestionnaire principal) can delete it at any time.",
    where_title: "Where to create it",
    steps: &[
        "Open {portal} and log in as the company's main manager (gestionnaire principal).",
        "Under \"Raccordements\", declare a connection of type API that names your software's application, unless that has been done.",
        "Under \"Compte technique\", choose \"Créer un compte technique\" for the establishment that issues the invoices.",
        "Copy login and password: the password is shown only once. The account can be used after half an hour or so.",
    ],
    form_title: "Your technical account",
    username: "Login of the technical account",
    username_hint: "Like TECH_1_73282932000074@cpro.fr",
    password: "Password of the technical account",
    password_hint: "The one that Chorus Pro showed when the account was created, not that of your own account",
    choose: "For which establishment?",
    submit: "Verify and register",
    secrecy: "The account is verified at Chorus Pro and then encrypted; the password is neither shown nor written into any log.",
};

/// The texts in `lang`.
pub(super) fn of(lang: Lang) -> &'static Texts {
    match lang {
        Lang::Fr => &FR,
        Lang::En => &EN,
    }
}

impl Texts {
    /// What an answer says.
    pub(super) fn message(&self, answer: &Answer) -> String {
        let (fr, en) = match answer {
            Answer::Refused { problem, .. } => return self.problem(problem),
            Answer::Flawed { flaws, .. } => {
                let all: Vec<_> = flaws.iter().map(|flaw| self.flaw(*flaw)).collect();
                return all.join(" ");
            }
            Answer::Form(_) => ("Ce lien peut être utilisé.", "This link may be used."),
            Answer::Registered => (
                "Le compte est vérifié et enregistré : vos factures peuvent être déposées. Vous pouvez fermer cette page.",
                "The account is verified and registered: your invoices can be deposited. You may close this page.",
            ),
            Answer::Later => (
                "Le compte est enregistré. Chorus Pro ne répond pas pour l'instant : il sera vérifié plus tard, sans autre démarche de votre part.",
                "The account is stored. Chorus Pro does not answer just now: it will be verified later, without anything more from you.",
            ),
            Answer::Operator => (
                "Le compte est enregistré, mais l'accès de ce logiciel à Chorus Pro est à corriger : la personne qui l'exploite en est avertie. \
                 Vous n'avez rien d'autre à faire ; le compte sera vérifié ensuite.",
                "The account is stored, but this software's own access to Chorus Pro has to be corrected: whoever runs it has been told. There is \
                 nothing more for you to do; the account will be verified afterwards.",
            ),
            Answer::Closed(Standing::Used) => (
                "Ce lien a déjà servi. Si le compte technique a changé, demandez un nouveau lien à la personne qui vous l'a envoyé.",
                "This link has been used. If the technical account has changed, ask whoever sent it for a new one.",
            ),
            Answer::Closed(Standing::Revoked) => (
                "Ce lien a été remplacé ou retiré. Utilisez le plus récent, ou demandez-en un nouveau.",
                "This link has been replaced or withdrawn. Use the latest one, or ask for a new one.",
            ),
            Answer::Closed(Standing::Exhausted) => (
                "Trop de comptes ont été essayés avec ce lien. Vérifiez l'identifiant et le mot de passe sur le portail Chorus Pro, puis demandez un \
                 nouveau lien.",
                "Too many accounts have been tried with this link. Check login and password on Chorus Pro's portal, then ask for a new link.",
            ),
            Answer::Closed(_) => (
                "Ce lien a expiré. Demandez-en un nouveau à la personne qui vous l'a envoyé.",
                "This link has expired. Ask whoever sent it for a new one.",
            ),
            Answer::Unknown => (
                "Il n'y a rien à cette adresse. Vérifiez que le lien a été copié en entier.",
                "There is nothing at this address. Check that the link was copied whole.",
            ),
            Answer::TooMany => (
                "Trop de demandes avec des liens inconnus. Réessayez dans quelques minutes.",
                "Too many requests with unknown links. Try again in a few minutes.",
            ),
            Answer::TooLarge => (
                "La demande est trop volumineuse : seuls un identifiant et un mot de passe sont attendus.",
                "The request is too large: a login and a password are all that is expected.",
            ),
            Answer::TooSlow => (
                "La demande n'est pas arrivée à temps. Réessayez.",
                "The request did not arrive in time. Try again.",
            ),
            Answer::WrongType => (
                "La demande n'est pas un formulaire. Utilisez la page, ou PUT avec du JSON.",
                "The request is no form. Use the page, or PUT with JSON.",
            ),
            Answer::Unreadable => (
                "La demande ne peut être lue : {\"username\": \"…\", \"password\": \"…\"} est attendu, ou les champs du formulaire.",
                "The request cannot be read: {\"username\": \"…\", \"password\": \"…\"} is expected, or the fields of the form.",
            ),
            Answer::WrongMethod => (
                "Cette adresse n'accepte que GET, POST et PUT.",
                "This address takes GET, POST and PUT only.",
            ),
            Answer::Kept => (
                "Ce compte n'a pas pu être vérifié auprès de Chorus Pro pour l'instant, et n'est donc pas enregistré. Le compte enregistré \
                 auparavant reste en service. Réessayez plus tard ; ce lien reste valable.",
                "This account could not be verified at Chorus Pro just now, so it is not stored. The account that was stored before goes on \
                 being used. Try again later; this link stays valid.",
            ),
            Answer::Away => (
                "Le service est momentanément indisponible. Réessayez dans quelques minutes ; ce lien reste valable.",
                "The service is not available just now. Try again in a few minutes; this link stays valid.",
            ),
        };
        self.pick(fr, en).to_owned()
    }

    /// Why Chorus Pro says no, as a sentence.
    fn problem(&self, problem: &Problem) -> String {
        let text = match self.lang {
            Lang::Fr => problem.fr(),
            Lang::En => problem.en(),
        };
        let mut characters = text.chars();
        let first: String = characters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        format!("{first}{}.", characters.as_str())
    }

    /// What is wrong with a field.
    pub(super) fn flaw(&self, flaw: Flaw) -> &'static str {
        match flaw {
            Flaw::Username => self.pick(
                "Indiquez l'identifiant du compte technique, sans deux-points.",
                "Give the login of the technical account, without a colon.",
            ),
            Flaw::Password => self.pick(
                "Indiquez le mot de passe du compte technique.",
                "Give the password of the technical account.",
            ),
        }
    }

    fn pick(&self, fr: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }
}
