//! Canonical JSON and the digest over it (GOBL `c14n`).

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::model::Invoice;

/// The canonical JSON of a value: no white space, members in the order of their keys' code points, no null members,
/// whole numbers plain, other numbers as `d.dE±x`, texts with the fewest escapes.
///
/// ```
/// use einvoice::gobl::canonical;
/// assert_eq!(canonical(&serde_json::json!({"b": 1, "a": [null, 0.5, "é\n"], "c": null})), r#"{"a":[null,5.0E-1,"é\n"],"b":1}"#);
/// ```
#[must_use]
pub fn canonical<T: Serialize>(value: &T) -> String {
    let mut out = String::new();
    // The objects of the model have text keys and finite numbers: they always become a `Value`.
    write(&serde_json::to_value(value).unwrap_or_default(), &mut out);
    out
}

/// SHA-256 of the invoice's canonical JSON, in hexadecimal: what `head.dig.val` of an envelope says.
#[must_use]
pub fn digest(invoice: &Invoice<'_>) -> String {
    let hash = Sha256::digest(canonical(invoice).as_bytes());
    hash.iter()
        .fold(String::with_capacity(64), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => self::number(number, out),
        Value::String(text) => self::text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .collect();
            // UTF-8 sorts as its code points do.
            members.sort_unstable_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (at, (key, value)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                self::text(key, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

fn number(number: &serde_json::Number, out: &mut String) {
    let whole = number.is_i64() || number.is_u64();
    let written = match number.as_f64() {
        Some(float) if !whole => scientific(float),
        _ => number.to_string(),
    };
    out.push_str(&written);
}

/// `1.5E1`: one digit before the point, at least one after it.
fn scientific(float: f64) -> String {
    let text = format!("{float:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

fn text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_and_nulls_left_out_of_objects_only() {
        assert_eq!(
            canonical(&json!({"b": null, "é": 1, "z": [null], "a": {}})),
            r#"{"a":{},"z":[null],"é":1}"#
        );
    }

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(
            canonical(&json!([0, -7, 18_446_744_073_709_551_615_u64])),
            "[0,-7,18446744073709551615]"
        );
        assert_eq!(
            canonical(&json!([48.85, 0.001, -150.5, 1e22])),
            "[4.885E1,1.0E-3,-1.505E2,1.0E22]"
        );
    }

    #[test]
    fn texts_are_escaped_no_more_than_needed() {
        assert_eq!(
            canonical(&json!("a\"\\/\u{8}\t\n\u{c}\r\u{1f}<é")),
            r#""a\"\\/\b\t\n\f\r\u001F<é""#
        );
    }
}
