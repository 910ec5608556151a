//! SIGHUP: the configuration is read again. What cannot be used is refused as a whole, and what was in force stays.
//!
//! In force at once, for whatever begins after: everything of `[agent]`, `[piste]` and `[credentials]` (files that hold secrets are read
//! again too), and `log.filter`. Flags and environment are those of the start, and still go before the file. At the next start only:
//! where PostgreSQL is, where the agent listens, the form of log lines; a change there is said, not made.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    config::{Config, ConfigError},
    live::Live,
};

/// Puts a filter of log lines in force, or says why it is none.
pub type Filter = Box<dyn Fn(Option<&str>) -> Result<(), String> + Send>;

/// Listens for SIGHUP, from now on: before, it would end the process.
///
/// # Errors
/// The operating system refuses the handler.
pub fn listen() -> std::io::Result<Signal> {
    signal(SignalKind::hangup())
}

/// At each `hangup`, lets `read` read the configuration, and puts it in force in `live` and `filter`. `started` is that of the start.
pub async fn on(
    mut hangup: Signal,
    started: Config,
    live: Live,
    filter: Filter,
    read: impl Fn() -> Result<Config, ConfigError>,
) {
    while hangup.recv().await.is_some() {
        match reload(&live, &filter, &read) {
            Ok(config) => {
                let later = started.differs_for_good(&config);
                tracing::info!("configuration read again and in force");
                if !later.is_empty() {
                    tracing::warn!(
                        settings = later.join(", "),
                        "changed too, but in force only after a restart"
                    );
                }
            }
            Err(reason) => {
                tracing::error!(
                    reason,
                    "configuration not taken over: what was in force stays"
                );
            }
        }
    }
}

fn reload(
    live: &Live,
    filter: &Filter,
    read: impl Fn() -> Result<Config, ConfigError>,
) -> Result<Config, String> {
    let config = read().map_err(|error| error.to_string())?;
    let before = live.now();
    live.replace(&config).map_err(|error| error.to_string())?;
    if let Err(error) = filter(config.log.filter.as_deref()) {
        live.restore(before);
        return Err(error);
    }
    Ok(config)
}
