//! Section `[operations]`: `/livez`, `/readyz` and `/metrics`.

use std::net::SocketAddr;

use serde::Deserialize;

use super::ConfigError;

/// Section `[operations]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OperationsSection {
    /// Where they are served; this machine alone unless another address is given, nowhere where it is empty.
    pub listen: String,
}

impl Default for OperationsSection {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8471".into(),
        }
    }
}

impl OperationsSection {
    /// Where to listen; `None` where nothing is to be served.
    ///
    /// # Errors
    /// It is no address with a port.
    pub fn listen(&self) -> Result<Option<SocketAddr>, ConfigError> {
        if self.listen.is_empty() {
            return Ok(None);
        }
        let wrong = |_| ConfigError::Setting {
            key: "operations.listen",
            reason: format!(
                "is {}: give an IP address and a port, e.g. 127.0.0.1:8471, or nothing",
                self.listen
            ),
        };
        self.listen.parse().map(Some).map_err(wrong)
    }
}
