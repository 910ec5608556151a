//! The smallest PDF: one page of text, for `fichierCR`.

/// Characters per line, and lines on the page.
const WIDTH: usize = 95;
const HEIGHT: usize = 50;

/// A page of those lines, long ones broken, in Helvetica. Letters beyond ASCII become `?`.
pub(crate) fn page(lines: &[String]) -> Vec<u8> {
    let mut text = String::from("BT /F1 10 Tf 14 TL 50 790 Td\n");
    for line in lines.iter().flat_map(|line| broken(line)).take(HEIGHT) {
        text.push_str(&format!("({}) Tj T*\n", escaped(&line)));
    }
    text.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = String::from("0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        offsets.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = file.len();
    let size = objects.len() + 1;
    file.push_str(&format!(
        "xref\n0 {size}\n{offsets}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    ));
    file.into_bytes()
}

fn broken(line: &str) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    letters
        .chunks(WIDTH)
        .map(|part| part.iter().collect())
        .collect()
}

fn escaped(line: &str) -> String {
    let mut escaped = String::new();
    for letter in line.chars() {
        match letter {
            '(' | ')' | '\\' => escaped.extend(['\\', letter]),
            ' '..='~' => escaped.push(letter),
            _ => escaped.push('?'),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_points_at_the_objects() {
        let file = String::from_utf8(page(&["a (b) \\ é".into(), "x".repeat(200)])).unwrap();
        assert!(file.starts_with("%PDF-1.4\n") && file.ends_with("%%EOF\n"));
        assert!(file.contains("(a \\(b\\) \\\\ ?) Tj"));
        let table: usize = file.rsplit('\n').nth(2).unwrap().parse().unwrap();
        assert!(file[table..].starts_with("xref"));
        for (number, entry) in (1..=5).zip(file[table..].lines().skip(3)) {
            let offset: usize = entry[..10].parse().unwrap();
            assert!(file[offset..].starts_with(&format!("{number} 0 obj")));
        }
    }
}
