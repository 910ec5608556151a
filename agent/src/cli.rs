//! The command line. No secret is ever an argument: arguments are seen by everybody on the machine.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::{Shell, generate};

use crate::config::{DEFAULT_PATH, LogFormat};

/// Deposits the invoices of a PostgreSQL database at Chorus Pro and writes their statuses back.
#[derive(Debug, Parser)]
#[command(name = "chorus-agent", version, after_help = after_help())]
pub struct Cli {
    /// Configuration file
    #[arg(long, global = true, env = "CHORUS_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Tasks worked on at once, instead of agent.workers
    #[arg(long, global = true, value_name = "N")]
    pub workers: Option<usize>,
    /// Form of log lines, instead of log.format
    #[arg(long, global = true, value_enum)]
    pub log_format: Option<LogFormat>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

fn after_help() -> String {
    format!(
        "Settings come from {DEFAULT_PATH} or --config, then from the environment (section agent, key workers: \
         CHORUS_AGENT_WORKERS), then from flags. Secrets come from files or the environment."
    )
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Work until told to stop (SIGTERM; a second one stops at once); SIGHUP reads the configuration again
    Run,
    /// Do what is due, then exit; status 1 if a task failed, or waits for what fails
    Once,
    /// Make roles and tables, or bring them up to date
    Migrate(Migrate),
    /// Check configuration, database, roles, token and accounts; status 1 if anything is wrong
    Check,
    /// Register suppliers
    #[command(subcommand)]
    Supplier(Supplier),
    /// Make the key pair that seals suppliers' accounts
    Keygen(Keygen),
    /// Seal all accounts for a new key: the old one stands in credentials.previous_private_key_file; status 1 if any is left
    Rekey,
    /// Show what is queued and where invoices stand
    Status,
    /// Print the script that completes this program's command line in a shell
    Completions(Completions),
    /// After a restore or a failover: look at Chorus Pro for what the original sent, then deposit from here; status 1 unless done
    Recover(Recover),
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// Which shell
    #[arg(value_enum)]
    pub shell: Shell,
}

impl Completions {
    /// The script.
    pub fn script(&self) -> Vec<u8> {
        let mut script = Vec::new();
        let mut command = Cli::command();
        let name = command.get_name().to_owned();
        generate(self.shell, &mut command, name, &mut script);
        script
    }
}

/// Arguments of `recover`.
#[derive(Debug, Args)]
pub struct Recover {
    /// The original server and its agents are stopped for good; without it, only say what was found
    #[arg(long)]
    pub original_is_stopped: bool,
}

/// Arguments of `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Make the roles only: first step when a dump is restored into a new cluster
    #[arg(long)]
    pub roles: bool,
    /// Which Chorus Pro this database is for; only while it holds no supplier and no invoice
    #[arg(long, value_enum, conflicts_with = "roles")]
    pub environment: Option<Environment>,
    /// Print the SQL instead of running it
    #[arg(long, conflicts_with = "environment")]
    pub print: bool,
}

/// The two platforms of Chorus Pro.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Environment {
    /// The test platform
    Qualification,
    /// The real one
    Production,
}

impl Environment {
    /// The word in `chorus.installation`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Qualification => "qualification",
            Self::Production => "production",
        }
    }
}

/// Subcommands of `supplier`.
#[derive(Debug, Subcommand)]
pub enum Supplier {
    /// Add a supplier; with --login, store its technical account, whose password is read from standard input
    Add(SupplierAdd),
    /// Print a registration link, to be sent to the supplier: good once, and for a while
    Invite(SupplierInvite),
    /// Ask Chorus Pro now whether accounts are good; status 1 if one is not
    Verify(SupplierVerify),
    /// Forget a supplier's account and withdraw its links
    Revoke(SupplierName),
    /// List suppliers
    List,
}

/// Arguments of `supplier add`.
#[derive(Debug, Args)]
pub struct SupplierAdd {
    /// SIRET of the supplier, 14 digits
    #[arg(long, required_unless_present_any = ["identifier", "vat"], conflicts_with_all = ["identifier", "id_type", "vat"])]
    pub siret: Option<String>,
    /// French VAT number, where the SIRET is not known: the account shows it
    #[arg(long, conflicts_with_all = ["identifier", "id_type"])]
    pub vat: Option<String>,
    /// Identifier of a supplier without SIRET
    #[arg(long)]
    pub identifier: Option<String>,
    /// Kind of that identifier, in Chorus Pro's words
    #[arg(long, value_enum, default_value = "SIRET")]
    pub id_type: IdType,
    /// Name shown in reports
    #[arg(long)]
    pub name: Option<String>,
    /// Login of the technical account, e.g. TECH_1_73282932000074@cpro.fr; without it the supplier is invited later
    #[arg(long)]
    pub login: Option<String>,
}

/// A supplier that is known already.
#[derive(Debug, Args)]
pub struct SupplierName {
    /// Its SIRET, VAT number or other identifier, or its id in chorus.supplier
    pub supplier: String,
}

/// Arguments of `supplier invite`.
#[derive(Debug, Args)]
pub struct SupplierInvite {
    /// Whom to invite
    #[command(flatten)]
    pub name: SupplierName,
    /// Days for which the link is good
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..=90))]
    pub days: u8,
}

/// Arguments of `supplier verify`.
#[derive(Debug, Args)]
pub struct SupplierVerify {
    /// Its SIRET, VAT number or other identifier, or its id in chorus.supplier; all suppliers without it
    pub supplier: Option<String>,
    /// The SIRET to take, where a VAT number stands for several
    #[arg(long, requires = "supplier")]
    pub siret: Option<String>,
}

/// Kinds of identifiers (`typeIdentifiantStructure`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum IdType {
    /// French establishment, 14 digits
    #[value(name = "SIRET")]
    Siret,
    /// VAT number of another member state
    #[value(name = "UE_HORS_FRANCE")]
    UeHorsFrance,
    /// Country and name, outside the EU
    #[value(name = "HORS_UE")]
    HorsUe,
    /// New Caledonia
    #[value(name = "RIDET")]
    Ridet,
    /// French Polynesia
    #[value(name = "TAHITI")]
    Tahiti,
    /// Anything else
    #[value(name = "AUTRE")]
    Autre,
    /// French VAT number: no kind of Chorus Pro's, but enough to begin with
    #[value(name = "TVA")]
    Tva,
}

impl IdType {
    /// Chorus Pro's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Siret => "SIRET",
            Self::UeHorsFrance => "UE_HORS_FRANCE",
            Self::HorsUe => "HORS_UE",
            Self::Ridet => "RIDET",
            Self::Tahiti => "TAHITI",
            Self::Autre => "AUTRE",
            Self::Tva => "TVA",
        }
    }
}

/// Arguments of `keygen`.
#[derive(Debug, Args)]
pub struct Keygen {
    /// Write the private key to this new file (mode 0600) and print the public one; without it, the private key goes to
    /// standard output and the public one to standard error
    #[arg(long = "private-key", value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_is_told_of_every_subcommand() {
        for shell in Shell::value_variants() {
            let script = Completions { shell: *shell }.script();
            let script = String::from_utf8_lossy(&script);
            for command in Cli::command().get_subcommands() {
                let name = command.get_name();
                assert!(script.contains(name), "{shell}: {name}");
            }
        }
    }

    #[test]
    fn the_command_line_is_sound_and_takes_no_secret() {
        Cli::command().debug_assert();
        let mut commands = vec![Cli::command()];
        while let Some(command) = commands.pop() {
            for argument in command.get_arguments() {
                let name = argument.get_id().as_str();
                assert!(
                    !["password", "secret", "private", "url"]
                        .iter()
                        .any(|word| name.contains(word)),
                    "{name}"
                );
            }
            commands.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn a_supplier_is_named_by_siret_or_by_kind_and_identifier() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' '));
        assert!(parse("chorus-agent supplier add --siret 73282932000074 --login L").is_ok());
        assert!(
            parse(
                "chorus-agent supplier add --id-type UE_HORS_FRANCE --identifier DE123 --login L"
            )
            .is_ok()
        );
        assert!(parse("chorus-agent supplier add --login L").is_err());
        assert!(parse("chorus-agent supplier add --siret 1 --identifier 2 --login L").is_err());
    }
}
