//! `chorus-agent supplier` and `keygen`: the accounts, and the keys that seal them.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::{Context as _, bail, ensure};
use crypto_box::PublicKey;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};

use crate::{
    calls::Caller,
    cli::{IdType, SupplierAdd, SupplierInvite, SupplierName, SupplierVerify},
    config::Config,
    credential::{self, CredentialError, Owner},
    database::DatabaseError,
    installation::Installation,
    queue::claim::Subject,
    supplier::{self, Supplier},
    task::Tools,
    verify::{self, Outcome, Problem},
    web::PageSettings,
};

// An identifier rather than an id: a SIRET is longer than any id.
const FIND: &str = "
SELECT id FROM chorus.supplier WHERE identifier IN ($1, $2) OR id::text = $2 ORDER BY identifier IN ($1, $2) DESC LIMIT 1";

const INVITE: &str = "SELECT chorus.invite_supplier($1, make_interval(days => $2))";

const REVOKE: &str = "SELECT chorus.revoke_supplier($1)";

const LIST: &str = "
SELECT id_type, identifier, coalesce(name, ''), coalesce(login, ''), state, paused, coalesce(error, '')
FROM chorus.supplier ORDER BY id_type, identifier";

/// Adds a supplier; with a login, seals the password read from standard input and stores the account.
///
/// # Errors
/// No password, no key, a malformed identifier, or the database's.
pub async fn add(client: &Client, config: &Config, supplier: &SupplierAdd) -> anyhow::Result<()> {
    let (id_type, identifier) = identifier(supplier)?;
    let name = supplier.name.as_deref();
    let Some(login) = &supplier.login else {
        let id = supplier::add(client, id_type.word(), &identifier, name).await?;
        println!(
            "supplier {id}: {} {identifier}, without an account yet: invite it with `chorus-agent supplier invite {id}`",
            id_type.word()
        );
        return Ok(());
    };
    ensure!(
        !login.is_empty() && !login.contains(|c: char| c == ':' || c.is_control()),
        "\"{login}\" is no login of a technical account: it is like TECH_1_{identifier}@cpro.fr, and a colon would end it in the header \
         that carries both"
    );
    let public = public_key(config)?;
    let environment = Installation::read(client).await?.environment;
    let owner = Owner {
        environment,
        id_type: id_type.word().to_owned(),
        identifier,
    };
    let password = read_password(std::io::stdin().lock())?;
    let sealed = credential::seal(&public, &owner, login, &password)?;
    let id = supplier::store(client, &owner, name, login, &sealed).await?;
    println!(
        "supplier {id}: {owner}, account stored; the agent verifies it at Chorus Pro before it sends anything"
    );
    Ok(())
}

/// Prints a registration link.
///
/// # Errors
/// There is no such supplier, no page is configured, or the database's.
pub async fn invite(
    client: &Client,
    config: &Config,
    invite: &SupplierInvite,
) -> anyhow::Result<()> {
    let supplier = known(client, &invite.name.supplier).await?;
    if let Some(page) = PageSettings::configured(&config.registration)? {
        page.publish(client).await?;
    }
    let days = i32::from(invite.days);
    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
        [(&supplier, Type::INT8), (&days, Type::INT4)];
    let row = client
        .query_typed_one(INVITE, &parameters)
        .await
        .map_err(DatabaseError::from)?;
    println!("{}", row.try_get::<_, &str>(0)?);
    Ok(())
}

/// Forgets an account.
///
/// # Errors
/// There is no such supplier, or the database's.
pub async fn revoke(client: &Client, name: &SupplierName) -> anyhow::Result<()> {
    let supplier = known(client, &name.supplier).await?;
    client
        .execute_typed(REVOKE, &[(&supplier, Type::INT8)])
        .await
        .map_err(DatabaseError::from)?;
    println!(
        "supplier {supplier}: account forgotten, links withdrawn; delete the technical account in Chorus Pro too if nobody else uses it"
    );
    Ok(())
}

/// Verifies accounts at Chorus Pro, one line each; whether all are good.
///
/// # Errors
/// There is no such supplier, a setting is missing, or the database's.
pub async fn verify(
    client: &Client,
    config: &Config,
    wanted: &SupplierVerify,
) -> anyhow::Result<bool> {
    let tools = Tools::new(config)?;
    let suppliers = match &wanted.supplier {
        Some(name) => {
            vec![Supplier::of(client, Subject::Supplier(known(client, name).await?)).await?]
        }
        None => Supplier::all(client).await?,
    };
    let mut good = true;
    for supplier in &suppliers {
        match verify_one(client, &tools, supplier, wanted.siret.as_deref()).await {
            Ok(found) => println!("OK  {}: {found}", supplier.owner),
            Err(reason) => {
                good = false;
                println!("KO  {}: {reason}", supplier.owner);
            }
        }
    }
    tools.calls.write(client, tools.agent).await?;
    Ok(good)
}

/// Verifies an account and writes down what was found.
async fn verify_one(
    client: &Client,
    tools: &Tools,
    supplier: &Supplier,
    choice: Option<&str>,
) -> anyhow::Result<String> {
    ensure!(
        !supplier.sealed().is_empty(),
        "no account is stored: invite the supplier with `chorus-agent supplier invite {}`",
        supplier.id
    );
    let account = supplier.account(&tools.keys)?;
    let caller = Caller::person(Some(supplier.id));
    match verify::verify(tools, client, caller, &supplier.owner, &account, choice).await? {
        Outcome::Registered(found) => {
            supplier::registered(client, supplier, &found, &tools.keys).await?;
            let password = found
                .password_expires_on
                .map_or_else(String::new, |day| format!(", password until {day}"));
            Ok(format!(
                "registered as {} {}{password}",
                found.owner.id_type, found.owner.identifier
            ))
        }
        Outcome::Refused(problem) => {
            if supplier::failed(client, supplier, &problem.reason(), 0.0).await?
                && problem == Problem::TechnicalAccount
            {
                tools.account_refused(client, supplier.id).await?;
            }
            bail!("{}", problem.en())
        }
    }
}

/// The id of the supplier that people name by identifier or id.
async fn known(client: &Client, name: &str) -> anyhow::Result<i64> {
    let compact: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let row = client
        .query_typed_opt(FIND, &[(&name, Type::TEXT), (&compact, Type::TEXT)])
        .await
        .map_err(DatabaseError::from)?
        .with_context(|| {
            format!("there is no supplier {name}: see `chorus-agent supplier list`, or add it with `chorus-agent supplier add`")
        })?;
    Ok(row.try_get(0)?)
}

/// Prints all suppliers, one per line.
///
/// # Errors
/// The database's.
pub async fn list(client: &Client) -> Result<(), DatabaseError> {
    for row in client.query_typed(LIST, &[]).await? {
        let text = |column: usize| row.try_get::<_, &str>(column);
        let paused = if row.try_get(5)? { " (paused)" } else { "" };
        println!(
            "{} {}\t{}\t{}\t{}{paused}\t{}",
            text(0)?,
            text(1)?,
            text(2)?,
            text(3)?,
            text(4)?,
            text(6)?
        );
    }
    Ok(())
}

/// Makes a key pair.
///
/// # Errors
/// The file exists, or cannot be written.
pub fn keygen(out: Option<&Path>) -> anyhow::Result<()> {
    let key = credential::generate();
    let (private, public) = (
        credential::private_text(&key),
        credential::public_text(&key.public_key()),
    );
    match out {
        None => {
            println!("{}", private.expose_secret());
            eprintln!("public key: {public}");
        }
        Some(path) => {
            // A key that exists seals accounts: it is never overwritten.
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .with_context(|| {
                    format!(
                        "cannot write the private key to {}; an existing file is never overwritten",
                        path.display()
                    )
                })?;
            writeln!(file, "{}", private.expose_secret())?;
            file.sync_all()?;
            println!("{public}");
        }
    }
    Ok(())
}

fn identifier(supplier: &SupplierAdd) -> anyhow::Result<(IdType, String)> {
    let (id_type, text) = match (&supplier.siret, &supplier.vat, &supplier.identifier) {
        (Some(siret), _, _) => (IdType::Siret, siret),
        (None, Some(vat), _) => (IdType::Tva, vat),
        (None, None, Some(identifier)) => (supplier.id_type, identifier),
        (None, None, None) => bail!("give --siret, --vat, or --id-type and --identifier"),
    };
    if id_type == IdType::Tva {
        let vat: String = text
            .chars()
            .filter(|character| !character.is_whitespace())
            .map(|character| character.to_ascii_uppercase())
            .collect();
        ensure!(
            vat.len() == 13
                && vat.starts_with("FR")
                && vat.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && vat.bytes().skip(4).all(|byte| byte.is_ascii_digit()),
            "a French VAT number is FR, two characters and the nine digits of the SIREN, \"{text}\" is not; for a supplier of \
             another country give --id-type UE_HORS_FRANCE --identifier"
        );
        return Ok((id_type, vat));
    }
    if id_type != IdType::Siret {
        ensure!(!text.trim().is_empty(), "--identifier is empty");
        return Ok((id_type, text.trim().to_owned()));
    }
    // People copy SIRETs with their spaces.
    let digits: String = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    ensure!(
        digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit()),
        "a SIRET has 14 digits, \"{text}\" has not; for other suppliers give --id-type and --identifier"
    );
    Ok((id_type, digits))
}

/// The configured public key, or the private key's. Never one from a table: who can write there must not choose it.
fn public_key(config: &Config) -> anyhow::Result<PublicKey> {
    let private = config
        .credentials
        .private_key()
        .map_err(anyhow::Error::from)
        .and_then(|text| Ok(credential::parse_private(&text)?));
    let Some(configured) = &config.credentials.public_key else {
        return Ok(private
            .context("no key to seal with: set credentials.public_key, or the private key")?
            .public_key());
    };
    let configured = credential::parse_public(configured)?;
    if let Ok(private) = private {
        ensure!(
            private.public_key() == configured,
            CredentialError::KeysDiffer
        );
    }
    Ok(configured)
}

fn read_password(input: impl std::io::BufRead) -> anyhow::Result<SecretString> {
    let mut line = String::new();
    input
        .take(4096)
        .read_line(&mut line)
        .context("the password cannot be read from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    ensure!(
        !password.is_empty(),
        "no password on standard input: printf '%s' \"$PASSWORD\" | chorus-agent supplier add …"
    );
    Ok(SecretString::from(password))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn add(siret: &str) -> SupplierAdd {
        SupplierAdd {
            siret: Some(siret.into()),
            vat: None,
            identifier: None,
            id_type: IdType::Siret,
            name: None,
            login: None,
        }
    }

    #[test]
    fn a_siret_is_fourteen_digits_however_it_is_spaced() {
        assert_eq!(
            identifier(&add("732 829 320 00074")).unwrap().1,
            "73282932000074"
        );
        for wrong in ["732829320", "7328293200007A", ""] {
            assert!(identifier(&add(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_french_vat_number_holds_a_siren() {
        let vat = |vat: &str| SupplierAdd {
            siret: None,
            vat: Some(vat.into()),
            ..add("")
        };
        assert_eq!(
            identifier(&vat("fr 44 732 829 320")).unwrap(),
            (IdType::Tva, "FR44732829320".to_owned())
        );
        for wrong in [
            "DE136695976",
            "FR4473282932",
            "FR4473282932X",
            "FRé4732829320",
        ] {
            assert!(identifier(&vat(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_password_is_the_first_line_without_its_end() {
        let read = |text: &str| {
            read_password(text.as_bytes()).map(|password| password.expose_secret().to_owned())
        };
        assert_eq!(read("s3 cret\r\nrest").unwrap(), "s3 cret");
        assert!(read("\n").is_err() && read("").is_err());
    }

    #[test]
    fn a_private_key_file_is_for_its_owner_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        keygen(Some(&path)).unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let text = SecretString::from(std::fs::read_to_string(&path).unwrap());
        credential::parse_private(&text).unwrap();
        assert!(
            keygen(Some(&path))
                .unwrap_err()
                .to_string()
                .contains("never overwritten")
        );
    }
}
