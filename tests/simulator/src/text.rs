//! Text as the flux report writes it: several messages in one string, no accents, bounded.

/// Length at which Chorus Pro cuts `libelleErreurDP`, in characters.
const REPORT_LIMIT: usize = 255;

/// Joins messages with `|`, strips accents and cuts the result.
pub(crate) fn report(messages: &[String]) -> String {
    messages
        .join("|")
        .chars()
        .flat_map(without_accent)
        .take(REPORT_LIMIT)
        .collect()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn without_accent(letter: char) -> impl Iterator<Item = char> {
    let plain = match letter {
        'à' | 'â' | 'ä' | 'á' => "a",
        'ç' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'î' | 'ï' | 'í' => "i",
        'ô' | 'ö' | 'ó' => "o",
        'ù' | 'û' | 'ü' | 'ú' => "u",
        'ÿ' => "y",
        'œ' => "oe",
        'æ' => "ae",
        'À' | 'Â' | 'Ä' => "A",
        'Ç' => "C",
        'É' | 'È' | 'Ê' | 'Ë' => "E",
        'Î' | 'Ï' => "I",
        'Ô' | 'Ö' => "O",
        'Ù' | 'Û' | 'Ü' => "U",
        'Œ' => "OE",
        '’' => "'",
        _ => "",
    };
    let kept = plain.is_empty().then_some(letter);
    plain.chars().chain(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_joined_stripped_and_cut() {
        assert_eq!(
            report(&["L'élément est où ?".into(), "Cœur".into()]),
            "L'element est ou ?|Coeur"
        );
        assert_eq!(report(&["é".repeat(300)]).chars().count(), 255);
    }
}
