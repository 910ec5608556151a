//! PISTE's access tokens: opaque, short-lived, never refreshed.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::clock::later;
use crate::text::hex;

/// Length of a token; PISTE's have 50 to 54 characters.
const LENGTH: usize = 52;

/// Tokens issued, with the time each expires.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: HashMap<String, Timestamp>,
    sequence: u64,
}

impl Tokens {
    pub(crate) fn issue(&mut self, client_id: &str, now: Timestamp, lifetime_s: u32) -> String {
        self.sequence += 1;
        let digest = Sha256::digest(format!("{client_id}:{}:{now}", self.sequence));
        let token: String = hex(&digest).chars().take(LENGTH).collect();
        self.issued.retain(|_, expires| *expires > now);
        self.issued.insert(
            token.clone(),
            later(now, SignedDuration::from_secs(lifetime_s.into())),
        );
        token
    }

    pub(crate) fn is_valid(&self, token: &str, now: Timestamp) -> bool {
        self.issued.get(token).is_some_and(|expires| *expires > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lives_until_it_expires() {
        let now: Timestamp = "2026-09-14T16:40:00Z".parse().unwrap();
        let mut tokens = Tokens::default();
        let token = tokens.issue("client", now, 60);
        assert_eq!(token.len(), LENGTH);
        assert_ne!(token, tokens.issue("client", now, 60));
        assert!(tokens.is_valid(&token, later(now, SignedDuration::from_secs(59))));
        assert!(!tokens.is_valid(&token, later(now, SignedDuration::from_secs(60))));
        assert!(!tokens.is_valid("other", now));
    }
}
