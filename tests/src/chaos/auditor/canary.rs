//! Secrets where they must not be: I6.

use anyhow::Result;
use tokio_postgres::Client;

use super::{Invariant, Violation};

// Every table with everything in it, bytes as hexadecimal. Accounts are sealed: their column is looked through like all others.
const TABLES: &str = "
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('chorus', 'journal') AND c.relkind IN ('r', 'p') ORDER BY 1";

/// The secrets of a run, and where they were seen.
#[derive(Debug, Clone, Default)]
pub struct Canary {
    secrets: Vec<(String, String)>,
    found: Vec<Violation>,
}

impl Canary {
    /// Also looks for `secret`, which is called `name` where it is found.
    pub fn knows(&mut self, name: &str, secret: &str) {
        self.secrets.push((name.to_owned(), secret.to_owned()));
        let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.secrets
            .push((format!("{name} in hexadecimal"), hexadecimal));
    }

    /// Looks through `text`.
    pub fn look_at(&mut self, place: &str, text: &str) {
        let seen = self
            .secrets
            .iter()
            .filter(|(_, secret)| text.contains(secret.as_str()));
        let seen: Vec<Violation> = seen
            .map(|(name, _)| Violation::new(Invariant::I6, format!("{name} in {place}")))
            .collect();
        self.found.extend(seen);
    }

    /// Looks through all tables.
    ///
    /// # Errors
    /// One cannot be read.
    pub async fn look_into(&mut self, client: &Client) -> Result<()> {
        for table in client.query(TABLES, &[]).await? {
            let table: String = table.get(0);
            // Each row is turned into text once, however many secrets there are.
            let query = format!(
                "SELECT s.place, count(*) FROM (SELECT t::text AS text FROM {table} t OFFSET 0) r,
                     unnest($1::text[]) WITH ORDINALITY AS s (secret, place)
                 WHERE strpos(r.text, s.secret) > 0 GROUP BY s.place"
            );
            let secrets: Vec<&str> = self
                .secrets
                .iter()
                .map(|(_, secret)| secret.as_str())
                .collect();
            for row in client.query(&query, &[&secrets]).await? {
                let (place, count): (i64, i64) = (row.get(0), row.get(1));
                let place = usize::try_from(place - 1).unwrap_or_default();
                let name = self.secrets.get(place).map_or("a secret", |(name, _)| name);
                let what = format!("{name} in {count} rows of {table}");
                self.found.push(Violation::new(Invariant::I6, what));
            }
        }
        Ok(())
    }

    /// What was found.
    #[must_use]
    pub fn found(&self) -> &[Violation] {
        &self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_seen_as_it_is_and_in_hexadecimal() {
        let mut canary = Canary::default();
        canary.knows("password", "hush");
        canary.look_at("a quiet log", "nothing");
        assert!(canary.found().is_empty());
        canary.look_at("a log", "password hush");
        canary.look_at("a dump", "\\x6875736821");
        let found: Vec<String> = canary.found().iter().map(Violation::to_string).collect();
        assert_eq!(
            found,
            [
                "I6: password in a log",
                "I6: password in hexadecimal in a dump"
            ]
        );
    }
}
