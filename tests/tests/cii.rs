//! The SQL functions on CII files, with files as they come: good, broken, hostile.

use anyhow::{Context, Result, ensure};
use chorus_tests::{Content, Database, fixture};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// A finding, as far as these tests look.
type Found = (String, String, String);

/// A database, with our invoice rendered for it.
struct Stage {
    client: Client,
    /// Drops the database at the end.
    _database: Database,
    cii: Vec<u8>,
}

async fn stage() -> Result<Option<Stage>> {
    let Some(database) = Database::create("cii", Content::Extension).await? else {
        return Ok(None);
    };
    let client = database.connect().await?;
    let row = client
        .query_one(
            "SELECT convert_to(chorus.render_cii(chorus.build($1), 'en16931')::text, 'UTF8')",
            &[&fixture("b2g.json")?],
        )
        .await?;
    Ok(Some(Stage {
        cii: row.try_get(0)?,
        client,
        _database: database,
    }))
}

impl Stage {
    async fn check(&self, cii: &[u8]) -> Result<Vec<Found>> {
        let rows = self
            .client
            .query(
                "SELECT rule, severity, path, message, hint FROM chorus.check_cii($1::bytea)",
                &[&cii],
            )
            .await
            .with_context(|| {
                format!(
                    "on {}",
                    String::from_utf8_lossy(cii.get(..80).unwrap_or(cii))
                )
            })?;
        rows.iter()
            .map(|row| {
                let message: String = row.try_get(3)?;
                ensure!(!message.is_empty() && !message.contains('{'), "{message}");
                Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
            })
            .collect()
    }

    /// The file with one text in place of another, which must be there.
    fn with(&self, old: &str, new: &str) -> Result<Vec<u8>> {
        let text = String::from_utf8(self.cii.clone())?;
        ensure!(text.contains(old), "the file has no {old}");
        Ok(text.replacen(old, new, 1).into_bytes())
    }
}

fn has(found: &[Found], rule: &str) -> bool {
    found.iter().any(|(id, _, _)| id == rule)
}

#[tokio::test]
async fn what_we_render_has_no_finding_and_comes_back() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    let found = stage.check(&stage.cii).await?;
    ensure!(found.is_empty(), "{found:?}");
    let row = stage
        .client
        .query_one(
            "SELECT doc #>> '{totals,payable}', chorus.build(doc) = doc, chorus.is_valid(doc), doc = again
             FROM chorus.parse_cii($1::bytea) AS doc, chorus.parse_cii(convert_from($1, 'UTF8')) AS again",
            &[&stage.cii],
        )
        .await?;
    ensure!(row.try_get::<_, String>(0)? == "2128.80", "{row:?}");
    ensure!(
        row.try_get(1)? && row.try_get(2)? && row.try_get(3)?,
        "{row:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_wrong_amount_is_found_in_the_order_of_the_file_and_in_both_languages() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    let wrong = stage.with(
        "<ram:GrandTotalAmount>2128.80<",
        "<ram:GrandTotalAmount>1.00<",
    )?;
    let found = stage.check(&wrong).await?;
    ensure!(
        has(&found, "BR-CO-15") && has(&found, "BR-CO-16"),
        "{found:?}"
    );
    let row = stage
        .client
        .query_one(
            "SELECT path, term, message FROM chorus.check_cii($1::bytea, lang => 'fr') WHERE rule = 'BR-CO-15'",
            &[&wrong],
        )
        .await?;
    let (path, term, message): (String, String, String) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    ensure!(path.ends_with("/ram:GrandTotalAmount"), "{path}");
    ensure!(term == "BT-112", "{term}");
    ensure!(message.contains("TVA"), "{message}");
    Ok(())
}

#[tokio::test]
async fn what_is_no_file_is_one_finding() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    let bomb = "<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><a>&c;</a>";
    let deep = [b"<a>".repeat(10_000), b"</a>".repeat(10_000)].concat();
    let wide = [b"<a b=\"".to_vec(), b"x".repeat(1 << 20), b"\"/>".to_vec()].concat();
    let truncated = stage.cii.get(..stage.cii.len() / 2).unwrap_or_default();
    let latin = stage.with(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
    )?;
    let cases: [(&[u8], &str); 9] = [
        (b"", "XML-EMPTY"),
        (b"  \n", "XML-EMPTY"),
        (b"no XML at all", "XML-WELL-FORMED"),
        (truncated, "XML-TRUNCATED"),
        (bomb.as_bytes(), "XML-DTD"),
        (&deep, "XML-LIMIT"),
        (
            b"<?xml version=\"1.0\" encoding=\"klingon\"?><a/>",
            "XML-ENCODING-UNKNOWN",
        ),
        (b"<a>\xFF\xFE</a>", "XML-ENCODING"),
        (b"<Invoice/>", "XSD-ROOT"),
    ];
    for (file, rule) in cases {
        let found = stage.check(file).await?;
        let ids: Vec<&str> = found.iter().map(|(id, _, _)| id.as_str()).collect();
        ensure!(ids == [rule], "{rule}: {found:?}");
    }
    // Attributes may be long, and another encoding than UTF-8 is one: the same letters, read otherwise.
    ensure!(has(&stage.check(&wide).await?, "XSD-ROOT"));
    ensure!(stage.check(&latin).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn other_encodings_are_read() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    let text = String::from_utf8(stage.cii.clone())?.replace("UTF-8", "UTF-16");
    for (mark, bytes_of) in [
        (0xFEFF_u16, u16::to_le_bytes as fn(u16) -> [u8; 2]),
        (0xFEFF, u16::to_be_bytes),
    ] {
        let units = std::iter::once(mark).chain(text.encode_utf16());
        let file: Vec<u8> = units.flat_map(bytes_of).collect();
        let found = stage.check(&file).await?;
        ensure!(found.is_empty(), "{found:?}");
    }
    Ok(())
}

#[tokio::test]
async fn values_that_are_none_are_found_where_they_stand() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    for amount in ["-1 324,60", "1e5", "NaN", ""] {
        let file = stage.with(
            "<ram:DuePayableAmount>2128.80<",
            &format!("<ram:DuePayableAmount>{amount}<"),
        )?;
        let found = stage.check(&file).await?;
        ensure!(
            found.iter().any(|(id, severity, path)| id == "XSD-VALUE"
                && severity == "fatal"
                && path.ends_with("/ram:DuePayableAmount")),
            "{amount}: {found:?}"
        );
    }
    let twice = stage.with(
        "<ram:DuePayableAmount>2128.80</ram:DuePayableAmount>",
        "<ram:DuePayableAmount>2128.80</ram:DuePayableAmount><ram:DuePayableAmount>1.00</ram:DuePayableAmount>",
    )?;
    ensure!(has(&stage.check(&twice).await?, "CII-SR-487"));
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_cii_has_no_invoice() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    for file in ["", "<Invoice/>", "<!DOCTYPE a><a/>", "{}"] {
        let refused = stage
            .client
            .query_one("SELECT chorus.parse_cii($1::text)", &[&file])
            .await
            .err()
            .and_then(|error| error.as_db_error().cloned())
            .with_context(|| format!("{file} was read"))?;
        ensure!(
            refused.detail().is_some() && refused.hint().is_some(),
            "{refused:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_long_check_can_be_cancelled() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    stage
        .client
        .batch_execute("SET statement_timeout = '20ms'")
        .await?;
    let file = [
        b"<a>".to_vec(),
        b"<b c=\"d\">e</b>".repeat(1 << 20),
        b"</a>".to_vec(),
    ]
    .concat();
    let stopped = stage
        .client
        .query("SELECT * FROM chorus.check_cii($1::bytea)", &[&file])
        .await
        .err()
        .context("sixteen megabytes were checked in twenty milliseconds")?;
    ensure!(
        stopped.code() == Some(&SqlState::QUERY_CANCELED),
        "{stopped}"
    );
    Ok(())
}

#[tokio::test]
async fn every_rule_can_be_explained() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    let row = stage
        .client
        .query_one(
            "SELECT count(*) FILTER (WHERE rule = explained AND en = said AND fr <> ''),
                    count(*), count(*) FILTER (WHERE rule ~ '^(BR|CII)-')
             FROM chorus.rules() AS rules,
                  LATERAL (SELECT rule AS explained, en AS said FROM chorus.explain(rules.rule)) AS one",
            &[],
        )
        .await?;
    let (right, all, official): (i64, i64, i64) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    ensure!(right == all, "{right} of {all}");
    ensure!(official == 806, "{official} rules of the artefact");
    let unknown = stage
        .client
        .query("SELECT * FROM chorus.explain('BR-999')", &[])
        .await
        .err();
    let unknown = unknown
        .as_ref()
        .and_then(tokio_postgres::Error::as_db_error);
    ensure!(
        unknown.is_some_and(|error| error.hint().is_some()),
        "{unknown:?}"
    );
    Ok(())
}

#[tokio::test]
async fn keys_of_identifiers_are_checked() -> Result<()> {
    let Some(stage) = stage().await? else {
        return Ok(());
    };
    let row = stage
        .client
        .query_one(
            "SELECT chorus.siren_is_valid('732 829 320') AND NOT chorus.siren_is_valid('732829321'),
                    chorus.siret_is_valid('73282932000074') AND chorus.siret_is_valid('35600000010203') AND NOT chorus.siret_is_valid('x'),
                    chorus.vat_id_is_valid('FR44732829320') AND NOT chorus.vat_id_is_valid('FR45732829320'),
                    chorus.iban_is_valid('FR76 3000 6000 0112 3456 7890 189') AND NOT chorus.iban_is_valid('FR7630006000011234567890188'),
                    chorus.siren_is_valid(NULL) IS NULL",
            &[],
        )
        .await?;
    for at in 0..5 {
        ensure!(row.try_get::<_, bool>(at)?, "column {at}");
    }
    Ok(())
}
