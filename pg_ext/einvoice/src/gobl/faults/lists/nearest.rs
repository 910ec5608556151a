//! Which code a wrong one was meant to be.

/// How many characters must change to make one text of the other, case aside.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut costs: Vec<usize> = (0..=b.len()).collect();
    // What exceeds the longest code by far resembles none.
    for (row, x) in a.chars().take(64).enumerate() {
        let mut diagonal = row;
        let mut left = row + 1;
        for (cost, y) in costs.iter_mut().skip(1).zip(&b) {
            let above = *cost;
            let change = usize::from(!x.eq_ignore_ascii_case(y));
            left = (left + 1).min(above + 1).min(diagonal + change);
            diagonal = above;
            *cost = left;
        }
        if let Some(first) = costs.first_mut() {
            *first = row + 1;
        }
    }
    costs.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_changes() {
        for (a, b, wanted) in [
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("VATEX-FOO", "vatex-eu-o", 3),
            ("a", "a", 0),
        ] {
            assert_eq!(distance(a, b), wanted, "{a} {b}");
        }
    }
}
