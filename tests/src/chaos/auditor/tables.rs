//! Deposits and invoices as the tables have them.

use std::collections::HashMap;

use anyhow::Result;
use tokio_postgres::Client;
use uuid::Uuid;

// Amounts travel as text, digit by digit.
const DEPOSITS: &str = "
SELECT invoice_id, state, file_name, sha256, encode(sha256(content), 'hex'), flux_number,
    total_without_tax::text, total_tax::text, total_with_tax::text, amount_due::text
FROM chorus.deposit";

const INVOICES: &str = "
SELECT i.id, i.number, s.identifier, i.state, i.status, i.chorus_id, i.amount_due::text
FROM chorus.invoice i LEFT JOIN chorus.supplier s ON s.id = i.supplier_id";

/// A row of `chorus.deposit`.
#[derive(Debug)]
pub struct Deposit {
    /// Its invoice.
    pub invoice: Uuid,
    /// Its state.
    pub state: String,
    /// SHA-256 as it was stored.
    pub sha256: String,
    /// SHA-256 of the bytes as they are.
    pub content_sha256: String,
    /// `numeroFluxDepot`.
    pub flux_number: Option<String>,
    /// Without tax, tax, with tax, due.
    pub totals: [Option<String>; 4],
}

/// A row of `chorus.invoice`.
#[derive(Debug)]
pub struct Invoice {
    /// BT-1.
    pub number: String,
    /// Identifier of its supplier.
    pub supplier: String,
    /// Its state.
    pub state: String,
    /// Chorus Pro's status.
    pub status: Option<String>,
    /// Chorus Pro's id.
    pub chorus_id: Option<i64>,
    /// BT-115.
    pub amount_due: Option<String>,
}

/// Both tables, at one moment.
#[derive(Debug)]
pub struct Tables {
    /// Deposits by file name.
    pub deposits: HashMap<String, Deposit>,
    /// Invoices by id.
    pub invoices: HashMap<Uuid, Invoice>,
}

impl Tables {
    /// Reads them.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(client: &Client) -> Result<Self> {
        let mut deposits = HashMap::new();
        for row in client.query(DEPOSITS, &[]).await? {
            let deposit = Deposit {
                invoice: row.get(0),
                state: row.get(1),
                sha256: row.get(3),
                content_sha256: row.get(4),
                flux_number: row.get(5),
                totals: [row.get(6), row.get(7), row.get(8), row.get(9)],
            };
            deposits.insert(row.get(2), deposit);
        }
        let mut invoices = HashMap::new();
        for row in client.query(INVOICES, &[]).await? {
            let text = |place| row.get::<_, Option<String>>(place).unwrap_or_default();
            let invoice = Invoice {
                number: text(1),
                supplier: text(2),
                state: row.get(3),
                status: row.get(4),
                chorus_id: row.get(5),
                amount_due: row.get(6),
            };
            invoices.insert(row.get(0), invoice);
        }
        Ok(Self { deposits, invoices })
    }
}
