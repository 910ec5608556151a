//! Section `[registration]`: the page where suppliers type their technical account.

use std::net::SocketAddr;

use serde::Deserialize;

use super::{ConfigError, sections::base_url};

/// Section `[registration]`. The page is served where `public_url` is set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegistrationSection {
    /// Where the page listens; this machine alone, behind a proxy that speaks TLS, unless another address is given.
    pub listen: String,
    /// Address without `/register` under which suppliers reach the page; it stands in their links.
    pub public_url: Option<String>,
}

impl Default for RegistrationSection {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8470".into(),
            public_url: None,
        }
    }
}

impl RegistrationSection {
    /// Where to listen.
    ///
    /// # Errors
    /// It is no address with a port.
    pub fn listen(&self) -> Result<SocketAddr, ConfigError> {
        self.listen.parse().map_err(|_| ConfigError::Setting {
            key: "registration.listen",
            reason: format!(
                "is {}: give an IP address and a port, e.g. 127.0.0.1:8470",
                self.listen
            ),
        })
    }

    /// The address in links, without a final slash; `None` where no page is served.
    ///
    /// # Errors
    /// It is no URL, or plain HTTP to another machine: passwords are typed there.
    pub fn public_url(&self) -> Result<Option<String>, ConfigError> {
        let Some(url) = self.public_url.as_deref() else {
            return Ok(None);
        };
        let url = base_url("registration.public_url", Some(url))?;
        Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
    }
}
