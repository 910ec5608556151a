//! The extension as a whole: in constraints and indexes, its rights and properties, installed, dropped, refused.

use serde_json::json;
use tokio_postgres::error::SqlState;

use super::scene::{connect, fresh, invoice};

#[tokio::test]
async fn functions_serve_as_constraint_and_in_an_index() {
    let Some(database) = fresh().await else {
        return;
    };
    database
        .batch_execute(
            "CREATE TABLE guarded (doc jsonb CHECK (chorus.is_valid(doc)));
             CREATE INDEX ON guarded (chorus.digest(doc))",
        )
        .await
        .unwrap();
    database
        .execute("INSERT INTO guarded VALUES ($1)", &[&invoice()])
        .await
        .unwrap();
    let error = database
        .execute("INSERT INTO guarded VALUES ($1)", &[&json!({})])
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::CHECK_VIOLATION));
}

#[tokio::test]
async fn functions_are_pure_for_the_planner_and_free_for_all() {
    let Some(database) = fresh().await else {
        return;
    };
    let rows = database
        .query(
            "SELECT p.proname::text, p.provolatile::text, p.proisstrict, p.proparallel::text, p.prosecdef, p.procost > 0,
                    has_function_privilege('pg_monitor', p.oid, 'EXECUTE'), obj_description(p.oid) IS NOT NULL
             FROM pg_proc AS p JOIN pg_depend AS d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
                  JOIN pg_extension AS e ON e.oid = d.refobjid
             WHERE e.extname = 'pg_chorus' AND p.pronamespace = 'chorus'::regnamespace
             ORDER BY 1",
            &[],
        )
        .await
        .unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(
        names,
        [
            "assert_valid",
            "build",
            "check_cii",
            "check_cii",
            "check_directory",
            "correct",
            "digest",
            "explain",
            "iban_is_valid",
            "is_valid",
            "library_version",
            "locate",
            "parse_cii",
            "parse_cii",
            "process",
            "render_cii",
            "rules",
            "siren_is_valid",
            "siret_is_valid",
            "validate",
            "vat_id_is_valid"
        ]
    );
    for row in &rows {
        let name: &str = row.get(0);
        assert_eq!(
            row.get::<_, &str>(1),
            if name == "library_version" { "s" } else { "i" },
            "{name}"
        );
        let takes_null = matches!(name, "check_directory" | "correct" | "validate");
        assert_eq!(row.get::<_, bool>(2), !takes_null, "{name}");
        assert_eq!(row.get::<_, &str>(3), "s", "{name}");
        assert!(
            !row.get::<_, bool>(4)
                && row.get::<_, bool>(5)
                && row.get::<_, bool>(6)
                && row.get::<_, bool>(7),
            "{name}"
        );
    }
}

#[tokio::test]
async fn library_and_extension_have_one_version() {
    let Some(database) = fresh().await else {
        return;
    };
    let row = database
        .query_one("SELECT chorus.library_version(), extversion FROM pg_extension WHERE extname = 'pg_chorus'", &[])
        .await
        .unwrap();
    assert_eq!(row.get::<_, &str>(0), row.get::<_, &str>(1));
}

#[tokio::test]
async fn dropping_the_extension_leaves_the_schema_and_its_tables() {
    let Some(database) = fresh().await else {
        return;
    };
    database
        .batch_execute("CREATE TABLE chorus.kept (id integer); DROP EXTENSION pg_chorus")
        .await
        .unwrap();
    let kept: Option<u32> = database
        .query_one("SELECT to_regclass('chorus.kept')::oid", &[])
        .await
        .unwrap()
        .get(0);
    assert!(kept.is_some());
    database
        .batch_execute("CREATE EXTENSION pg_chorus")
        .await
        .unwrap();
}

#[tokio::test]
async fn whoever_may_create_in_the_database_may_install_the_extension() {
    let Some(database) = fresh().await else {
        return;
    };
    let role = format!("installer_{}", uuid::Uuid::new_v4().simple());
    let name = database.database.name();
    database
        .batch_execute(&format!(
            "DROP EXTENSION pg_chorus; DROP SCHEMA chorus;
             CREATE ROLE {role}; GRANT CREATE ON DATABASE {name} TO {role};
             SET ROLE {role};
             CREATE EXTENSION pg_chorus;
             SELECT chorus.library_version();
             DROP EXTENSION pg_chorus;
             RESET ROLE;
             DROP OWNED BY {role}; DROP ROLE {role}"
        ))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_database_of_another_encoding_is_refused_and_left_as_it_was() {
    let Some(database) = fresh().await else {
        return;
    };
    let name = format!("latin1_{}", uuid::Uuid::new_v4().simple());
    database
        .batch_execute(&format!(
            "CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
        ))
        .await
        .unwrap();
    let latin1 = connect(database.database.cluster(), &name).await;
    let error = latin1
        .batch_execute("CREATE EXTENSION pg_chorus")
        .await
        .unwrap_err();
    let error = error.as_db_error().unwrap();
    assert_eq!(error.code(), &SqlState::FEATURE_NOT_SUPPORTED);
    assert_eq!(
        error.message(),
        "pg_chorus needs a database in encoding UTF8"
    );
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("ENCODING 'UTF8'")),
        "{error:?}"
    );
    let left: bool = latin1
        .query_one("SELECT to_regnamespace('chorus') IS NOT NULL", &[])
        .await
        .unwrap()
        .get(0);
    assert!(!left, "schema chorus was made");
    drop(latin1);
    database
        .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await
        .unwrap();
}
