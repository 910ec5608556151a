//! TLS for both sides: ring for the cryptography, the machine's own certificates for trust.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// A client configuration that trusts what the machine trusts.
///
/// A machine without certificates (a minimal container) still gets one, which trusts nobody: plain connections to
/// this machine itself keep working, TLS connections are refused with a clear error.
///
/// # Errors
/// The cryptography offers no usable TLS version.
pub fn client_config() -> Result<ClientConfig, rustls::Error> {
    let builder = || {
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
    };
    match builder()?.with_platform_verifier() {
        Ok(trusting) => Ok(trusting.with_no_client_auth()),
        Err(error) => {
            tracing::warn!(%error, "no certificate authorities found: TLS connections will be refused; install ca-certificates");
            Ok(builder()?
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth())
        }
    }
}
