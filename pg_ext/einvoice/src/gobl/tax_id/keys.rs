//! The keys of VAT numbers, country by country, as the tax authorities publish them.

use super::arithmetic::{digits, is_keyed, is_letter, iso_7064, key, luhn, number, sum};

pub(super) fn austria(code: &str) -> bool {
    code.strip_prefix('U')
        .and_then(digits::<8>)
        .is_some_and(|all| {
            key(&all).is_some_and(|(last, rest)| {
                let sum: u32 = rest
                    .iter()
                    .zip([1, 2].into_iter().cycle())
                    .map(|(digit, weight)| digit * weight / 10 + digit * weight % 10)
                    .sum();
                (96 - sum) % 10 == last
            })
        })
}

pub(super) fn belgium(code: &str) -> bool {
    digits::<10>(code).is_some_and(|all| {
        let (front, back) = all.split_at(8);
        matches!(all, [0 | 1, ..]) && 97 - number(front) % 97 == number(back)
    })
}

pub(super) fn bulgaria(code: &str) -> bool {
    let company = digits::<9>(code).is_some_and(|all| {
        key(&all).is_some_and(|(last, rest)| {
            let first = sum(rest, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
            let found = if first == 10 {
                sum(rest, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10
            } else {
                first
            };
            found == last
        })
    });
    company
        || is_keyed::<10>(code, &[2, 4, 8, 5, 10, 9, 7, 3, 6], |sum| sum % 11 % 10)
        || is_keyed::<10>(code, &[21, 19, 17, 13, 11, 9, 7, 3, 1], |sum| sum % 10)
        || is_keyed::<10>(code, &[4, 3, 2, 7, 6, 5, 4, 3, 2], |sum| {
            (11 - sum % 11) % 11
        })
}

pub(super) fn switzerland(code: &str) -> bool {
    code.strip_prefix('E').is_some_and(|rest| {
        is_keyed::<9>(rest, &[5, 4, 3, 2, 7, 6, 5, 4], |sum| (11 - sum % 11) % 11)
    })
}

pub(super) fn cyprus(code: &str) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let Some((front, letter)) = code.split_at_checked(8) else {
        return false;
    };
    digits::<8>(front).is_some_and(|all| {
        let sum: u32 = all
            .iter()
            .zip([true, false].into_iter().cycle())
            .map(|(digit, is_odd)| match usize::try_from(*digit) {
                Ok(at) if is_odd => ODD.get(at).copied().unwrap_or_default(),
                _ => *digit,
            })
            .sum();
        !front.starts_with("12") && is_letter(letter, b'A', sum % 26)
    })
}

pub(super) fn czechia(code: &str) -> bool {
    let company = is_keyed::<8>(code, &[8, 7, 6, 5, 4, 3, 2], |sum| (11 - sum % 11) % 10);
    let person = digits::<10>(code).is_some_and(|all| {
        let (front, back) = all.split_at(9);
        let rest = number(front) % 11 % 10;
        number(back) == rest
    });
    // Persons born before 1954, and those without a number of birth, have nine digits without a general key.
    company || person || digits::<9>(code).is_some()
}

pub(super) fn germany(code: &str) -> bool {
    digits::<9>(code).is_some_and(|all| iso_7064(&all))
}

pub(super) fn denmark(code: &str) -> bool {
    digits::<8>(code).is_some_and(|all| sum(&all, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))
}

pub(super) fn estonia(code: &str) -> bool {
    digits::<9>(code).is_some_and(|all| sum(&all, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10))
}

pub(super) fn greece(code: &str) -> bool {
    is_keyed::<9>(code, &[256, 128, 64, 32, 16, 8, 4, 2], |sum| sum % 11 % 10)
}

/// Persons (DNI), foreigners (NIE: X, Y, Z), persons with a number of their own kind (K, L, M) and organisations.
pub(super) fn spain(code: &str) -> bool {
    let Some((front, last)) = code.split_at_checked(8) else {
        return false;
    };
    let is_person = |digits: &[u32]| {
        let at = number(digits) % 23;
        usize::try_from(at)
            .ok()
            .and_then(|at| "TRWAGMYFPDXBNJZSQVHLCKE".get(at..=at))
            .is_some_and(|letter| letter == last)
    };
    if let Some(all) = digits::<8>(front) {
        return is_person(&all);
    }
    let Some((first, rest)) = front.split_at_checked(1) else {
        return false;
    };
    let Some(rest) = digits::<7>(rest) else {
        return false;
    };
    let is_organisation = || {
        let sum: u32 = rest
            .iter()
            .zip([2, 1].into_iter().cycle())
            .map(|(digit, weight)| digit * weight / 10 + digit * weight % 10)
            .sum();
        let key = (10 - sum % 10) % 10;
        last == key.to_string() || is_letter(last, if key == 0 { b'J' } else { b'@' }, key)
    };
    match first {
        "X" => is_person(&rest),
        "Y" => is_person(&prefixed(1, &rest)),
        "Z" => is_person(&prefixed(2, &rest)),
        "K" | "L" | "M" => is_person(&rest) || is_organisation(),
        _ => "ABCDEFGHJNPQRSUVW".contains(first) && is_organisation(),
    }
}

fn prefixed(first: u32, rest: &[u32]) -> Vec<u32> {
    [&[first], rest].concat()
}

pub(super) fn finland(code: &str) -> bool {
    is_keyed::<8>(code, &[7, 9, 10, 5, 8, 4, 2], |sum| (11 - sum % 11) % 11)
}

pub(super) fn croatia(code: &str) -> bool {
    digits::<11>(code).is_some_and(|all| iso_7064(&all))
}

pub(super) fn hungary(code: &str) -> bool {
    digits::<8>(code).is_some_and(|all| sum(&all, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10))
}

/// The second letter, where there is one, takes part in the key; numbers of before 2013 may have a letter in second place.
pub(super) fn ireland(code: &str) -> bool {
    let value = |letter: char| {
        "WABCDEFGHIJKLMNOPQRSTUV"
            .find(letter)
            .and_then(|at| u32::try_from(at).ok())
    };
    let Some((front, letters)) = code.split_at_checked(7) else {
        return false;
    };
    let mut letters = letters.chars();
    let (Some(letter), second, None) = (letters.next(), letters.next(), letters.next()) else {
        return false;
    };
    let extra = match second {
        None => 0,
        Some(second) => match value(second) {
            Some(value) => value * 9,
            None => return false,
        },
    };
    let is_old = front.chars().nth(1).is_some_and(|c| c.is_ascii_uppercase());
    let all = if is_old {
        // The first digit stands last, and the letter counts for nothing.
        let (Some(first), Some(middle)) = (front.get(..1), front.get(2..)) else {
            return false;
        };
        digits::<7>(&format!("0{middle}{first}"))
    } else {
        digits::<7>(front)
    };
    all.is_some_and(|all| value(letter) == Some((sum(&all, &[8, 7, 6, 5, 4, 3, 2]) + extra) % 23))
}

pub(super) fn italy(code: &str) -> bool {
    digits::<11>(code).is_some_and(|all| luhn(&all) && all.iter().any(|digit| *digit != 0))
}

pub(super) fn lithuania(code: &str) -> bool {
    let is_one = |all: &[u32], first: &[u32], second: &[u32]| {
        key(all).is_some_and(|(last, rest)| {
            let once = sum(rest, first) % 11;
            let found = if once == 10 {
                sum(rest, second) % 11 % 10
            } else {
                once
            };
            found == last && rest.last() == Some(&1)
        })
    };
    digits::<9>(code)
        .is_some_and(|all| is_one(&all, &[1, 2, 3, 4, 5, 6, 7, 8], &[3, 4, 5, 6, 7, 8, 9, 1]))
        || digits::<12>(code).is_some_and(|all| {
            is_one(
                &all,
                &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2],
                &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4],
            )
        })
}

pub(super) fn luxembourg(code: &str) -> bool {
    digits::<8>(code).is_some_and(|all| {
        let (front, back) = all.split_at(6);
        number(front) % 89 == number(back)
    })
}

/// Companies begin with 4 or more and have a key; persons have none that holds for all.
pub(super) fn latvia(code: &str) -> bool {
    digits::<11>(code).is_some_and(|all| {
        matches!(all, [0..=3, ..]) || sum(&all, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3
    })
}

pub(super) fn malta(code: &str) -> bool {
    digits::<8>(code).is_some_and(|all| sum(&all, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37))
}

/// Numbers of before 2020 have a key of eleven, later ones ISO 7064 MOD 97,10 over the whole, country included.
pub(super) fn netherlands(code: &str) -> bool {
    let Some((front, back)) = code.split_once('B') else {
        return false;
    };
    let (Some(front), Some(back)) = (digits::<9>(front), digits::<2>(back)) else {
        return false;
    };
    let is_old =
        key(&front).is_some_and(|(last, rest)| sum(rest, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == last);
    // N is 23, L 21 and B 11.
    let whole = [&[2, 3, 2, 1], front.as_slice(), &[1, 1], &back].concat();
    is_old || whole.iter().fold(0, |rest, digit| (rest * 10 + digit) % 97) == 1
}

pub(super) fn norway(code: &str) -> bool {
    code.strip_suffix("MVA").is_some_and(|rest| {
        is_keyed::<9>(rest, &[3, 2, 7, 6, 5, 4, 3, 2], |sum| (11 - sum % 11) % 11)
    })
}

pub(super) fn poland(code: &str) -> bool {
    is_keyed::<10>(code, &[6, 5, 7, 2, 3, 4, 5, 6, 7], |sum| sum % 11)
}

pub(super) fn portugal(code: &str) -> bool {
    is_keyed::<9>(code, &[9, 8, 7, 6, 5, 4, 3, 2], |sum| {
        (11 - sum % 11) % 11 % 10
    })
}

pub(super) fn romania(code: &str) -> bool {
    matches!(code.len(), 2..=10)
        && is_keyed::<10>(
            &format!("{code:0>10}"),
            &[7, 5, 3, 2, 1, 7, 5, 3, 2],
            |sum| sum * 10 % 11 % 10,
        )
}

pub(super) fn sweden(code: &str) -> bool {
    code.len() == 12
        && code
            .get(..10)
            .and_then(digits::<10>)
            .is_some_and(|all| luhn(&all))
        && code.get(10..).and_then(digits::<2>).is_some()
}

pub(super) fn slovenia(code: &str) -> bool {
    let of_sum = |sum| match 11 - sum % 11 {
        10 => 0,
        key => key,
    };
    digits::<8>(code).is_some_and(|all| !matches!(all, [0, ..]))
        && is_keyed::<8>(code, &[8, 7, 6, 5, 4, 3, 2], of_sum)
}

pub(super) fn slovakia(code: &str) -> bool {
    digits::<10>(code).is_some()
        && code
            .parse::<u64>()
            .is_ok_and(|number| number.is_multiple_of(11))
}

/// Traders, branches (three digits more), government departments (GD) and health authorities (HA).
pub(super) fn united_kingdom(code: &str) -> bool {
    let of_state = |prefix: &str| {
        code.strip_prefix(prefix)
            .is_some_and(|rest| digits::<3>(rest).is_some())
    };
    if of_state("GD") || of_state("HA") {
        return true;
    }
    let is_long_enough = digits::<9>(code).is_some() || digits::<12>(code).is_some();
    let Some(all) = code
        .get(..9)
        .and_then(digits::<9>)
        .filter(|_| is_long_enough)
    else {
        return false;
    };
    let (front, back) = all.split_at(7);
    let total = sum(front, &[8, 7, 6, 5, 4, 3, 2]) + number(back);
    total > 0 && (total.is_multiple_of(97) || (total + 55).is_multiple_of(97))
}
