//! The databases of a private cluster.

use std::path::Path;

use anyhow::{Context, Result};

use crate::cluster::{Cluster, DATABASE, SUPERUSER};
use crate::process;

/// Template of test databases with the extension alone.
const WITH_EXTENSION: &str = "chorus_template_extension";

/// Template of test databases with the extension and the tables.
const WITH_SCHEMA: &str = "chorus_template_schema";

impl Cluster {
    /// Runs SQL with psql; what it prints goes to standard output.
    pub fn psql(&self, database: &str, sql: &str) -> Result<()> {
        process::run_with_input(&mut self.psql_command(database), sql)
    }

    /// Runs SQL with psql, which knows the variables, and gives what it prints, unadorned.
    pub fn script(&self, database: &str, sql: &str, variables: &[(&str, &str)]) -> Result<String> {
        let mut psql = self.psql_command(database);
        psql.args(["--tuples-only", "--no-align"]);
        for (name, value) in variables {
            psql.arg(format!("--set={name}={value}"));
        }
        let answer = process::output_with_input(&mut psql, sql)?;
        Ok(answer.trim_end_matches('\n').to_owned())
    }

    fn psql_command(&self, database: &str) -> std::process::Command {
        let mut command = self.client("psql");
        command
            .args([
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--dbname",
                database,
            ])
            .env("PGOPTIONS", "--client-min-messages=warning");
        command
    }

    /// Makes the templates of test databases anew.
    pub fn make_templates(&self, agent: &Path) -> Result<()> {
        for template in [WITH_EXTENSION, WITH_SCHEMA] {
            self.psql(
                "postgres",
                &format!("DROP DATABASE IF EXISTS {template};\nCREATE DATABASE {template};"),
            )?;
        }
        self.psql(WITH_EXTENSION, "CREATE EXTENSION pg_chorus;")?;
        self.migrate(agent, WITH_SCHEMA)
    }

    /// Makes a database with extension and tables out of the template.
    pub fn copy_template(&self, name: &str) -> Result<()> {
        self.psql(
            "postgres",
            &format!("CREATE DATABASE {name} TEMPLATE {WITH_SCHEMA};"),
        )
    }

    /// Makes the database for playing if there is none, and brings its tables up to date.
    pub fn make_database(&self, agent: &Path) -> Result<()> {
        let exists = format!("SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}';");
        if self.script("postgres", &exists, &[])? == "0" {
            self.psql("postgres", &format!("CREATE DATABASE {DATABASE};"))?;
        }
        self.migrate(agent, DATABASE)
    }

    fn migrate(&self, agent: &Path, database: &str) -> Result<()> {
        let mut migrate = process::command(agent);
        migrate
            .arg("migrate")
            .env("CHORUS_DATABASE_URL", self.url(database))
            .env("CHORUS_LOG_FILTER", "warn");
        process::run(&mut migrate).context("the schema could not be applied")
    }

    /// The address of a database, as the agent is configured with it.
    pub fn url(&self, database: &str) -> String {
        format!(
            "host='{}' port={} user={SUPERUSER} dbname={database}",
            self.place.socket.display(),
            self.place.port
        )
    }
}
