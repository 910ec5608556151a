//! `chorus-simulator`: a local Chorus Pro and PISTE on one loopback port.

use std::io::Write as _;
use std::time::Duration;

use anyhow::Context as _;
use chorus_simulator::{Config, Delays, PAYING_BUYER, Simulator, StructureSpec};
use clap::Parser;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// A local Chorus Pro and PISTE, for tests and demonstrations.
///
/// When it listens, the first line on standard output is one JSON object: url, client_id, client_secret, login,
/// password, supplier_siret, buyer_siret. It stops on SIGTERM or SIGINT.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Loopback port; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Milliseconds before each automatic step of flux, invoice and buyer
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
    /// Milliseconds before each flux state, instead of --delay-ms
    #[arg(long)]
    flux_delay_ms: Option<u64>,
    /// Milliseconds before each automatic invoice status, instead of --delay-ms
    #[arg(long)]
    invoice_delay_ms: Option<u64>,
    /// Milliseconds before each step of the automatic buyer, instead of --delay-ms
    #[arg(long)]
    buyer_delay_ms: Option<u64>,
    /// Have an automatic buyer take delivery, book and pay every invoice
    #[arg(long, conflicts_with = "buyer_script")]
    buyer_pays: bool,
    /// Statuses an automatic buyer sets, in this order; STATUS=reason gives a reason
    #[arg(long, value_delimiter = ',', value_name = "STATUS,…")]
    buyer_script: Vec<String>,
    /// Integrate invoices whose (SIREN, year, number) is in use, so that a second sending shows in the ledger
    #[arg(long)]
    no_duplicate_rule: bool,
    /// Lifetime of a token in seconds
    #[arg(long, default_value_t = 3600)]
    token_ttl_s: u32,
    /// A further supplier or buyer, e.g. {"id_type":"UE_HORS_FRANCE","identifier":"DE111111125","name":"GmbH"};
    /// may be repeated
    #[arg(long, value_name = "JSON", value_parser = structure)]
    structure: Vec<StructureSpec>,
    /// Know the fictitious structures of the qualification platform too, whose SIRETs fail the check digit
    #[arg(long)]
    qualification: bool,
    /// Seed for faults with a probability
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn structure(text: &str) -> Result<StructureSpec, serde_json::Error> {
    serde_json::from_str(text)
}

impl Args {
    fn config(self) -> Config {
        let mut delays = Delays::all(Duration::from_millis(self.delay_ms));
        delays.flux_ms = self.flux_delay_ms.unwrap_or(delays.flux_ms);
        delays.invoice_ms = self.invoice_delay_ms.unwrap_or(delays.invoice_ms);
        delays.buyer_ms = self.buyer_delay_ms.unwrap_or(delays.buyer_ms);
        let mut config = Config {
            port: self.port,
            structures: self.structure,
            seed: self.seed,
            ..Config::default()
        };
        if self.qualification {
            config = config.with_qualification_structures();
        }
        config.settings.delays = delays;
        config.settings.duplicate_rule = !self.no_duplicate_rule;
        config.settings.token_ttl_s = self.token_ttl_s;
        config.settings.buyer_script = if self.buyer_pays {
            PAYING_BUYER.map(str::to_owned).to_vec()
        } else {
            self.buyer_script
        };
        config
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let simulator = Simulator::start(Args::parse().config()).await?;
    announce(&simulator).context("cannot write to standard output")?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// The one line that others read.
fn announce(simulator: &chorus_simulator::Handle) -> std::io::Result<()> {
    let credentials = simulator.credentials();
    let line = json!({
        "url": simulator.url(),
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "login": credentials.account.login,
        "password": credentials.account.password,
        "supplier_siret": simulator.supplier_siret(),
        "buyer_siret": simulator.buyer_siret(),
    });
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}
