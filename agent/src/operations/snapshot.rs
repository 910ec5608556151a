//! How the queue stands, read when somebody asks: what all agents have in common is measured by each alike.

use prometheus_client::{
    metrics::{family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use tokio_postgres::{Client, Row};

use crate::database::{Database, DatabaseError};

type Value = Gauge<f64, std::sync::atomic::AtomicU64>;
type Labels = Vec<(&'static str, String)>;

const TASKS: &str = "
SELECT t.kind, count(*) FILTER (WHERE t.leased_until IS NULL AND t.run_at <= now())::float8 AS due,
    count(*) FILTER (WHERE t.leased_until IS NOT NULL)::float8 AS leased,
    count(*) FILTER (WHERE t.leased_until IS NULL AND t.run_at = 'infinity')::float8 AS aside,
    coalesce(extract(epoch FROM now() - min(t.run_at) FILTER (WHERE t.leased_until IS NULL AND t.run_at <= now())), 0)::float8 AS oldest
FROM chorus.task t GROUP BY t.kind";

const INVOICES: &str = "SELECT i.state, count(*)::float8 FROM chorus.invoice i GROUP BY i.state";

const HEALTH: &str = "
SELECT s.severity, count(h.severity)::float8 FROM unnest('{error,warning}'::text[]) AS s (severity)
    LEFT JOIN chorus.health h ON h.severity = s.severity GROUP BY s.severity";

const AGENTS: &str = "
SELECT count(*) FILTER (WHERE a.heartbeat_at > now() - interval '2 minutes')::float8 AS running,
    coalesce(extract(epoch FROM now() - max(a.heartbeat_at)), 'Infinity')::float8 AS since
FROM chorus.agent a";

const BREAKERS: &str = "
SELECT s.scope, count(b.scope)::float8 FROM unnest('{application,api,supplier,api of supplier}'::text[]) AS s (scope)
    LEFT JOIN chorus.breaker b ON b.scope = s.scope AND b.state IN ('open', 'half-open') GROUP BY s.scope";

/// A measure with its labels, by name.
pub(super) struct Snapshot {
    tasks: Vec<Row>,
    invoices: Vec<Row>,
    health: Vec<Row>,
    breakers: Vec<Row>,
    agents: Row,
}

/// Reads it on a connection of its own.
pub(super) async fn read(database: &Database) -> Result<Snapshot, DatabaseError> {
    let client: Client = database.connect().await?;
    Ok(Snapshot {
        tasks: client.query_typed(TASKS, &[]).await?,
        invoices: client.query_typed(INVOICES, &[]).await?,
        health: client.query_typed(HEALTH, &[]).await?,
        breakers: client.query_typed(BREAKERS, &[]).await?,
        agents: client.query_typed_one(AGENTS, &[]).await?,
    })
}

/// What is shown when the database cannot be asked.
pub(super) fn without_database() -> Registry {
    let mut registry = Registry::with_prefix("chorus");
    up(&mut registry, 0.0);
    registry
}

fn up(registry: &mut Registry, value: f64) {
    let up = Value::default();
    up.set(value);
    registry.register("database_up", "1 when PostgreSQL answered this request", up);
}

impl Snapshot {
    /// The measures, to be encoded.
    pub(super) fn registry(&self) -> Registry {
        let mut registry = Registry::with_prefix("chorus");
        up(&mut registry, 1.0);
        for (column, name, help) in [
            (
                "due",
                "tasks_due",
                "Tasks that could be claimed now, by kind",
            ),
            (
                "leased",
                "tasks_leased",
                "Tasks that an agent is at, by kind",
            ),
            (
                "aside",
                "tasks_set_aside",
                "Tasks that wait for a person, by kind",
            ),
        ] {
            registry.register(name, help, family(&self.tasks, "kind", column));
        }
        let oldest = family(&self.tasks, "kind", "oldest");
        registry.register_with_unit(
            "task_oldest_due_age",
            "How long the oldest due task has been due, by kind",
            Unit::Seconds,
            oldest,
        );
        registry.register(
            "invoices",
            "Invoices, by state",
            family(&self.invoices, "state", "count"),
        );
        registry.register(
            "health_problems",
            "Rows of chorus.health, by severity",
            family(&self.health, "severity", "count"),
        );
        registry.register(
            "breakers_open",
            "Breakers that hold calls back, by scope (application, api, supplier, api of supplier)",
            family(&self.breakers, "scope", "count"),
        );
        for (column, name, help) in [
            (
                "running",
                "agents_running",
                "Agents heard of within two minutes",
            ),
            (
                "since",
                "agent_heartbeat_age_seconds",
                "Time since any agent was heard of",
            ),
        ] {
            let value = Value::default();
            value.set(self.agents.try_get(column).unwrap_or_default());
            registry.register(name, help, value);
        }
        registry
    }
}

/// One value per row; the word in its first column is the label.
fn family(rows: &[Row], label: &'static str, column: &str) -> Family<Labels, Value> {
    let family: Family<Labels, Value> = Family::default();
    for row in rows {
        let (word, value) = (row.try_get::<_, String>(0), row.try_get::<_, f64>(column));
        if let (Ok(word), Ok(value)) = (word, value) {
            family.get_or_create(&vec![(label, word)]).set(value);
        }
    }
    family
}
